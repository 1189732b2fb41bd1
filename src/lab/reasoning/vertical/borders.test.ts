/** The borders of what may be asked of device and edge: risks, cuts, caps, windows, ends, and questions that follow each other. */
import { describe, expect, it } from 'vitest'
import { SessionOver, type Sessions } from '../../../training/session'
import { askInRoom } from '../room/asking'
import { type NodeParts, openReasoningRoom } from '../room/room'
import {
  capped,
  countingSessions,
  microEngine,
  nearby,
  someAdapter,
  someNodes,
  someWish,
} from '../room/testing'

const compute = await microEngine()
const { sessions } = compute
const { layers } = await sessions.facts()
const weak = await capped(2)
const [whole] = someNodes(compute, 1)
type Wish = typeof someWish
const vertical = ['speculative', 'multi-access'] as const
const texts = ['the old man and the sea', 'a sea and the old man', 'the man and a man', 'the sea the sea']
const heldOut = () => Array.from({ length: 60 }, (_, index) => `${texts[index % 4]} ${texts[index % 3]}`)

async function ask(wish: Partial<Wish>, nodes: readonly NodeParts[] = [whole, whole, whole], read = heldOut) {
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes, heldOut: read })
  return askInRoom(room, { ...someWish, ...wish }).finally(() => room.close())
}

describe('a text of device and edge is the whole model’s', () => {
  it('where the prompt is longer than the window', async () => {
    const wish = { prompt: 'the old man and the sea and '.repeat(20), tokens: 60 }
    const { ids } = await ask(wish, [whole])
    for (const mode of vertical) expect((await ask({ ...wish, mode }, [weak, whole, whole])).ids).toEqual(ids)
  })
  it('where a stop word ends it within a draft, also where the next question goes on from there', async () => {
    const first = await ask({})
    const stop = [first.text.slice(7, 10)]
    for (const mode of vertical) {
      const [one, other] = await Promise.all(
        (['alone', mode] as const).map(async (of) => {
          const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: [whole, whole, whole] })
          const wish: Wish = { ...someWish, mode: of, draft: 6 }
          const told = await askInRoom(room, { ...wish, stop })
          const further = await askInRoom(room, { ...wish, prompt: `${wish.prompt}${told.text} and` })
          room.close()
          return [told.text, further.text]
        }),
      )
      expect(other, mode).toEqual(one)
    }
  })
  it('in questions that follow each other with other seeds, temperatures, filters and adapters', async () => {
    const adapter = { hash: 'ab'.repeat(32), bytes: someAdapter(2) }
    const wishes: Partial<Wish>[] = [
      { seed: 1 },
      { seed: 2 },
      { temperature: 0 },
      { topK: 3 },
      { topP: 0.7, tokens: 1 },
      { adapter },
      { seed: 1 },
    ]
    for (const mode of vertical) {
      const nodes = [whole, whole, whole]
      const room = await openReasoningRoom({ seed: 3, link: nearby, nodes, merged: adapter })
      for (const wish of wishes) {
        const told = await askInRoom(room, { ...someWish, mode, ...wish })
        const one = await askInRoom(room, { ...someWish, ...wish })
        expect(told.ids, `${mode} ${JSON.stringify(wish.seed)}`).toEqual(one.ids)
      }
      room.close()
    }
  })
  it('where two are asked at once from one tab', async () => {
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: [weak, whole, whole] })
    const answers = [1, 2].map(async (seed) => {
      let ids: readonly number[] = []
      const wish: Wish = { ...someWish, mode: 'multi-access', seed }
      for await (const { answer } of room.tabs[0].participant.ask(wish, new AbortController().signal))
        ids = answer?.ids ?? ids
      return ids
    })
    const told = await room.patiently(Promise.all(answers))
    room.close()
    for (const [index, seed] of [1, 2].entries())
      expect(told[index]).toEqual((await ask({ seed }, [whole])).ids)
  })
  it('where the room merges a newer adapter meanwhile: whoever began with a version goes on with it', async () => {
    const adapter = { hash: 'ab'.repeat(32), bytes: someAdapter(2) }
    const says = { adapter: adapter.hash }
    const nodes = [weak, { ...whole, says }]
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes, merged: adapter })
    room.clock.after(150, () => {
      says.adapter = 'cd'.repeat(32)
      room.tabs[1].links.introduce()
    })
    const told = await askInRoom(room, { ...someWish, mode: 'speculative', draft: 1, adapter })
    expect(told.virtualSeconds).toBeGreaterThan(0.4)
    room.close()
    const one = await openReasoningRoom({ seed: 3, link: nearby, nodes: [whole], merged: adapter })
    expect(told.ids).toEqual((await askInRoom(one, { ...someWish, adapter })).ids)
    one.close()
  })
  it('where the only edge has closed what nobody used, or the machine of one of them is lost in mid-text', async () => {
    const forgetful = (every: number): NodeParts => {
      let passes = 0
      const engine: Sessions = {
        ...sessions,
        async pass(request) {
          if (++passes % every === 0) {
            await sessions.closeSession(request.session)
            throw new SessionOver('The machine is lost.')
          }
          return sessions.pass(request)
        },
      }
      return { ...whole, sessions: engine }
    }
    const { ids } = await ask({})
    for (const mode of ['speculative', 'multi-access', 'early-exit'] as const) {
      const wish = { mode, doubt: 0 }
      expect((await ask(wish, [forgetful(9), whole, whole])).ids, mode).toEqual(ids)
      expect((await ask(wish, [whole, forgetful(5), forgetful(7)])).ids, mode).toEqual(ids)
    }
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: [weak, whole] })
    let tokens = 0
    let told: readonly number[] = []
    const wish: Wish = { ...someWish, mode: 'speculative', draft: 1 }
    const reading = (async () => {
      for await (const { said, answer } of room.tabs[0].participant.ask(wish, new AbortController().signal)) {
        told = answer?.ids ?? told
        // Whoever reads takes a walk: longer than an edge keeps what nobody uses.
        if (said.kind === 'token' && ++tokens === 10)
          await new Promise<void>((resolve) => void room.clock.after(200_000, () => resolve()))
      }
    })()
    await room.patiently(reading)
    room.close()
    expect(told).toEqual(ids)
  })
  it('where the only edge stands still for a while', async () => {
    const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: [weak, whole] })
    room.clock.after(200, () => room.tabs[1].freeze(true))
    room.clock.after(2200, () => room.tabs[1].freeze(false))
    const told = await askInRoom(room, { ...someWish, mode: 'speculative' })
    room.close()
    expect(told.ids).toEqual((await ask({})).ids)
  })
})

