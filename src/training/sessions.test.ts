import { describe, expect, it } from 'vitest'
import { machines } from '../kernels/machines/testing'
import { ln } from '../lib/portable'
import { openDecoder } from '../model/decoder'
import { choose } from '../model/sampling'
import type { Compute, TrainRequest } from './compute'
import { createEngine } from './engine'
import { choicesOf, hiddenOf, massesIn } from './session'
import { openOn, randomModel, randomModelDirectory } from './testing'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const request = { model: 'tiny', backend: 'wasm', adapter, seed: 1 } as const
const whole = { layers: { from: 0, to: 2 }, reads: 'ids', gives: 'logits' } as const
const draw = { temperature: 0.9, seed: 4, position: 3 }
const ids = [1, 30, 7]

async function engine(mostLayers?: number): Promise<Compute> {
  const compute = createEngine({
    load: (_, __, how) => openOn('wasm', randomModelDirectory, how),
  })
  await compute.open({ ...request, mostLayers })
  return compute
}

describe('a session', () => {
  it('chooses where the logits are, and says by how much', async () => {
    const { sessions } = await engine()
    const session = await sessions.openSession({ adapter: null, stretch: whole })
    const chosen = choicesOf(
      await sessions.pass({ session, at: 0, input: ids, rows: 'each', wanted: { kind: 'choices', draw } }),
    )
    const decoder = openDecoder(await randomModel('wasm'), null)
    const logits = await decoder.read(ids, 'each')
    const expected = ids.map((_, row) =>
      choose(logits.subarray(row * 64, (row + 1) * 64), { ...draw, position: draw.position + row }),
    )
    expect(chosen).toEqual(expected)
    expect(chosen[0].gap).toBeGreaterThan(0)
    decoder.dispose()
  })

  it('draws from what several have said together, as whoever asked would', async () => {
    const { sessions } = await engine()
    const law = Float64Array.of(0.1, 0, 0.6, 0.3)
    for (const position of [3, 4, 5, 6])
      expect(await sessions.chooseFrom(law, { ...draw, position })).toEqual(
        choose(law.map(ln), { ...draw, position }),
      )
  })

  it('verifies several tokens at once, forgets what is wrong, and goes on as if it had never been', async () => {
    const { sessions } = await engine()
    const wanted = { kind: 'masses', top: 5 } as const
    const [guessing, sober] = [
      await sessions.openSession({ adapter: null, stretch: whole }),
      await sessions.openSession({ adapter: null, stretch: whole }),
    ]
    await sessions.pass({ session: guessing, at: 0, input: [...ids, 9, 9, 9], rows: 'each', wanted })
    const after = await sessions.pass({ session: guessing, at: 3, input: [12], rows: 'last', wanted })
    const afresh = await sessions.pass({ session: sober, at: 0, input: [...ids, 12], rows: 'last', wanted })
    expect(massesIn(after)).toEqual(massesIn(afresh))
  })

  it('is one of several, and none disturbs another', async () => {
    const { sessions } = await engine()
    const texts = [[1, 2], [40, 41, 42], [7]]
    const wanted = { kind: 'choices', draw } as const
    const say = async (text: number[]) => {
      const session = await sessions.openSession({ adapter: null, stretch: whole })
      const choices = await sessions.pass({ session, at: 0, input: text, rows: 'last', wanted })
      await sessions.closeSession(session)
      return choicesOf(choices)
    }
    const apart = []
    for (const text of texts) apart.push(await say(text))
    expect(await Promise.all(texts.map(say))).toEqual(apart)
  })

  it('passes rows from stretch to stretch as one tab would compute them', async () => {
    const { sessions } = await engine()
    const front = await sessions.openSession({
      adapter: null,
      stretch: { layers: { from: 0, to: 1 }, reads: 'ids', gives: 'hidden' },
    })
    const back = await sessions.openSession({
      adapter: null,
      stretch: { layers: { from: 1, to: 2 }, reads: 'hidden', gives: 'logits' },
    })
    const rows = hiddenOf(
      await sessions.pass({ session: front, at: 0, input: ids, rows: 'each', wanted: { kind: 'hidden' } }),
    )
    const wanted = { kind: 'choices', draw } as const
    const spread = await sessions.pass({ session: back, at: 0, input: rows, rows: 'each', wanted })
    const session = await sessions.openSession({ adapter: null, stretch: whole })
    expect(choicesOf(spread)).toEqual(
      choicesOf(await sessions.pass({ session, at: 0, input: ids, rows: 'each', wanted })),
    )
  })

  it('that is over says so, also to a pass that is under way', async () => {
    const { sessions } = await engine()
    const session = await sessions.openSession({ adapter: null, stretch: whole })
    const wanted = { kind: 'choices', draw } as const
    const passing = sessions.pass({ session, at: 0, input: Array(32).fill(3), rows: 'last', wanted })
    await sessions.closeSession(session)
    await expect(passing).rejects.toMatchObject({ name: 'SessionOver' })
    await expect(sessions.pass({ session, at: 0, input: [1], rows: 'last', wanted })).rejects.toThrow(
      /is over/,
    )
    await sessions.closeSession(session)
  })

  it('is refused where too many are open, and where it asks for what its stretch does not give', async () => {
    const { sessions } = await engine()
    const session = await sessions.openSession({ adapter: null, stretch: whole })
    await expect(
      sessions.pass({ session, at: 0, input: ids, rows: 'each', wanted: { kind: 'hidden' } }),
    ).rejects.toThrow(/gives logits, not hidden/)
    for (let count = 1; count < 32; count++) await sessions.openSession({ adapter: null, stretch: whole })
    await expect(sessions.openSession({ adapter: null, stretch: whole })).rejects.toThrow(/Close some first/)
  })

  it('that is asked for at once with forty others is one of as many as may be open', async () => {
    const { sessions } = await engine()
    const asked = Array.from({ length: 40 }, () => sessions.openSession({ adapter: null, stretch: whole }))
    const opened = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled')
    expect(opened).toHaveLength(32)
  })
})

