import { describe, expect, it } from 'vitest'
import type { Note } from '../../../reasoning/mode'
import type { Wish } from '../../../reasoning/participant'
import type { Sessions } from '../../../training/session'
import { askInRoom } from '../room/asking'
import { type NodeParts, openReasoningRoom, type ReasoningRoom } from '../room/room'
import {
  capped,
  lying,
  microEngine,
  nearby,
  otherFacts,
  someAdapter,
  someNodes,
  someWish,
} from '../room/testing'

const compute = await microEngine()
const [node] = someNodes(compute, 1)
const long: Partial<Wish> = { tokens: 110, prompt: 'the sea', seed: 8 }

const roomOf = (engines: readonly Sessions[]): Promise<ReasoningRoom> =>
  openReasoningRoom({ seed: 1, link: nearby, nodes: engines.map((sessions) => ({ ...node, sessions })) })
const honest = compute.sessions

async function ask(room: ReasoningRoom, wish: Partial<Wish> = {}) {
  const outcome = await askInRoom(room, { ...someWish, mode: 'pipeline', ...wish })
  room.close()
  return outcome
}
const liarsIn = (notes: readonly Note[]) => notes.flatMap((note) => (note.kind === 'liar' ? [note.id] : []))
const reference = await ask(await roomOf([honest]), { ...long, mode: 'alone' })

describe('a stage that does not compute what it should', () => {
  it.each([0, 25, 60])(
    'is found, named and left out, and what followed is said again: from row %i on',
    async (row) => {
      const room = await roomOf([honest, honest, lying(honest, row), honest])
      const liar = room.tabs[2].id
      const outcome = await ask(room, { ...long, stages: 3 })
      expect(liarsIn(outcome.notes)).toEqual([liar])
      expect(outcome.ids).toEqual(reference.ids)
      const stagesAfter = outcome.notes.filter((note) => note.kind === 'stages').at(-1)!
      expect(stagesAfter.stages.map(({ id }) => id)).not.toContain(liar)
      if (row < 60) expect(outcome.said.some(({ kind }) => kind === 'retract')).toBe(true)
    },
  )

  it('is found out by its asker alone, where nobody else can look', async () => {
    const room = await roomOf([honest, lying(honest, 10)])
    const liar = room.tabs[1].id
    const outcome = await ask(room, long)
    expect(liarsIn(outcome.notes)).toEqual([liar])
    expect(outcome.ids).toEqual(reference.ids)
  })

  it('cannot blame an honest one: whoever looks and lies is left out itself', async () => {
    // The first to look for the second stage is the third tab, which computes no layer of this text.
    const room = await roomOf([honest, honest, lying(honest, 0)])
    const witness = room.tabs[2].id
    const outcome = await ask(room, { ...long, stages: 2 })
    expect(liarsIn(outcome.notes)).toEqual([witness])
    expect(outcome.said.some(({ kind }) => kind === 'retract')).toBe(false)
    expect(outcome.ids).toEqual(reference.ids)
  })
})

describe('a look at a stage', () => {
  const room = (nodes: readonly NodeParts[]) => openReasoningRoom({ seed: 1, link: nearby, nodes })

  it('is none of a tab that is full of its own layers, which goes on with them', async () => {
    const split = await ask(await room([await capped(2), node]), { ...long, mode: 'split', cut: 2 })
    expect(split.ids).toEqual(reference.ids)
    expect(split.notes.filter(({ kind }) => kind === 'checked')).toEqual([])
    const nodes = await Promise.all([2, 1, 1].map(capped))
    const pipeline = await ask(await room(nodes), { ...long, stages: 3 })
    expect(pipeline.ids).toEqual(reference.ids)
  })

  it('is one’s that has room for it beside them', async () => {
    const split = await ask(await room([await capped(2), node, node]), { ...long, mode: 'split', cut: 2 })
    expect(split.ids).toEqual(reference.ids)
    expect(split.notes.filter(({ kind }) => kind === 'checked').length).toBeGreaterThan(0)
  })
})

describe('tabs that cannot work on the same text', () => {
  it.each([
    ['another base model', { modelHash: 'b'.repeat(64) }, /another base model/],
    ['another tokenizer', { tokenizerHash: 'b'.repeat(64) }, /tokenizer cuts text otherwise/],
    ['another precision', { precision: 'int8' }, /keeps the model as int8, this tab as float32/],
    ['another shape', { width: 64 }, /another shape/],
  ] as const)('say why: %s', async (_, change, words) => {
    const room = await roomOf([honest, otherFacts(honest, change)])
    await expect(ask(room)).rejects.toThrow(words)
  })

  it('are passed over where others can', async () => {
    const room = await roomOf([honest, otherFacts(honest, { precision: 'nf4' }), honest])
    const stranger = room.tabs[1].id
    const { ids, notes } = await ask(room, long)
    expect(ids).toEqual(reference.ids)
    const stages = notes.flatMap((note) => (note.kind === 'stages' ? note.stages : []))
    expect(stages.map(({ id }) => id)).not.toContain(stranger)
  })
})

