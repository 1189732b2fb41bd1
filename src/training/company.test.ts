import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MachineLost } from '../kernels/machines/machine'
import type { LanguageModel } from '../model/languageModel'
import { Pool } from '../model/pool'
import type { Choice } from '../model/sampling'
import { sharesOf } from './company'
import type { Compute } from './compute'
import { createEngine } from './engine'
import { choicesOf, hiddenOf, type PassRequest, type SessionRequest, type Sessions } from './session'
import { openOn, randomModelDirectory } from './testing'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const request = { model: 'tiny', backend: 'wasm', adapter, seed: 1 } as const
const whole = { layers: { from: 0, to: 2 }, reads: 'ids', gives: 'logits' } as const
const draw = { temperature: 0.9, seed: 4, position: 3 }
const wanted = { kind: 'choices', draw } as const
const shared: SessionRequest = { adapter: null, stretch: whole, shared: true }
const alone: SessionRequest = { adapter: null, stretch: whole }

async function engine(
  load: () => Promise<LanguageModel> = () => openOn('wasm', randomModelDirectory),
): Promise<Compute> {
  const compute = createEngine({ load })
  await compute.open(request)
  return compute
}

/** Rows of each text in each pass so far, in the order of the passes. */
const passesSeen = () => {
  const read = vi.spyOn(Pool.prototype, 'read')
  const fill = vi.spyOn(Pool.prototype, 'fill')
  const rows = ({ mock }: typeof read | typeof fill) =>
    mock.calls.map(([writings]) => writings.map(({ input }) => input.length))
  return { read: () => rows(read), fill: () => rows(fill) }
}
afterEach(() => void vi.restoreAllMocks())

const texts = [[1, 30, 7, 44, 9], [12, 60, 3, 3], [21], [17, 50, 2, 38, 5, 5]]
const openAll = async (sessions: Sessions, how: SessionRequest, count = texts.length) => {
  const opened: number[] = []
  for (let nth = 0; nth < count; nth++) opened.push(await sessions.openSession(how))
  return opened
}
const question = (session: number, input: PassRequest['input'], at = 0): PassRequest => ({
  session,
  at,
  input,
  rows: 'each',
  wanted,
})