describe('training', () => {
  const order: Omit<TrainRequest, 'adapter'> = {
    shelf: 'train',
    steps: 400,
    learningRate: 1e-2,
    batch: 2,
    seed: 3,
    continueAs: null,
    slow: 1,
  }

  it.each([false, true])(
    'pauses while a text is being made, shared: %s, and comes to the same end',
    async (shared) => {
      const quiet = await engine()
      const examples = [{ prompt: 'Anna lives in', completion: ' Riga' }]
      await quiet.hold('train', examples)
      const { initialAdapter } = await quiet.open(request)
      await quiet.hold('train', examples)
      const undisturbed = await quiet.train({ ...order, adapter: initialAdapter })

      await quiet.hold('train', examples)
      let steps = 0
      const training = quiet.train({ ...order, adapter: initialAdapter }, ({ step }) => {
        steps = step
      })
      const { sessions } = quiet
      const session = await sessions.openSession({ adapter: null, stretch: whole, shared })
      const wanted = { kind: 'choices', draw } as const
      await sessions.pass({ session, at: 0, input: ids, rows: 'last', wanted })
      const before = steps
      for (let at = 3; at < 30; at++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        await sessions.pass({ session, at, input: [5], rows: 'last', wanted })
      }
      // What was under way when the text began is finished; nothing else begins.
      expect(steps).toBeLessThanOrEqual(before + 1)
      expect((await training).adapter).toEqual(undisturbed.adapter)
      expect(steps).toBe(order.steps)
    },
  )
})

describe('a tab that may hold only some layers', () => {
  it('does not take layers away from a text, nor load more, where others are asked for at the same moment', async () => {
    const { sessions } = await engine(1)
    const { width } = await sessions.facts()
    const [first, second] = await Promise.allSettled(
      [0, 1].map((from) =>
        sessions.openSession({
          adapter: null,
          stretch: { layers: { from, to: from + 1 }, reads: 'hidden', gives: 'hidden' },
        }),
      ),
    )
    expect(second).toMatchObject({ status: 'rejected' })
    const session = (first as PromiseFulfilledResult<number>).value
    const input = new Float32Array(width).fill(0.1)
    const wanted = { kind: 'hidden' } as const
    await expect(sessions.pass({ session, at: 0, input, rows: 'each', wanted })).resolves.toBeDefined()
  })

  it('loads those that it is asked for, lets them go for others, and trains nothing', async () => {
    const { sessions, hold } = await engine(1)
    const facts = await sessions.facts()
    expect(facts).toEqual(await (await engine()).sessions.facts())
    const stretch = (from: number, to: number) =>
      ({ layers: { from, to }, reads: 'hidden', gives: 'hidden' }) as const
    const first = await sessions.openSession({ adapter: null, stretch: stretch(0, 1) })
    await expect(sessions.openSession({ adapter: null, stretch: stretch(1, 2) })).rejects.toThrow(
      /may hold 1 layers. 1 more beside 1 that texts still need are too many/,
    )
    await sessions.closeSession(first)
    const second = await sessions.openSession({ adapter: null, stretch: stretch(1, 2) })
    const rows = new Float32Array(facts.width).fill(0.1)
    const wanted = { kind: 'hidden' } as const
    const part = await sessions.pass({ session: second, at: 0, input: rows, rows: 'each', wanted })
    const all = await engine()
    const session = await all.sessions.openSession({ adapter: null, stretch: stretch(1, 2) })
    expect(hiddenOf(part)).toEqual(
      hiddenOf(await all.sessions.pass({ session, at: 0, input: rows, rows: 'each', wanted })),
    )
    await expect(hold('train', [{ prompt: '', completion: 'a' }])).rejects.toThrow(
      /can lend them but not train/,
    )
  })
})

describe('the fingerprint of arithmetic', () => {
  it('is the same for the same machine, and another for another', async () => {
    const [one, other] = [await engine(), await engine(1)]
    const { fingerprint, millisecondsPerLayer } = await one.sessions.arithmetic()
    expect((await other.sessions.arithmetic()).fingerprint).toBe(fingerprint)
    expect(millisecondsPerLayer).toBeGreaterThan(0)
    const all = [...(await machines()).keys()].filter((name) => name !== 'wasm')
    for (const machine of all) {
      const elsewhere = createEngine({ load: () => openOn(machine, randomModelDirectory) })
      await elsewhere.open(request)
      expect((await elsewhere.sessions.arithmetic()).fingerprint).not.toBe(fingerprint)
    }
  })
})
