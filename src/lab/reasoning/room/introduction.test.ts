/** What whoever looks on is told of a text: who does what as each answer begins, and whoever goes on for one that is lost. */
import { describe, expect, it } from 'vitest'
import { askInRoom, type Kill } from './asking'
import { openReasoningRoom } from './room'
import { capped, microEngine, nearby, someNodes, someWish } from './testing'

const compute = await microEngine()
type Wish = typeof someWish

async function roomOf(nodes = someNodes(compute, 3)) {
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes, merged: null, heldOut: () => [] })
  return {
    close: () => room.close(),
    ask: (wish: Partial<Wish>, kills: readonly Kill[] = []) =>
      askInRoom(room, { ...someWish, tokens: 12, stages: 2, ...wish }, kills),
  }
}

describe('who does what', () => {
  const modes = ['pipeline', 'split', 'speculative', 'cascade', 'multi-access'] as const
  for (const mode of modes)
    it(`is told as each answer begins, also of one that goes on with tabs that are at work: ${mode}`, async () => {
      const room = await roomOf()
      for (const answer of ['the first', 'the second']) {
        const { notes } = await room.ask({ mode, doubt: 0.5 })
        const first = notes.find(({ kind }) => kind !== 'gathered')
        expect(first, answer).toMatchObject({ kind: 'stages' })
      }
      room.close()
    })

  it('is the device with the layers that guess, then those that judge with all', async () => {
    const room = await roomOf([await capped(1), ...someNodes(compute, 2)])
    const layersOf = async (mode: Wish['mode']) => {
      const { notes } = await room.ask({ mode })
      const [stages] = notes.filter((note) => note.kind === 'stages')
      return stages.stages.map(({ layers }) => layers)
    }
    expect(await layersOf('speculative')).toEqual([
      [0, 1],
      [0, 4],
    ])
    expect(await layersOf('multi-access')).toEqual([
      [0, 1],
      [0, 4],
      [0, 4],
    ])
    room.close()
  })

  it('is told anew where an edge is lost, with who goes on for it and how long that took', async () => {
    for (const mode of ['speculative', 'multi-access'] as const) {
      const room = await roomOf()
      const { notes } = await room.ask(
        { mode, tokens: 40 },
        [1, 2].map((node) => ({ node, token: 9 })),
      )
      const kinds = notes.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'lost').length, mode).toBeGreaterThan(0)
      expect(kinds.lastIndexOf('recovered'), mode).toBeGreaterThan(kinds.lastIndexOf('lost'))
      const last = notes.filter((note) => note.kind === 'stages').at(-1)!
      const [device, ...judges] = last.stages
      expect(
        judges.map(({ id }) => id),
        'it judges by itself',
      ).toEqual([device.id])
      expect(notes.filter((note) => note.kind === 'handover').at(-1)).toMatchObject({ to: device.id })
      room.close()
    }
  })
})

describe('a question that is worked on in another way', () => {
  it('does not go on with tabs that were told of the first: rows travel as they were asked for', async () => {
    const room = await roomOf()
    const bytes = async (codec: Wish['codec'], before: number) =>
      (await room.ask({ mode: 'split', cut: 2, codec })).bytes - before
    const exact = await bytes('float32', 0)
    const short = await bytes('int8', exact)
    expect(short).toBeLessThan(exact / 2)
    room.close()
  })

  it('finds room for its layers in a tab that may hold but a few', async () => {
    const room = await roomOf([await capped(2), ...someNodes(compute, 2)])
    const hashes = []
    for (const wish of [
      { mode: 'split', cut: 1 },
      { mode: 'speculative' },
      { mode: 'split', cut: 2 },
    ] as const)
      hashes.push((await room.ask(wish)).hash)
    expect(new Set(hashes).size).toBe(1)
    room.close()
  })
})