describe('shared sessions', () => {
  it('O21 say together what each says alone, token by token, in one pass a token', async () => {
    const { sessions } = await engine()
    const say = async (how: SessionRequest) => {
      const opened = await openAll(sessions, how)
      const said: (readonly Choice[])[][] = []
      let next: (readonly number[])[] = texts
      const at = opened.map(() => 0)
      for (let token = 0; token < 5; token++) {
        const passed = await Promise.all(
          opened.map((session, n) => sessions.pass(question(session, next[n], at[n]))),
        )
        said.push(passed.map(choicesOf))
        for (const [n, input] of next.entries()) at[n] += input.length
        next = passed.map((one) => [choicesOf(one).at(-1)!.id])
      }
      for (const session of opened) await sessions.closeSession(session)
      return said
    }
    const expected = await say(alone)
    const seen = passesSeen()
    const together = await say(shared)
    expect(together.flat(2).map(({ id }) => id)).toEqual(expected.flat(2).map(({ id }) => id))
    // Alone a token is chosen by the machine, whose lead is a float.
    for (const [nth, { gap }] of together.flat(2).entries())
      expect(gap).toBeCloseTo(expected.flat(2)[nth].gap, 4)
    expect(seen.read()).toEqual([[5, 4, 1, 6], ...Array(4).fill([1, 1, 1, 1])])
  })

  it('take into a pass what lay in the queue of messages, and what comes meanwhile into the next', async () => {
    const { sessions } = await engine()
    const opened = await openAll(sessions, shared)
    const seen = passesSeen()
    const late: Promise<unknown>[] = []
    setImmediate(() => late.push(sessions.pass(question(opened[1], [2]))))
    const first = sessions.pass(question(opened[0], [1]))
    await first.then(() =>
      late.push(sessions.pass(question(opened[2], [3])), sessions.pass(question(opened[3], [4]))),
    )
    await Promise.all(late)
    expect(seen.read()).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('share the rows of a pass: short texts are done at once, a long one goes on in chunks, and all are right', async () => {
    const { sessions } = await engine()
    const long = (seed: number) => Array.from({ length: 30 }, (_, place) => (7 * place + seed) % 64)
    const inputs = [long(1), long(2), [5, 6, 7], long(3)]
    const say = async (how: SessionRequest) => {
      const opened = await openAll(sessions, how)
      return Promise.all(
        opened.map((session, n) => sessions.pass(question(session, inputs[n])).then(choicesOf)),
      )
    }
    const expected = await say(alone)
    const seen = passesSeen()
    expect(await say(shared)).toEqual(expected)
    expect(seen.read()).toEqual([
      [20, 20, 3, 21],
      [10, 10, 9],
    ])
  })

  it('of another adapter or stretch, and those that share nothing, go by themselves', async () => {
    const compute = await engine()
    const { initialAdapter } = await compute.open(request)
    const { sessions } = compute
    const front = { layers: { from: 0, to: 1 }, reads: 'ids', gives: 'logits' } as const
    const opened: number[] = []
    for (const how of [
      shared,
      { ...shared, adapter: initialAdapter },
      { ...shared, stretch: front },
      alone,
      alone,
    ])
      opened.push(await sessions.openSession(how))
    const seen = passesSeen()
    await Promise.all(opened.map((session) => sessions.pass(question(session, [1, 2]))))
    expect(seen.read()).toEqual(Array(5).fill([2]))
    const again = await sessions.openSession({ ...shared, adapter: initialAdapter.slice() })
    await Promise.all([opened[1], again].map((session) => sessions.pass(question(session, [3]))))
    expect(seen.read().at(-1)).toEqual([1, 1])
  })

  it('refuse one what it cannot have, and the others go on beside it', async () => {
    const { sessions } = await engine()
    const opened = await openAll(sessions, shared)
    const [fine, tooFar, tooLong, empty] = await Promise.allSettled([
      sessions.pass(question(opened[0], [1])),
      sessions.pass(question(opened[1], [1], 4)),
      sessions.pass(question(opened[2], Array(33).fill(1))),
      sessions.pass(question(opened[3], [])),
    ])
    expect(fine.status).toBe('fulfilled')
    expect(tooFar).toMatchObject({ reason: { message: 'Cannot trim 0 positions to 4.' } })
    expect(tooLong).toMatchObject({ reason: { message: /32 positions cannot read 33/ } })
    expect(empty).toMatchObject({ value: { kind: 'choices', choices: [] } })
    expect((await sessions.pass(question(opened[1], [1]))).kind).toBe('choices')
  })

  it('that are closed in mid-pass are over at once; their place is another’s, who gets what it would alone', async () => {
    const { sessions } = await engine()
    const [stays, goes] = await openAll(sessions, shared, 2)
    const inputs = [texts[0], Array<number>(30).fill(3)]
    const passing = [sessions.pass(question(stays, inputs[0])), sessions.pass(question(goes, inputs[1]))]
    const original = Pool.prototype.read
    let coming: Promise<number> | null = null
    vi.spyOn(Pool.prototype, 'read').mockImplementationOnce(function (this: Pool, readings) {
      void sessions.closeSession(goes) // before its rows are computed, and after it was taken into the pass
      coming = sessions.openSession(shared)
      return original.call(this, readings)
    })
    await expect(passing[1]).rejects.toMatchObject({ name: 'SessionOver' })
    const single = await sessions.openSession(alone)
    expect(choicesOf(await passing[0])).toEqual(choicesOf(await sessions.pass(question(single, inputs[0]))))
    const other = await sessions.openSession(alone)
    const newcomer = choicesOf(await sessions.pass(question((await coming)!, texts[3])))
    expect(newcomer).toEqual(choicesOf(await sessions.pass(question(other, texts[3]))))
    await expect(sessions.pass(question(goes, [1]))).rejects.toThrow(/is over/)
  })

  it('give back what they held when the last is closed, also in mid-pass', async () => {
    const model = await openOn('wasm', randomModelDirectory)
    const { sessions } = await engine(async () => model)
    const before = model.machine.bytesHeld()
    const opened = await openAll(sessions, shared)
    const passing = opened.map((session) => sessions.pass(question(session, [1, 2])))
    for (const session of opened) await sessions.closeSession(session)
    for (const { status } of await Promise.allSettled(passing)) expect(status).toBe('rejected')
    await vi.waitFor(() => expect(model.machine.bytesHeld()).toBe(before))
  })

  it('are all over when the machine is lost, which is asked for again, and begin anew on the next', async () => {
    let loads = 0
    const { sessions } = await engine(() => {
      loads++
      return openOn('wasm', randomModelDirectory)
    })
    const opened = await openAll(sessions, shared)
    vi.spyOn(Pool.prototype, 'read').mockRejectedValueOnce(new MachineLost('The GPU was taken away.'))
    const passing = opened.slice(0, 3).map((session) => sessions.pass(question(session, [1])))
    for (const settled of await Promise.allSettled(passing))
      expect(settled).toMatchObject({ reason: { name: 'SessionOver', message: /lost its machine/ } })
    expect(loads).toBe(2)
    const seen = passesSeen()
    const before = seen.read().length
    const anew = await openAll(sessions, shared, 2)
    await Promise.all(anew.map((session) => sessions.pass(question(session, [1]))))
    expect(seen.read().slice(before)).toEqual([[1, 1]])
  })
})

describe('filling', () => {
  const back = { layers: { from: 1, to: 2 }, reads: 'hidden', gives: 'hidden' } as const
  const rows = (count: number, seed: number) =>
    Float32Array.from({ length: 16 * count }, (_, place) => Math.sin(seed + place))
  const fills = (session: number, input: Float32Array, at: number): PassRequest => ({
    session,
    at,
    input,
    rows: 'last',
    wanted: { kind: 'filled' },
  })

  it.each([false, true])('keeps in a layer what reading keeps there, shared: %s', async (isShared) => {
    const { sessions } = await engine()
    const how = { adapter: null, stretch: back, shared: isShared }
    const [filled, read, other] = await openAll(sessions, how, 3)
    const hidden = { rows: 'each', wanted: { kind: 'hidden' } } as const
    const seen = passesSeen()
    const [passed] = await Promise.all([
      sessions.pass(fills(filled, rows(3, 1), 0)),
      sessions.pass(fills(other, rows(2, 9), 0)),
    ])
    expect(passed).toEqual({ kind: 'filled', milliseconds: expect.any(Number) })
    expect(seen.fill()).toEqual(isShared ? [[48, 32]] : [[48], [32]])
    await sessions.pass({ ...hidden, session: read, at: 0, input: rows(3, 1) })
    // Going back into what was filled, and on from there.
    const [one, two] = await Promise.all(
      [filled, read].map((session) => sessions.pass({ ...hidden, session, at: 2, input: rows(4, 5) })),
    )
    expect(hiddenOf(one)).toEqual(hiddenOf(two))
  })

  it('of many rows goes in chunks, and beside reading in passes of its own', async () => {
    const { sessions } = await engine()
    const [one, other] = await openAll(sessions, { adapter: null, stretch: back, shared: true }, 2)
    const seen = passesSeen()
    await Promise.all([
      sessions.pass(fills(one, rows(30, 1), 0)),
      sessions.pass({ session: other, at: 0, input: rows(2, 1), rows: 'last', wanted: { kind: 'hidden' } }),
    ])
    expect([seen.fill(), seen.read()]).toEqual([[[480]], [[32]]])
  })

  it('is refused where tokens are read', async () => {
    const { sessions } = await engine()
    const session = await sessions.openSession(alone)
    await expect(sessions.pass(fills(session, rows(1, 1), 0))).rejects.toThrow(/Only one that reads rows/)
  })
})

it('rows of a pass are shared out: none too many, none left over, least first, and everybody goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 80 }), (waiting) => {
      const shares = sharesOf(waiting, 64)
      const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)
      expect(sum(shares)).toBe(Math.min(64, sum(waiting.slice(0, 64))))
      for (const [place, share] of shares.entries()) {
        expect(share).toBeLessThanOrEqual(waiting[place])
        if (place < 64) expect(share).toBeGreaterThan(0)
        // Whoever does not get all gets no less than anybody, but for what does not divide.
        if (place < 64 && share < waiting[place])
          expect(share).toBeGreaterThanOrEqual(Math.max(...shares) - 1)
      }
    }),
    { seed: 21 },
  )
})
