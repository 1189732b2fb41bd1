import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choicesOf, type Sessions } from '../../../training/session'
import { askInRoom, type Kill, type Outcome } from '../room/asking'
import type { NodeParts } from '../room/room'
import { openReasoningRoom } from '../room/room'
import { capped, microEngine, nearby, someAdapter, someDraft, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
const { layers } = await compute.sessions.facts()
const isFull = process.env.GOSSAMER_FULL === '1'
type Wish = typeof someWish

async function ask(
  wish: Partial<Wish>,
  {
    nodes = someNodes(compute, 3),
    kills = [] as readonly Kill[],
    merged = null as Uint8Array | null,
    link = nearby,
  } = {},
): Promise<Outcome> {
  const adapter = merged && { hash: 'ab'.repeat(32), bytes: merged }
  const room = await openReasoningRoom({ seed: 3, link, nodes, merged: adapter })
  const outcome = await askInRoom(room, { ...someWish, ...wish, adapter }, kills)
  room.close()
  return outcome
}

const rounds = ({ notes }: Outcome) => notes.flatMap((note) => (note.kind === 'judged' ? [note] : []))

/** An engine whose first layers guess whatever is said: by the position in the text, and what they would have guessed. */
const guessing = (sessions: Sessions, instead: (position: number, id: number) => number): Sessions => {
  const early = new Set<number>()
  return {
    ...sessions,
    async openSession(request) {
      const session = await sessions.openSession(request)
      if (request.stretch.reads === 'ids' && request.stretch.layers.to < layers) early.add(session)
      return session
    },
    async pass(request) {
      const passed = await sessions.pass(request)
      if (!early.has(request.session) || request.wanted.kind !== 'choices') return passed
      const { position } = request.wanted.draw
      const choices = choicesOf(passed).map(({ id, gap }, row) => ({ id: instead(position + row, id), gap }))
      return { ...passed, kind: 'choices', choices }
    },
  }
}
const withGuesses = (instead: (position: number, id: number) => number): NodeParts[] => {
  const [first, ...others] = someNodes(compute, 3)
  return [{ ...first, sessions: guessing(first.sessions, instead) }, ...others]
}

describe('O11 speculation says what the whole model says', () => {
  const lengths = isFull ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 3, 8]
  for (const temperature of [0, 0.7, 1])
    it(`whatever guesses, and however long a draft is (temperature ${temperature})`, async () => {
      const { ids: alone } = await ask({ temperature })
      const prompt = (await compute.sessions.encode(someWish.prompt)).length
      const drafters = {
        'the first layers': (_: number, id: number) => id,
        'one that is always right': (position: number) => alone[position - prompt] ?? 0,
        'one that is never right': (position: number) => ((alone[position - prompt] ?? 0) + 1) % 64,
        'one that is right now and then': (position: number, id: number) =>
          position % 3 ? (alone[position - prompt] ?? 0) : id,
      }
      for (const draft of lengths)
        for (const [name, instead] of Object.entries(drafters)) {
          const told = await ask({ mode: 'speculative', temperature, draft }, { nodes: withGuesses(instead) })
          expect(told.ids, `${name}, ${draft} at once`).toEqual(alone)
        }
    })

  it('with drafts as long as pay, with an adapter, from a tab that may hold two layers, beyond the window', async () => {
    const merged = someAdapter(4)
    const { ids: alone } = await ask({ tokens: 300 }, { merged })
    const nodes = [await capped(2), ...someNodes(compute, 2)]
    expect((await ask({ mode: 'speculative', tokens: 300 }, { merged, nodes })).ids).toEqual(alone)
    expect((await ask({ mode: 'multi-access', tokens: 300 }, { merged, nodes })).ids).toEqual(alone)
  })

  it('with an adapter that was trained for its first layers alone, which changes what is guessed and nothing else', async () => {
    for (const temperature of [0, 0.9])
      for (const merged of [null, someAdapter(5)]) {
        const one = await ask({ temperature }, { merged })
        for (const draftLayers of [1, 2, 3]) {
          const draftAdapter = someDraft(8, draftLayers)
          const bare = await ask({ temperature, mode: 'speculative', draft: 4 }, { merged })
          const guessed = await ask({ temperature, mode: 'speculative', draft: 4, draftAdapter }, { merged })
          expect(guessed.hash).toBe(one.hash)
          expect(rounds(guessed)).not.toEqual(rounds(bare))
          const many = await ask({ temperature, mode: 'multi-access', draftAdapter }, { merged })
          expect(many.hash).toBe(one.hash)
        }
      }
    // Believing nothing a cascade is lossless; believing all, it is the draft's adapter that speaks.
    const [one, other] = [someDraft(8, 2), someDraft(9, 2)]
    const sure = (draftAdapter: typeof one | null, doubt: number) =>
      ask({ mode: 'cascade', doubt, draftAdapter })
    expect((await sure(one, 0)).hash).toBe((await ask({})).hash)
    const said = await Promise.all([sure(null, 2), sure(one, 2), sure(other, 2)])
    expect(new Set(said.map(({ hash }) => hash)).size).toBe(3)
  })

  it('is asked anew with another adapter for the draft: what was guessed before is not kept', async () => {
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: someNodes(compute, 2) })
    const wish = { ...someWish, mode: 'speculative', draft: 4 } as const
    const first = await askInRoom(room, { ...wish, draftAdapter: someDraft(8, 2) })
    const second = await askInRoom(room, { ...wish, draftAdapter: someDraft(9, 2) })
    room.close()
    expect(second.hash).toBe(first.hash)
    expect(rounds(second)).not.toEqual(rounds(first))
  })

  it('is refused where the adapter wants more layers than this tab may hold', async () => {
    const nodes = [await capped(2), ...someNodes(compute, 1)]
    const draftAdapter = someDraft(8, 3)
    await expect(ask({ mode: 'speculative', draftAdapter }, { nodes })).rejects.toThrow(
      'This draft adapter was trained on the first 3 layers, and this tab may hold 2.',
    )
    const fits = await ask({ mode: 'speculative', draftAdapter: someDraft(8, 2) }, { nodes })
    expect(fits.hash).toBe((await ask({})).hash)
  })

  it('with no draft at all, and where one token is wished for', async () => {
    const { ids: alone } = await ask({})
    expect((await ask({ mode: 'speculative', draft: 0 })).ids).toEqual(alone)
    expect((await ask({ mode: 'speculative', tokens: 1 })).ids).toEqual(alone.slice(0, 1))
  })

  it('whatever the seed, prompt and filters', async () => {
    const wishes = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      prompt: fc.constantFrom('the sea', 'a', 'the old man and the sea and the old man'),
      temperature: fc.constantFrom(0, 0.9, 1.5),
      topK: fc.constantFrom(0, 5),
      topP: fc.constantFrom(1, 0.8),
      tokens: fc.constant(24),
    })
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        expect((await ask({ ...wish, mode: 'speculative' })).ids).toEqual((await ask(wish)).ids)
      }),
      { numRuns: isFull ? 30 : 5 },
    )
  })
})