describe('a question that is stopped', () => {
  it('leaves no session behind, at nobody’s engine, in any mode', async () => {
    for (const mode of ['alone', 'speculative', 'multi-access', 'cascade', 'early-exit'] as const) {
      const { sessions: counted, open } = countingSessions(sessions)
      const node = { ...whole, sessions: counted }
      const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: [node, node, node], heldOut })
      const aborter = new AbortController()
      let tokens = 0
      const reading = (async () => {
        const wish: Wish = { ...someWish, mode, draft: 4 }
        for await (const { said } of room.tabs[0].participant.ask(wish, aborter.signal))
          if (said.kind === 'token' && ++tokens === 5) aborter.abort(new Error('Stopped.'))
      })()
      await expect(room.patiently(reading), mode).rejects.toThrow('Stopped.')
      await room.clock.advance(5000)
      room.close()
      await room.clock.advance(1000)
      expect(open.size, mode).toBe(0)
    }
  })
})

describe('a cascade', () => {
  it('believes nothing without text to try itself on, or at no risk; everything at any risk', async () => {
    const { ids } = await ask({})
    const wish = { mode: 'cascade' } as const
    expect((await ask(wish, [whole, whole], () => [])).ids).toEqual(ids)
    expect((await ask({ ...wish, risk: 0 })).ids).toEqual(ids)
    const all = await ask({ ...wish, risk: 1 })
    expect(all.notes.some(({ kind }) => kind === 'judged')).toBe(false)
  })
})

describe('a split', () => {
  it('may be before the first layer, after the last, and wherever both may hold their parts', async () => {
    const { ids } = await ask({})
    for (const cut of [0, 1, layers]) expect((await ask({ mode: 'split', cut })).ids, `${cut}`).toEqual(ids)
    for (const cut of [2, null]) {
      const both = [await capped(2), await capped(2)]
      expect((await ask({ mode: 'split', cut }, both)).ids, `${cut}`).toEqual(ids)
    }
  })
  it('that cannot be had is refused in words', async () => {
    for (const cut of [3, layers + 1])
      await expect(ask({ mode: 'split', cut }, [weak, whole])).rejects.toThrow(/cannot be cut after/)
    await expect(ask({ mode: 'split', cut: 1 }, [whole, weak])).rejects.toThrow(/cannot be cut after 1/)
  })
})

describe('three tiers', () => {
  it('go on, or end in words, where the cloud dies in mid-text', async () => {
    const own = { ...whole, ownAdapter: someAdapter(1) }
    for (const nodes of [
      [whole, whole, { ...own, millisecondsPerLayer: 1 }, own, own],
      [weak, whole, { ...own, millisecondsPerLayer: 1 }],
    ]) {
      const room = await openReasoningRoom({ seed: 3, link: nearby, nodes })
      const wish: Wish = { ...someWish, mode: 'speculative', tiers: 3, tokens: 30 }
      const told = await askInRoom(room, wish, [{ node: 2, token: 8 }]).catch((problem: Error) => problem)
      room.close()
      if (told instanceof Error) expect(told.message).toMatch(/ask the tabs around it/)
      else expect(told.ids.length).toBeGreaterThan(8)
    }
  })
})
