import { afterAll, describe, expect, it } from 'vitest'
import { machines } from '../../../kernels/machines/testing'
import type { Note } from '../../../reasoning/mode'
import type { Compute } from '../../../training/compute'
import { askInRoom, type Kill, type Outcome } from '../room/asking'
import { type NodeParts, openReasoningRoom, type RoomParts } from '../room/room'
import { capped, microEngine, nearby, someAdapter, someNodes, someWish } from '../room/testing'

const compute: Compute = await microEngine()
const tokens = 40
/** Of which a machine may have none. */
const gpus = [...(await machines()).keys()].filter((name) => name === 'webgpu')
const isFull = process.env.GOSSAMER_FULL === '1'

interface Setting extends Partial<Pick<RoomParts, 'link' | 'merged' | 'seed'>> {
  readonly nodes?: readonly NodeParts[]
  readonly mode?: 'alone' | 'pipeline'
  readonly wish?: Partial<typeof someWish>
  readonly kills?: readonly Kill[]
}

async function asked(
  count: number,
  { nodes, mode = 'pipeline', wish, kills, ...parts }: Setting = {},
): Promise<Outcome> {
  const all = nodes ?? someNodes(compute, count)
  const room = await openReasoningRoom({ seed: 1, link: nearby, ...parts, nodes: all })
  const adapter = parts.merged ?? null
  const outcome = await askInRoom(room, { ...someWish, tokens, adapter, ...wish, mode }, kills)
  room.close()
  return outcome
}
const alone = (setting: Setting = {}) => asked(1, { ...setting, mode: 'alone' })
const kindsOf = (notes: readonly Note[]) => notes.map(({ kind }) => kind)

const reference = { greedy: await alone({ wish: { temperature: 0 } }), drawn: await alone() }

describe('O1 a text that several tabs make', () => {
  it.each([2, 3])('is what one tab says, over %i tabs, greedy and drawn', async (count) => {
    expect((await asked(count, { wish: { temperature: 0 } })).ids).toEqual(reference.greedy.ids)
    expect((await asked(count)).hash).toBe(reference.drawn.hash)
  })

  it('is the same for every prompt, to the end of a text', { timeout: 240_000 }, async () => {
    const prompts = Array.from({ length: isFull ? 20 : 4 }, (_, nth) =>
      'the sea is wide and so am I'.slice(nth, nth + 7),
    )
    let said = 0
    for (const [nth, prompt] of prompts.entries())
      for (const temperature of [0, 0.9]) {
        const wish = { prompt, temperature, seed: 100 + nth, tokens: 128 }
        const one = await alone({ wish })
        for (const count of [2, 3]) expect((await asked(count, { wish })).ids).toEqual(one.ids)
        said += one.ids.length
      }
    expect(said).toBeGreaterThan(isFull ? 1500 : 200)
  })

  it('is the same to the end of the window and beyond, where the older half is forgotten', async () => {
    const wish = { tokens: 260, prompt: 'abc'.repeat(20) }
    expect((await asked(3, { wish })).ids).toEqual((await alone({ wish })).ids)
  })

  it('is the same with an adapter, on links that are slow and lose packets, and for a prompt longer than a tab can hold', async () => {
    const merged = { hash: 'a'.repeat(64), bytes: someAdapter(3) }
    const link = { delayMs: 80, jitter: 0.5, loss: 0.05, bytesPerSecond: 200_000 }
    const wish = { prompt: 'a sailor '.repeat(30), tokens: 20 }
    const one = await alone({ merged, wish })
    expect((await asked(3, { merged, link, wish })).ids).toEqual(one.ids)
    expect((await alone({ wish })).ids).not.toEqual(one.ids)
  })

  it('can be made by tabs of which none may hold the model', async () => {
    const nodes = [await capped(1), await capped(2), await capped(1)]
    const outcome = await asked(3, { nodes })
    expect(outcome.ids).toEqual(reference.drawn.ids)
    const [stages] = outcome.notes.filter((note) => note.kind === 'stages')
    expect(stages.stages.map(({ layers: [from, to] }) => to - from)).toEqual([1, 2, 1])
  })

  it.each(gpus)('is the same on a GPU: %s', { timeout: 240_000 }, async (machine) => {
    const gpu = await microEngine(undefined, machine)
    const texts = isFull ? ['the sea', 'a ship'] : ['the sea']
    for (const prompt of texts) {
      const wish = { prompt, tokens: isFull ? 32 : 6 }
      const one = await asked(1, { nodes: someNodes(gpu, 1), mode: 'alone', wish })
      const spread = await asked(2, { nodes: someNodes(gpu, 2), wish, kills: [{ node: 1, token: 4 }] })
      expect(spread.ids).toEqual(one.ids)
    }
  })

  it('costs no more tokens a second than travelling takes', async () => {
    const free = { delayMs: 0, jitter: 0, loss: 0, bytesPerSecond: Number.POSITIVE_INFINITY }
    const [one, three] = [await alone({ link: free }), await asked(3, { link: free })]
    // At zero link cost the stages together compute what one tab computes.
    expect(three.virtualSeconds).toBeLessThanOrEqual(1.25 * one.virtualSeconds)
  })
})