describe('O14 the account of a speculation', () => {
  it('adds up: accepted guesses and one more a round are the tokens, apart from those after the end', async () => {
    for (const draft of [1, 4]) {
      const told = await ask({ mode: 'speculative', draft })
      const given = rounds(told).reduce((sum, { accepted }) => sum + accepted + 1, 0)
      expect(given).toBe(told.ids.length)
    }
  })
  it('knows every guess that was refused, and a draft that was right to its end', async () => {
    const { ids: alone } = await ask({})
    const prompt = (await compute.sessions.encode(someWish.prompt)).length
    const right = withGuesses((position) => alone[position - prompt] ?? 0)
    const told = await ask({ mode: 'speculative', draft: 4 }, { nodes: right })
    expect(
      rounds(told).every(({ accepted, drafted, refused }) => accepted === drafted && refused === null),
    ).toBe(true)
    expect(rounds(told)).toHaveLength(8)
    const wrong = withGuesses((position) => ((alone[position - prompt] ?? 0) + 1) % 64)
    const refused = await ask({ mode: 'speculative', draft: 4 }, { nodes: wrong })
    expect(rounds(refused)).toHaveLength(40)
  })
})

describe('O19 which edge answers changes nothing', () => {
  it('hedged or not, one edge or many, killed in mid-round, and another that comes', async () => {
    const { ids: alone } = await ask({})
    const slowest = [...someNodes(compute, 3), { sessions: compute.sessions, millisecondsPerLayer: 9 }]
    for (const mode of ['speculative', 'multi-access'] as const)
      for (const hedges of [true, false])
        for (const kills of [
          [],
          [{ node: 1, token: 9 }],
          [
            { node: 1, token: 5 },
            { node: 2, token: 20 },
          ],
        ]) {
          const told = await ask({ mode, hedges }, { nodes: slowest, kills })
          expect(told.ids, `${mode} ${hedges} ${JSON.stringify(kills)}`).toEqual(alone)
        }
  })

  it('and where all are gone a tab that holds the whole model goes on by itself; another says so', async () => {
    const { ids: alone } = await ask({})
    const kills = [1, 2].map((node) => ({ node, token: 12 }))
    const told = await ask({ mode: 'multi-access' }, { kills })
    expect(told.ids).toEqual(alone)
    expect(told.recoveries).toBeGreaterThan(0)
    const nodes = [await capped(2), ...someNodes(compute, 2)]
    await expect(ask({ mode: 'speculative' }, { nodes, kills })).rejects.toThrow(
      /No tab is left that holds the whole model, and this one may hold only 2 of its 4 layers/,
    )
  })
})

