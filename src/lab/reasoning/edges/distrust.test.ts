/** Edges that lie, by all means that an edge has: each is found out where somebody can tell, and its words are said again. */
import { describe, expect, it } from 'vitest'
import type { PassRequest, Sessions } from '../../../training/session'
import { askInRoom, type Outcome } from '../room/asking'
import { type NodeParts, openReasoningRoom, type ReasoningRoom } from '../room/room'
import { capped, microEngine, nearby, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
const { sessions } = compute
const { vocabulary } = await sessions.facts()
const weak = await capped(2)
const [honest] = someNodes(compute, 1)
/** Liars are asked before it. */
const slow: NodeParts = { ...honest, millisecondsPerLayer: 12 }
type Wish = typeof someWish
const tokens = 100

/** An edge that says another token than it found, in those of its passes for which `isLie` says so. */
function lying(isLie: (request: PassRequest, nth: number) => boolean, gap?: number): NodeParts {
  let nth = 0
  const engine: Sessions = {
    ...sessions,
    async pass(request) {
      const passed = await sessions.pass(request)
      if (passed.kind !== 'choices' || !isLie(request, nth++)) return passed
      const choices = passed.choices.map((choice) => ({
        id: (choice.id + 1) % vocabulary,
        gap: gap ?? choice.gap,
      }))
      return { ...passed, choices }
    },
  }
  return { sessions: engine, millisecondsPerLayer: 1 }
}
const always = lying(() => true)

async function roomOf(nodes: readonly NodeParts[]): Promise<ReasoningRoom> {
  return openReasoningRoom({ seed: 3, link: nearby, nodes })
}
async function ask(nodes: readonly NodeParts[], wish: Partial<Wish> = {}): Promise<Outcome> {
  const room = await roomOf(nodes)
  const outcome = await askInRoom(room, { ...someWish, tokens, ...wish }).finally(() => room.close())
  return outcome
}
const alone = await ask([honest])
const liarsIn = ({ notes }: Outcome) => notes.flatMap((note) => (note.kind === 'liar' ? [note.id] : []))

describe('an edge that lies', () => {
  it('is found by a tab that holds the whole model, though no other edge is there', async () => {
    const told = await ask([honest, always], { mode: 'speculative' })
    expect(liarsIn(told)).toHaveLength(1)
    expect(told.ids).toEqual(alone.ids)
  })
  it('is found among three by one that does not, in either mode', async () => {
    for (const mode of ['speculative', 'multi-access'] as const) {
      const told = await ask([weak, always, slow, slow], { mode })
      expect(liarsIn(told), mode).toHaveLength(1)
      expect(told.ids, mode).toEqual(alone.ids)
    }
  })
  it('ends the answer where it is one of two and nobody can tell, and says so', async () => {
    await expect(ask([weak, always, honest], { mode: 'speculative' })).rejects.toThrow(
      /nobody is there to say who is right/,
    )
  })
  it('and another that lies otherwise are both found out, where two more are honest', async () => {
    const otherwise: NodeParts = {
      ...always,
      sessions: {
        ...sessions,
        async pass(request) {
          const passed = await sessions.pass(request)
          if (passed.kind !== 'choices') return passed
          const choices = passed.choices.map(({ id, gap }) => ({ id: (id + 2) % vocabulary, gap }))
          return { ...passed, choices }
        },
      },
    }
    for (const asker of [honest, weak]) {
      const told = await ask([asker, always, otherwise, slow, slow], { mode: 'speculative' })
      expect(liarsIn(told).length).toBeGreaterThan(0)
      expect(told.ids).toEqual(alone.ids)
    }
  })
  it('now and then, and is honest when it is looked at first: all it said is said again once it is found', async () => {
    // Its first passes are lies, then it is honest past a look, then it lies for good.
    const slyly = lying((_, nth) => nth < 2 || nth > 26)
    const told = await ask([honest, slyly, slow], { mode: 'speculative', draft: 1 })
    expect(liarsIn(told)).toHaveLength(1)
    expect(told.ids).toEqual(alone.ids)
  })
  it('is not excused by saying that its machine rounds otherwise and that its lie was a tie', async () => {
    for (const asker of [weak, honest]) {
      const excuses = { ...lying(() => true, 0), fingerprint: 'another' }
      const told = await ask([asker, excuses, slow, slow], { mode: 'speculative' })
      expect(liarsIn(told)).toHaveLength(1)
      expect(told.ids).toEqual(alone.ids)
    }
  })
  it('is found in the next text, too, which is shorter than the last, and what it says there is said again', async () => {
    let isLying = false
    const later = lying(() => isLying)
    const room = await roomOf([honest, later, slow])
    const wish: Wish = { ...someWish, mode: 'speculative' }
    await askInRoom(room, { ...wish, tokens: 150 })
    isLying = true
    const told = await askInRoom(room, { ...wish, tokens })
    expect(liarsIn(told)).toHaveLength(1)
    expect(told.ids).toEqual(alone.ids)
    // It is remembered when tokens are drawn otherwise.
    const further = await askInRoom(room, { ...wish, tokens, seed: 8 })
    expect(liarsIn(further)).toEqual([])
    room.close()
    expect(further.ids).toEqual((await ask([honest], { seed: 8 })).ids)
  })
  it('in multi-access with hedges, on links of which some are late, is found and left out', async () => {
    const link = { ...nearby, jitter: 0.9, loss: 0.05 }
    const room = await openReasoningRoom({ seed: 5, link, nodes: [honest, always, slow, slow, slow] })
    const told = await askInRoom(room, { ...someWish, tokens, mode: 'multi-access' })
    room.close()
    expect(liarsIn(told)).toHaveLength(1)
    expect(told.ids).toEqual(alone.ids)
  })
})

describe('an edge that hinders', () => {
  const refusing = (mayJudge: (nth: number) => boolean): NodeParts => {
    let nth = 0
    return {
      millisecondsPerLayer: 3,
      sessions: {
        ...sessions,
        async pass(request) {
          if (!mayJudge(nth++)) throw new Error('not today')
          return sessions.pass(request)
        },
      },
    }
  }
  it('by refusing to decide between two does not make the question wait for ever', async () => {
    await expect(ask([weak, always, honest, refusing(() => false)], { mode: 'speculative' })).rejects.toThrow(
      /nobody is there to say who is right/,
    )
  })
  it('by refusing does not save another from being looked at', async () => {
    const told = await ask(
      [honest, always, { ...refusing(() => false), millisecondsPerLayer: 1.1 }, honest],
      {
        mode: 'speculative',
      },
    )
    expect(liarsIn(told)).toHaveLength(1)
    expect(told.ids).toEqual(alone.ids)
  })
  it('by refusing everything, as the only one, ends the question in words', async () => {
    await expect(ask([weak, refusing(() => false)], { mode: 'speculative' })).rejects.toThrow(
      /No tab is left that holds the whole model/,
    )
  })
})

describe('a cascade whose edge lies about what it would have chosen', () => {
  const texts = ['the old man and the sea', 'a sea and the old man', 'the man and a man', 'the sea the sea']
  const heldOut = () => Array.from({ length: 60 }, (_, index) => `${texts[index % 4]} ${texts[index % 3]}`)
  it('is believed less and never more, where another is asked, too', async () => {
    const thresholds: number[] = []
    for (const edge of [honest, always]) {
      const room = await openReasoningRoom({
        seed: 3,
        link: nearby,
        nodes: [weak, edge, honest, honest],
        heldOut,
      })
      const told = await askInRoom(room, { ...someWish, mode: 'cascade', tokens: 20, risk: 0.9 })
      room.close()
      for (const note of told.notes) if (note.kind === 'threshold') thresholds.push(note.doubt)
    }
    expect(thresholds[0]).toBeGreaterThan(0)
    expect(thresholds[1]).toBe(0)
  })
})