describe('O2 a tab that dies in mid-sentence', () => {
  /** Every stage at every token; a slice of it where time is short. */
  const all = [1, 2, 3].flatMap((node) => Array.from({ length: tokens }, (_, token) => ({ node, token })))
  const schedules: readonly (readonly Kill[])[] = isFull
    ? [
        ...all.map((kill) => [kill]),
        ...all.map((kill) => [{ node: 0, token: kill.token }]).slice(0, tokens),
        ...all.flatMap(({ node, token }) =>
          [1, 2, 3]
            .filter((other) => other !== node)
            .map((other) => [
              { node, token },
              { node: other, token },
            ]),
        ),
        ...all.map(({ node, token }) => [
          { node, token },
          { node: (node % 3) + 1, token: token + 1 },
        ]),
      ]
    : [
        ...all.filter(({ token }, index) => (token + index) % 13 === 0).map((kill) => [kill]),
        [{ node: 0, token: 0 }],
        [{ node: 0, token: 21 }],
        [
          { node: 1, token: 5 },
          { node: 2, token: 5 },
        ],
        [
          { node: 3, token: 0 },
          { node: 2, token: 1 },
          { node: 1, token: 2 },
        ],
        [
          { node: 0, token: 9 },
          { node: 1, token: 20 },
        ],
      ]
  let survived = 0
  afterAll(() => console.log(`${schedules.length} kill schedules, ${survived} deaths survived`))

  it.each(
    schedules.map((kills) => [kills.map(({ node, token }) => `${node}@${token}`).join(' '), kills] as const),
  )('changes nothing: %s', async (_, kills) => {
    const outcome = await asked(4, { kills })
    expect(outcome.ids).toEqual(reference.drawn.ids)
    expect(outcome.recoveries).toBeGreaterThan(0)
    survived += outcome.recoveries
  })

  it('is replaced again where its successor dies while it reads what was said', async () => {
    for (const afterMs of [1, 4, 8, 12, 20]) {
      const nodes = someNodes(compute, 5)
      const room = await openReasoningRoom({ seed: 1, link: nearby, nodes })
      const answering = room.tabs[0].participant.ask(
        { ...someWish, tokens, stages: 3, mode: 'pipeline' },
        new AbortController().signal,
      )
      let ids: readonly number[] = []
      const deaths: string[] = []
      const reading = (async () => {
        for await (const { said, answer } of answering) {
          if (answer) ids = answer.ids
          if (said.kind === 'note' && said.note.kind === 'lost') deaths.push(said.note.id)
          if (said.kind !== 'token' || ids.length !== 12) continue
          // One stage dies now, and whoever takes over a moment later.
          room.tabs[1].kill()
          room.clock.after(afterMs, () => {
            room.tabs[3].kill()
            room.tabs[4].kill()
          })
        }
      })()
      await room.patiently(reading)
      room.close()
      expect(ids).toEqual(reference.drawn.ids)
      expect(deaths.length).toBeGreaterThan(0)
    }
  })

  it('reads again what the lost one had read, from the beginning and nothing else', async () => {
    const { replayedTokens, notes } = await asked(3, { kills: [{ node: 1, token: 30 }] })
    expect(replayedTokens).toBe(someWish.prompt.length + 30)
    expect(kindsOf(notes)).toEqual(['gathered', 'stages', 'lost', 'stages', 'recovered', 'checked'])
  })

  it('is missed at once, and whoever hangs within three seconds', async () => {
    const closed = await asked(4, { kills: [{ node: 1, token: 10 }] })
    const [lost] = closed.notes.filter((note) => note.kind === 'lost')
    expect(lost.detectedMs).toBeLessThanOrEqual(500)
    const [recovered] = closed.notes.filter((note) => note.kind === 'recovered')
    const prefillMs = 2 * 2 * (1 + 0.25 * 20) // two layers of 2 ms, a quarter for each further row
    expect(recovered.milliseconds).toBeLessThanOrEqual(lost.detectedMs + prefillMs + 4 * nearby.delayMs + 20)
  })
})