describe('a tab of which one had better not ask', () => {
  const stagesOf = (notes: readonly Note[]) =>
    new Set(notes.flatMap((note) => (note.kind === 'stages' ? note.stages.map(({ id }) => id) : [])))

  it('holds another version of the adapter: it is passed over until it has caught up', async () => {
    const merged = { hash: 'a'.repeat(64), bytes: someAdapter(3) }
    const late = { ...node, says: { adapter: 'b'.repeat(64) } }
    const wish: Partial<Wish> = { ...long, adapter: merged }
    const room = await openReasoningRoom({ seed: 1, link: nearby, merged, nodes: [node, late, node] })
    const stranger = room.tabs[1].id
    const { ids, notes } = await ask(room, wish)
    expect(stagesOf(notes)).not.toContain(stranger)
    const alone = await openReasoningRoom({ seed: 1, link: nearby, merged, nodes: [node] })
    expect(ids).toEqual((await ask(alone, { ...wish, mode: 'alone' })).ids)
  })

  it('says nothing of itself: it is awaited once, and not before every question', async () => {
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: [node, node, node] })
    room.tabs[2].links.close()
    room.tabs[2].participant.close()
    const gathered: number[] = []
    for (let times = 0; times < 2; times++) {
      const { notes } = await askInRoom(room, { ...someWish, mode: 'pipeline' })
      for (const note of notes) if (note.kind === 'gathered') gathered.push(note.milliseconds)
    }
    room.close()
    expect(gathered[0]).toBeGreaterThan(1000)
    expect(gathered[1]).toBeLessThan(100)
  })

  it('is hidden, so that its browser slows it down: another is asked where there is one', async () => {
    const hidden = { ...node, says: { isVisible: false } }
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: [node, hidden, node] })
    const [, second, third] = room.tabs.map(({ id }) => id)
    const { ids, notes } = await ask(room, { ...long, stages: 2 })
    expect(stagesOf(notes)).toContain(third)
    expect(stagesOf(notes)).not.toContain(second)
    expect(ids).toEqual(reference.ids)
  })
})

describe('a question that cannot be answered', () => {
  it('says why, in plain words', async () => {
    await expect(ask(await roomOf([honest]))).rejects.toThrow(/Nobody else is in this room. Open another tab/)
    await expect(ask(await roomOf([honest]), { mode: 'ensemble' })).rejects.toThrow(
      /Nobody else is in this room/,
    )
    await expect(ask(await roomOf([honest, honest]), { mode: 'ensemble' })).rejects.toThrow(
      /Switch that on there/,
    )
    await expect(ask(await roomOf([honest, honest]), { prompt: '' })).rejects.toThrow(/prompt is empty/)
  })

  it('ends where its asker stops it, and the next is answered', async () => {
    const room = await roomOf([honest, honest, honest])
    const aborter = new AbortController()
    const heard = room.tabs[0].participant.ask({ ...someWish, ...long, mode: 'pipeline' }, aborter.signal)
    let tokens = 0
    const reading = (async () => {
      for await (const { said } of heard)
        if (said.kind === 'token' && ++tokens === 5) aborter.abort(new Error('Stopped.'))
    })()
    await expect(room.patiently(reading)).rejects.toThrow('Stopped.')
    expect(tokens).toBe(5)
    expect((await ask(room, long)).ids).toEqual(reference.ids)
  })

  it('is told by a tab that answers rubbish, and goes on without it', async () => {
    const rubbish: Sessions = {
      ...honest,
      async pass(request) {
        const passed = await honest.pass(request)
        const isForOthers = passed.kind === 'hidden' && request.input instanceof Float32Array
        return isForOthers
          ? { ...passed, hidden: new Float32Array(passed.hidden.length).fill(Number.NaN) }
          : passed
      },
    }
    const { ids, notes } = await ask(await roomOf([honest, rubbish, honest]), long)
    expect(ids).toEqual(reference.ids)
    const [lost] = notes.filter((note) => note.kind === 'lost')
    expect(lost.why).toMatch(/answers rubbish/)
  })

  it('is not held up by a tab whose engine fails', async () => {
    const failing: Sessions = {
      ...honest,
      pass: async (request) => {
        if (request.input instanceof Float32Array && request.at > 12) throw new Error('out of memory')
        return honest.pass(request)
      },
    }
    const { ids, notes } = await ask(await roomOf([honest, honest, failing, honest]), long)
    expect(ids).toEqual(reference.ids)
    expect(notes.filter((note) => note.kind === 'lost').map(({ why }) => why)).toEqual(['Its engine failed.'])
  })
})

describe('several questions', () => {
  it('are answered at once, also by each other’s askers', async () => {
    const room = await roomOf([honest, honest, honest])
    const answers = [0, 0, 1].map(async (tab, nth) => {
      const wish: Wish = { ...someWish, ...long, mode: 'pipeline', seed: 8 + nth }
      let ids: readonly number[] = []
      for await (const { answer } of room.tabs[tab].participant.ask(wish, new AbortController().signal))
        ids = answer?.ids ?? ids
      return ids
    })
    const all = await room.patiently(Promise.all(answers))
    room.close()
    expect(all[0]).toEqual(reference.ids)
    for (const [nth, ids] of all.entries()) {
      const alone = await ask(await roomOf([honest]), { ...long, mode: 'alone', seed: 8 + nth })
      expect(ids).toEqual(alone.ids)
    }
  })

  it('that go on from each other read only what is new', async () => {
    const merged = { hash: 'c'.repeat(64), bytes: someAdapter(1) }
    const nodes = someNodes(compute, 3)
    let rows = 0
    const counted: Sessions = {
      ...honest,
      pass(request) {
        rows += request.input instanceof Float32Array ? 0 : request.input.length
        return honest.pass(request)
      },
    }
    const room = await openReasoningRoom({
      seed: 1,
      link: nearby,
      merged,
      nodes: [{ ...nodes[0], sessions: counted }, ...nodes.slice(1)],
    })
    for (const mode of ['alone', 'pipeline'] as const) {
      const wish: Wish = { ...someWish, mode, tokens: 10, adapter: merged }
      const { text } = await askInRoom(room, wish)
      rows = 0
      const further = await askInRoom(room, { ...wish, prompt: `${wish.prompt}${text} and` })
      // Of the text before nothing is read again but its last token, which nobody had read yet.
      expect(rows, mode).toBe(1 + ' and'.length + further.ids.length - 1)
    }
    room.close()
  })
})
