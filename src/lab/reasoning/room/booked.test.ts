import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../network/time/virtual-clock'
import { createEngine } from '../../../training/engine'
import type { PassRequest, SessionRequest } from '../../../training/session'
import { openOn, randomModelDirectory } from '../../../training/testing'
import { booked } from './booked'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const whole = { layers: { from: 0, to: 2 }, reads: 'ids', gives: 'logits' } as const
const back = { layers: { from: 0, to: 2 }, reads: 'hidden', gives: 'hidden' } as const
const wanted = { kind: 'masses', top: 2 } as const
/** Two layers of 6 ms: a first row takes 12 ms, a further one 3. */
const millisecondsPerLayer = 6

/** What passes that are asked for at once, or later, say they took, and at which moment each was there. */
async function timesOf(how: SessionRequest, asked: readonly (Partial<PassRequest> & { atMs?: number })[]) {
  const compute = createEngine({ load: () => openOn('wasm', randomModelDirectory) })
  await compute.open({ model: 'tiny', backend: 'wasm', adapter, seed: 1 })
  const clock = virtualClock()
  const sessions = booked(compute.sessions, clock, { millisecondsPerLayer }, 16)
  const opened: number[] = []
  for (const { session } of asked) opened.push(session ?? (await sessions.openSession(how)))
  const beganAtMs = clock.now()
  const passing = asked.map(async ({ atMs = 0, ...request }, n) => {
    if (atMs > 0) await new Promise<void>((resolve) => void clock.after(atMs, resolve))
    const input = request.input ?? [1]
    const passed = await sessions.pass({ session: opened[n], at: 0, rows: 'last', wanted, ...request, input })
    return { took: passed.milliseconds, doneAt: clock.now() - beganAtMs }
  })
  await clock.run()
  return Promise.all(passing)
}
const five = { input: [1, 2, 3, 4, 5] }

describe('the virtual time of a tab’s machine', () => {
  it('is that of one pass after the other, where sessions share nothing', async () => {
    const times = await timesOf({ adapter: null, stretch: whole }, [five, five, five, five])
    expect(times.map(({ took }) => took)).toEqual([24, 24, 24, 24])
    expect(times.map(({ doneAt }) => doneAt)).toEqual([24, 48, 72, 96])
  })

  it('is a first row’s and a quarter for each further one, where four users’ rows are one pass', async () => {
    const times = await timesOf({ adapter: null, stretch: whole, shared: true }, [five, five, five, five])
    expect(times).toEqual(Array(4).fill({ took: 69, doneAt: 69 })) // 12 + 19 x 3
  })

  it('takes what comes during a pass into the next', async () => {
    const late = { ...five, atMs: 10 }
    const times = await timesOf({ adapter: null, stretch: whole, shared: true }, [five, late, late])
    expect(times.map(({ took }) => took)).toEqual([24, 39, 39])
    expect(times.map(({ doneAt }) => doneAt)).toEqual([24, 63, 63])
  })

  it('lets a short text go before the rest of long ones', async () => {
    const long = { input: Array<number>(31).fill(1) }
    const times = await timesOf({ adapter: null, stretch: whole, shared: true }, [
      long,
      long,
      { input: [1, 2] },
      long,
    ])
    const first = 12 + 63 * 3
    const second = 12 + (3 * 31 + 2 - 64 - 1) * 3
    expect(times[2]).toEqual({ took: first, doneAt: first })
    expect(times[0]).toEqual({ took: first + second, doneAt: first + second })
  })

  it('is a sixth for rows that skip their layers', async () => {
    const rows = { input: new Float32Array(16 * 5), wanted: { kind: 'filled' } } as const
    const [{ took }] = await timesOf({ adapter: null, stretch: back }, [rows])
    expect(took).toBe(24 / 6)
    const together = await timesOf({ adapter: null, stretch: back, shared: true }, [rows, rows])
    expect(together.map(({ doneAt }) => doneAt)).toEqual([39 / 6, 39 / 6])
  })

  it('is not spent on a session that was closed while it waited', async () => {
    const compute = createEngine({ load: () => openOn('wasm', randomModelDirectory) })
    await compute.open({ model: 'tiny', backend: 'wasm', adapter, seed: 1 })
    const clock = virtualClock()
    const sessions = booked(compute.sessions, clock, { millisecondsPerLayer }, 16)
    const [one, other, third] = [
      await sessions.openSession({ adapter: null, stretch: whole }),
      await sessions.openSession({ adapter: null, stretch: whole }),
      await sessions.openSession({ adapter: null, stretch: whole }),
    ]
    const pass = (session: number) => sessions.pass({ session, at: 0, rows: 'last', wanted, ...five })
    const passing = [one, other, third].map(pass)
    clock.after(10, () => void sessions.closeSession(other))
    const settled = Promise.allSettled(passing)
    await clock.run()
    expect((await settled)[1]).toMatchObject({ reason: { name: 'SessionOver' } })
    expect(clock.now()).toBe(48)
  })
})
