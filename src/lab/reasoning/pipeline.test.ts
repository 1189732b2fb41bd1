import { describe, expect, it } from 'vitest'
import type { Compute } from '../../training/compute'
import { askInRoom, type Kill } from './asking'
import { openReasoningRoom, type RoomParts } from './room'
import { microEngine, nearby, someNodes, someWish } from './testing'

const compute: Compute = await microEngine()

async function asked(count: number, mode: 'alone' | 'pipeline', kills: readonly Kill[] = [], parts: Partial<RoomParts> = {}) {
  const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: someNodes(compute, count), ...parts })
  const outcome = await askInRoom(room, { ...someWish, mode }, kills)
  room.close()
  return outcome
}

describe('O1 a pipeline', () => {
  it('says what one tab says', async () => {
    const alone = await asked(1, 'alone')
    expect(alone.ids).toHaveLength(40)
    console.log(alone.text)
    for (const count of [2, 3]) {
      const spread = await asked(count, 'pipeline')
      expect(spread.ids).toEqual(alone.ids)
    }
  })
  it('goes on', async () => {
    const alone = await asked(1, 'alone')
    for (const kills of [[{ node: 1, token: 17 }], [{ node: 2, token: 0 }], [{ node: 1, token: 3 }, { node: 2, token: 9 }], [{ node: 0, token: 11 }]]) {
      const t = performance.now()
      const outcome = await asked(4, 'pipeline', kills)
      console.log(JSON.stringify(kills), outcome.recoveries, outcome.replayedTokens, outcome.bytes, outcome.virtualSeconds, performance.now() - t, JSON.stringify(outcome.notes.filter((n) => n.kind === 'lost' || n.kind === 'recovered')))
      expect(outcome.ids).toEqual(alone.ids)
    }
  })
})
