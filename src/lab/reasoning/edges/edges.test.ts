/** Edges that answer twice, late, or of another making; and several people at one edge. */
import { describe, expect, it } from 'vitest'
import { wholeStretch } from '../../../model/stretch'
import { prefixOf } from '../../../reasoning/core/prefix'
import { exitStretch } from '../../../reasoning/modes/speculative/drafter'
import { acceptedOf } from '../../../reasoning/modes/speculative/verification'
import { openReader } from '../../../reasoning/reader'
import { choicesOf } from '../../../training/session'
import { askInRoom } from '../room/asking'
import { openReasoningRoom } from '../room/room'
import { capped, microEngine, nearby, otherFacts, someAdapter, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
const { sessions } = compute
const facts = await sessions.facts()
const wish = { ...someWish, mode: 'speculative' } as const

describe('O20 a verdict', () => {
  it('that comes twice, and one of an earlier question, change nothing', async () => {
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: someNodes(compute, 2) })
    const [asker, edge] = room.tabs
    const { send } = edge.links
    let last: Uint8Array | null = null
    // Whatever the edge says it says twice, and what it said before once more.
    Object.assign(edge.links, {
      send(to: string, packet: Uint8Array) {
        if (last) send(to, last)
        send(to, packet)
        send(to, packet)
        last = packet
      },
    })
    const told = await askInRoom(room, wish)
    room.close()
    expect(asker.id).not.toBe(edge.id)
    expect(told.ids).toEqual((await alone()).ids)
  })
})

const alone = async (change: Partial<typeof someWish> = {}) => {
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: someNodes(compute, 1) })
  const told = await askInRoom(room, { ...someWish, ...change })
  room.close()
  return told
}

describe('O21 four people at one edge', () => {
  it('each get the text they would have alone, and together they wait for less than in turn', async () => {
    const edgeMs = 8
    const nodes = [...someNodes(compute, 4), { sessions, millisecondsPerLayer: edgeMs }]
    // Those who ask may hold two layers, so the edge is everybody's.
    const askers = await Promise.all([0, 1, 2, 3].map(() => capped(2)))
    const open = () =>
      openReasoningRoom({
        seed: 3,
        link: { ...nearby, delayMs: 1 },
        nodes: [...askers.map((asker) => ({ ...asker, millisecondsPerLayer: 0.1 })), nodes[4]],
      })
    const asks = (room: Awaited<ReturnType<typeof open>>, index: number) => async () => {
      let ids: readonly number[] = []
      const own = { ...wish, draft: 4, seed: index, tokens: 30 }
      for await (const { answer } of room.tabs[index].participant.ask(own, new AbortController().signal))
        ids = answer?.ids ?? ids
      return ids
    }
    const together = await open()
    const beganAtMs = together.clock.now()
    const texts = await together.patiently(Promise.all([0, 1, 2, 3].map((index) => asks(together, index)())))
    const togetherMs = together.clock.now() - beganAtMs
    together.close()
    let inTurnMs = 0
    for (const index of [0, 1, 2, 3]) {
      const room = await open()
      const startMs = room.clock.now()
      expect(await room.patiently(asks(room, index)())).toEqual(texts[index])
      inTurnMs += room.clock.now() - startMs
      room.close()
      expect((await alone({ seed: index, tokens: 30 })).ids).toEqual(texts[index])
    }
    // On this clock a further row costs a quarter of the first: 4 (1 + 4 / 4) against 1 + 19 / 4. Real ones are cheaper
    // (docs/performance.md: twice and more).
    expect(inTurnMs / togetherMs).toBeGreaterThan(1.2)
  })
})

describe('who cannot judge', () => {
  const lacking = async (change: Parameters<typeof otherFacts>[1]) => {
    const [asker, other] = someNodes(compute, 2)
    const nodes = [asker, { ...other, sessions: otherFacts(sessions, change) }]
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes })
    const asking = askInRoom(room, wish)
    await expect(asking).rejects.toThrow()
    const message = await asking.catch((problem: Error) => problem.message)
    room.close()
    return message
  }
  it('is told in plain words: another model, another precision, too few layers, nobody there', async () => {
    expect(await lacking({ modelHash: 'cd'.repeat(32) })).toMatch(/judge.*another base model/)
    expect(await lacking({ precision: 'int8' })).toMatch(/Open both with the same precision/)
    const room = await openReasoningRoom({
      seed: 3,
      link: nearby,
      nodes: [...someNodes(compute, 1), await capped(2)],
    })
    await expect(askInRoom(room, wish)).rejects.toThrow(/may not hold the whole model/)
    room.close()
    const empty = await openReasoningRoom({ seed: 3, link: nearby, nodes: someNodes(compute, 1) })
    await expect(askInRoom(empty, wish)).rejects.toThrow(/Nobody else is in this room/)
    empty.close()
  })
  it('a tab that holds another version of the adapter is passed over', async () => {
    const bytes = someAdapter(2)
    const adapter = { hash: 'ab'.repeat(32), bytes }
    const room = await openReasoningRoom({
      seed: 3,
      link: nearby,
      nodes: someNodes(compute, 3),
      merged: adapter,
    })
    const told = await askInRoom(room, { ...wish, adapter: { hash: 'ef'.repeat(32), bytes } })
    room.close()
    // Nobody can judge, so this tab says it by itself.
    expect(told.bytes).toBe(0)
    const whole = await openReasoningRoom({
      seed: 3,
      link: nearby,
      nodes: someNodes(compute, 1),
      merged: adapter,
    })
    expect(told.ids).toEqual((await askInRoom(whole, { ...someWish, adapter })).ids)
    whole.close()
  })
})

