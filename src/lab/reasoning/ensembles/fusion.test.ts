import { describe, expect, it, vi } from 'vitest'
import { massesOf } from '../../../model/masses'
import type { Note } from '../../../reasoning/mode'
import type { Wish } from '../../../reasoning/participant'
import type { Sessions } from '../../../training/session'
import { askInRoom, type Kill } from '../room/asking'
import { type NodeParts, openReasoningRoom, type ReasoningRoom } from '../room/room'
import { capped, microEngine, nearby, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
const { sessions } = compute
const views = ['the sea is red', 'the man', 'an old sea']

interface Scene {
  /** What each node sees, the asker first. */
  readonly views?: readonly (string | undefined)[]
  readonly kills?: readonly Kill[]
  readonly nodes?: readonly NodeParts[]
  /** As soon as the room is there. */
  readonly before?: (room: ReasoningRoom) => void
}

async function ask(wish: Partial<Wish>, { views = [], kills = [], nodes, before = () => {} }: Scene = {}) {
  const usual = someNodes(compute, 4).map((node, index) => ({ ...node, view: views[index] }))
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes: nodes ?? usual })
  before(room)
  try {
    return await askInRoom(room, { ...someWish, mode: 'fusion', temperature: 0, tokens: 20, ...wish }, kills)
  } finally {
    room.close()
  }
}
const gainsIn = (notes: readonly Note[]) =>
  notes.flatMap((note) => (note.kind === 'views' ? [note.gains] : []))
const answeredIn = (notes: readonly Note[]) =>
  gainsIn(notes).map((gains) => gains.filter(({ nats }) => nats !== null).length)

/** An engine that is sure of one word after every text that it is asked about. */
async function convincedOf(word: string): Promise<Sessions> {
  const [id] = await sessions.encode(word)
  const { vocabulary } = await sessions.facts()
  const sure = new Float32Array(vocabulary).with(id, 8)
  return {
    ...sessions,
    async pass(request) {
      const passed = await sessions.pass(request)
      if (passed.kind !== 'masses') return passed
      return { ...passed, masses: passed.masses.with(-1, massesOf(sure, vocabulary)) }
    },
  }
}

describe('views of several tabs', () => {
  it('O22 of which only one sees anything say what that one would say, wherever it is', async () => {
    for (const [index, view] of views.entries()) {
      const alone = await ask({ mode: 'alone', prompt: `${view}\n${someWish.prompt}` })
      const placed = [0, 1, 2, 3].map((node) => (node === index ? view : undefined))
      expect((await ask({}, { views: placed })).ids).toEqual(alone.ids)
    }
  })

  it('O22 of which all but one go in mid-text go on as that one alone, whose asker sees nothing', async () => {
    const all = [undefined, ...views]
    const whole = await ask({}, { views: all })
    const kills = [1, 3].map((node) => ({ node, token: 6 }))
    const less = await ask({}, { views: all, kills })
    expect(less.ids.slice(0, 6)).toEqual(whole.ids.slice(0, 6))
    const said = await sessions.decode(less.ids.slice(0, 7))
    const alone = await ask({ mode: 'alone', prompt: `${views[1]}\n${someWish.prompt}${said}`, tokens: 13 })
    expect(less.ids.slice(7)).toEqual(alone.ids)
    expect([answeredIn(less.notes)[0], answeredIn(less.notes).at(-1)]).toEqual([3, 1])
    expect(less.notes.filter(({ kind }) => kind === 'unseen')).toHaveLength(2)
    expect(less.recoveries).toBe(2)
  })

  it('drop out while their tab stands still, and come back', async () => {
    const told = await ask(
      { tokens: 120 },
      {
        views: [undefined, ...views],
        before({ clock, tabs }) {
          clock.after(300, () => tabs[2].freeze(true))
          clock.after(900, () => tabs[2].freeze(false))
        },
      },
    )
    const counts = answeredIn(told.notes)
    expect(counts).toHaveLength(120)
    expect([counts[0], Math.min(...counts), counts.at(-1)]).toEqual([3, 2, 3])
  })

  it('are heard from the next token on where a tab comes, or is given something to see, in mid-text', async () => {
    let given: string | null = null
    const [node] = someNodes(compute, 1)
    const late = {
      ...node,
      get view() {
        return given
      },
    }
    let joined: Promise<unknown> = Promise.resolve()
    const told = await ask(
      { tokens: 100 },
      {
        nodes: [node, { ...node, view: views[0] }, late],
        before(room) {
          room.clock.after(300, () => {
            given = views[1]
            room.tabs[2].links.introduce()
          })
          room.clock.after(600, () => {
            joined = room.join({ ...node, view: views[2] })
          })
        },
      },
    )
    await joined
    const counts = answeredIn(told.notes)
    expect([counts[0], counts.at(-1)]).toEqual([1, 3])
    expect(counts, 'one after the other').toEqual(counts.toSorted())
  })

  it('are another the moment its person says so: what was seen before counts no more', async () => {
    let seen: string | null = views[0]
    const [node] = someNodes(compute, 1)
    const seeing = {
      ...node,
      get view() {
        return seen
      },
    }
    const change = (to: string | null) => ({
      nodes: [node, seeing],
      before: ({ clock, tabs }: ReasoningRoom) => {
        seen = views[0]
        clock.after(150, () => {
          seen = to
          tabs[1].links.introduce()
        })
      },
    })
    const [kept, changed] = [
      await ask({ tokens: 30 }, change(views[0])),
      await ask({ tokens: 30 }, change(views[2])),
    ]
    const before = kept.ids.findIndex((id, at) => id !== changed.ids[at])
    expect(before).toBeGreaterThan(2)
    expect(answeredIn(changed.notes)).toEqual(Array(30).fill(1))
    // With nothing left to see the text ends, and says what to do.
    await expect(ask({ tokens: 30 }, change(null))).rejects.toThrow(
      'No tab that sees something answers any more. Open one, give it something to see',
    )
  })

  it('are asked for where there are none, and are no longer than leaves room for a question', async () => {
    await expect(ask({})).rejects.toThrow(/No tab in reach has a view of its own/)
    const weak = await capped(2)
    await expect(ask({}, { nodes: [weak, { ...weak, view: 'the sea' }] })).rejects.toThrow(
      /This tab may hold 2 of the model’s 4 layers, so it cannot bring views together/,
    )
  })

  it('say of each word whose view spoke for it, and how much', async () => {
    const [node] = someNodes(compute, 1)
    const sure = { ...node, sessions: await convincedOf('r'), view: 'the sea' }
    const told = await ask({ tokens: 3 }, { nodes: [node, sure, { ...node, view: 'a' }] })
    const by = told.said.flatMap((said) => (said.kind === 'token' ? [said.by] : []))
    const most = gainsIn(told.notes).map(
      (gains) => gains.toSorted((a, b) => (b.nats ?? 0) - (a.nats ?? 0))[0],
    )
    expect(by).toEqual(most.map(({ id }) => id))
    expect(new Set(by).size, 'the sure one').toBe(1)
    expect(most[0].nats).toBeGreaterThan(1)
  })
})