describe('an edge that lies', () => {
  const accepting = (sessions: Sessions): Sessions => ({
    ...sessions,
    async pass(request) {
      const passed = await sessions.pass(request)
      if (passed.kind !== 'choices' || request.input instanceof Float32Array) return passed
      // Whatever comes is right: the choice after each row is the next row's token.
      const ids = request.input
      return {
        ...passed,
        choices: passed.choices.map((choice, row) => ({
          ...choice,
          id: ids[ids.length - passed.choices.length + row + 1] ?? choice.id,
        })),
      }
    },
  })
  it('by accepting everything is named and left out, and what it had said is said again', async () => {
    const { ids: alone } = await ask({})
    const [asker, one, other] = someNodes(compute, 3)
    const nodes = [asker, { ...one, sessions: accepting(one.sessions), millisecondsPerLayer: 1 }, other]
    const told = await ask({ mode: 'speculative' }, { nodes })
    expect(told.notes.some(({ kind }) => kind === 'liar')).toBe(true)
    expect(told.said.some(({ kind }) => kind === 'retract')).toBe(true)
    expect(told.ids.slice(32)).toEqual(alone.slice(32))
    expect(told.ids).toEqual(alone)
  })
})

describe('three tiers', () => {
  it('the end guesses, an edge judges, and the text is what the cloud and the tabs around it say', async () => {
    const own = [1, 2, 3].map(someAdapter)
    const [end, edge, one, other] = someNodes(compute, 4)
    const nodes = [
      end,
      { ...edge, millisecondsPerLayer: 3 },
      { ...one, millisecondsPerLayer: 3, ownAdapter: own[0] },
      { ...other, millisecondsPerLayer: 1, ownAdapter: own[1] },
    ]
    for (const temperature of [0, 0.9]) {
      const wish = { temperature, tokens: 24 }
      const told = await ask({ ...wish, mode: 'speculative', tiers: 3 }, { nodes })
      const cloud = await ask({ ...wish, mode: 'ensemble' }, { nodes: [nodes[3], nodes[2], end, edge] })
      expect(told.ids).toEqual(cloud.ids)
      const [, second] = new Set(rounds(told).map(({ by }) => by))
      expect(second).toBeUndefined() // one cloud judges all
      expect((await ask(wish)).ids).not.toEqual(cloud.ids)
    }
  })
  it('say what is missing where nobody lets others ask it', async () => {
    await expect(ask({ mode: 'speculative', tiers: 3 })).rejects.toThrow(/ask the tabs around it/)
  })
})