describe('the account of guesses', () => {
  const choices = [4, 5, 6, 7].map((id) => ({ id, gap: 1 }))
  it('counts those that are right up to the first that is not; one more token comes in any case', () => {
    expect(acceptedOf([], choices)).toBe(0)
    expect(acceptedOf([9, 5], choices)).toBe(0)
    expect(acceptedOf([4, 9, 6], choices)).toBe(1)
    expect(acceptedOf([4, 5, 6], choices)).toBe(3)
  })
  /** A text made in rounds: what is emitted of each, and how far the judge's cache counts as read, may be wrong. */
  async function byRounds(
    emitted: (guesses: readonly number[], accepted: number, judged: number) => readonly number[],
    read: (length: number) => number,
  ) {
    const prompt = await sessions.encode(someWish.prompt)
    const guesser = openReader(sessions, null, exitStretch(2))
    const session = await sessions.openSession({ adapter: null, stretch: wholeStretch(facts) })
    const judge = (at: number, input: readonly number[], position: number) => {
      const wanted = { kind: 'choices', draw: { ...someWish, position } } as const
      return sessions.pass({ session, at, input, rows: 'each', wanted }).then(choicesOf)
    }
    await judge(0, prompt, 0)
    let text = [...prompt]
    while (text.length < prompt.length + 30) {
      const guesses: number[] = []
      while (guesses.length < 3) {
        const position = text.length + guesses.length
        const wanted = { kind: 'choices', draw: { ...someWish, position } } as const
        guesses.push(choicesOf(await guesser.read([...text, ...guesses], wanted))[0].id)
      }
      const judged = await judge(read(text.length), [text.at(-1)!, ...guesses], text.length)
      const accepted = acceptedOf(guesses, judged)
      text = [...text, ...emitted(guesses, accepted, judged[accepted].id)]
    }
    await sessions.closeSession(session)
    guesser.close()
    return text.slice(prompt.length, prompt.length + 30)
  }
  it('makes the text the whole model’s; the two mistakes of published code do not', async () => {
    const { ids } = await alone({ tokens: 30 })
    const all = (guesses: readonly number[], accepted: number, judged: number) => [
      ...guesses.slice(0, accepted),
      judged,
    ]
    expect(await byRounds(all, (length) => length - 1)).toEqual(ids)
    // Emits max(accepted, 1) guesses, and the judge's own token never.
    const withoutJudge = (guesses: readonly number[], accepted: number) =>
      guesses.slice(0, Math.max(accepted, 1))
    expect(await byRounds(withoutJudge, (length) => length - 1)).not.toEqual(ids)
    // Takes the last token for read, though only guesses were.
    expect(await byRounds(all, (length) => length)).not.toEqual(ids)
  })
})

it('O13 what a judge has read after refused guesses were forgotten is what one has read that never saw them', async () => {
  const text = await sessions.encode('the sea and the old man')
  const after = async (guesses: readonly number[]) => {
    const session = await sessions.openSession({ adapter: null, stretch: wholeStretch(facts) })
    const pass = (at: number, input: readonly number[]) =>
      sessions.pass({ session, at, input, rows: 'each', wanted: { kind: 'masses', top: facts.vocabulary } })
    await pass(0, [...text.slice(0, 8), ...guesses])
    const passed = await pass(8, text.slice(8))
    await sessions.closeSession(session)
    return passed.kind === 'masses' && passed.masses
  }
  expect(await after([3, 1, 4, 1, 5])).toEqual(await after([]))
})

it('a text’s beginning is told apart by its hash', () => {
  expect(prefixOf([])).toBe(0x811c9dc5)
  expect(prefixOf([1, 2])).not.toBe(prefixOf([2, 1]))
  expect(prefixOf([256])).not.toBe(prefixOf([0, 1]))
})