describe('views that contradict each other', () => {
  const between = async (...words: readonly string[]) => {
    const [node] = someNodes(compute, 1)
    const seeing = await Promise.all(
      words.map(async (word) => ({ ...node, sessions: await convincedOf(word), view: 'the sea' })),
    )
    return ask({ tokens: 3 }, { nodes: [node, ...seeing] })
  }
  const contradictionsIn = (notes: readonly Note[]) => notes.filter((note) => note.kind === 'contradiction')

  it('are noticed: who, about which word, and what all together say', async () => {
    const { notes, ids } = await between('r', 'm')
    const [first] = contradictionsIn(notes)
    expect(first.between.map(({ word }) => word).toSorted()).toEqual(['m', 'r'])
    expect(new Set(first.between.map(({ id }) => id)).size).toBe(2)
    expect(first.chosen).toBe(await sessions.decode([ids[0]]))
    expect(ids, 'the text goes on').toHaveLength(3)
  })

  it('and are outvoted where a third sees what one of them sees', async () => {
    const { notes, text } = await between('r', 'm', 'r')
    expect(text).toBe('rrr')
    expect(contradictionsIn(notes)).toHaveLength(3)
  })

  it('are none where all see the same', async () => {
    expect(contradictionsIn((await between('r', 'r')).notes)).toEqual([])
    expect(contradictionsIn((await ask({}, { views: [undefined, ...views] })).notes)).toEqual([])
  })
})

describe('what a tab sees stays with it', () => {
  it('no letter and no packet holds its text or its ids', async () => {
    const secret = 'moon rose deep'
    const ids = await sessions.encode(secret)
    const left: { readonly letters: string[]; readonly bytes: Uint8Array[] } = { letters: [], bytes: [] }
    const { notes } = await ask(
      {},
      {
        views: [undefined, secret, undefined, 'the sea'],
        before({ tabs }) {
          for (const { network } of tabs) {
            const [send, whisper] = [network.send.bind(network), network.whisper.bind(network)]
            vi.spyOn(network, 'send').mockImplementation((to, message, options) => {
              left.letters.push(JSON.stringify(message))
              if (options?.attachment) left.bytes.push(options.attachment)
              return send(to, message, options)
            })
            vi.spyOn(network, 'whisper').mockImplementation((to, channel, bytes) => {
              left.bytes.push(bytes)
              return whisper(to, channel, bytes)
            })
          }
        },
      },
    )
    expect(answeredIn(notes)[0]).toBe(2)
    expect([left.letters.length, left.bytes.length].every((count) => count > 3)).toBe(true)
    for (const letter of left.letters) expect(letter).not.toContain(secret)
    // As they would travel, one beside the other; the question's do.
    const asBytes = (tokens: readonly number[]) => Buffer.from(Uint16Array.from(tokens).buffer)
    const holds = (tokens: readonly number[]) =>
      left.bytes.some((bytes) => Buffer.from(bytes).includes(asBytes(tokens)))
    expect(holds(await sessions.encode(someWish.prompt))).toBe(true)
    for (let at = 0; at + 3 <= ids.length; at++) expect(holds(ids.slice(at, at + 3)), `${at}`).toBe(false)
    expect(left.bytes.some((bytes) => Buffer.from(bytes).includes(secret))).toBe(false)
  })
})