describe('a tab that comes while a text is being made', () => {
  it('takes layers where that makes the text much faster, and nothing changes but that', async () => {
    const slow = someNodes(compute, 2).map((node) => ({ ...node, millisecondsPerLayer: 40 }))
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: slow })
    let ids: readonly number[] = []
    const stages: string[][] = []
    const heard = room.tabs[0].participant.ask(
      { ...someWish, tokens, stages: 2, mode: 'pipeline' },
      new AbortController().signal,
    )
    const reading = (async () => {
      for await (const { said, answer } of heard) {
        if (answer) ids = answer.ids
        if (said.kind === 'note' && said.note.kind === 'stages')
          stages.push(said.note.stages.map(({ id }) => id))
        if (said.kind === 'token' && ids.length === 6) void room.join({ ...slow[0], millisecondsPerLayer: 2 })
      }
    })()
    await room.patiently(reading)
    room.close()
    expect(ids).toEqual(reference.drawn.ids)
    const [first, last] = [stages[0], stages.at(-1)!]
    expect(first).toEqual([room.tabs[0].id, room.tabs[1].id])
    expect(last).toContain(room.tabs[2].id)
  })
})

describe('machines that compute otherwise', () => {
  it('are taken only where no like one is left, so that the same bits go on', async () => {
    const [node] = someNodes(compute, 1)
    const nodes = [node, node, { ...node, fingerprint: 'another', millisecondsPerLayer: 0.1 }, node]
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes })
    const wish = { ...someWish, tokens, stages: 2, mode: 'pipeline' } as const
    const { ids, notes } = await askInRoom(room, wish, [{ node: 1, token: 9 }])
    room.close()
    expect(ids).toEqual(reference.drawn.ids)
    const used = notes.flatMap((note) => (note.kind === 'stages' ? note.stages.map(({ id }) => id) : []))
    expect(used).not.toContain(room.tabs[2].id)
  })
})

describe('O3 a tab that was only asleep', () => {
  it('is replaced while it hangs, and disturbs nobody when it wakes', async () => {
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: someNodes(compute, 4) })
    let ids: readonly number[] = []
    const notes: Note[] = []
    const heard = room.tabs[0].participant.ask(
      { ...someWish, tokens, mode: 'pipeline' },
      new AbortController().signal,
    )
    const reading = (async () => {
      for await (const { said, answer } of heard) {
        if (answer) ids = answer.ids
        if (said.kind === 'note') notes.push(said.note)
        if (said.kind === 'token' && ids.length === 8) {
          room.tabs[2].freeze(true)
          // It wakes while its successor works, and answers what it was asked.
          room.clock.after(2_000, () => room.tabs[2].freeze(false))
        }
      }
    })()
    await room.patiently(reading)
    room.close()
    expect(ids).toEqual(reference.drawn.ids)
    const [lost] = notes.filter((note) => note.kind === 'lost')
    expect(lost.id).toBe(room.tabs[2].id)
    expect(lost.detectedMs).toBeLessThanOrEqual(3000)
  })
})
