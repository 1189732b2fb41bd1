import { describe, expect, it } from 'vitest'
import { unreadTexts } from '../../../corpora/pretraining'
import { usualExitDoubt } from '../../../reasoning/modes/earlyExit/earlyExit'
import { askInRoom } from '../room/asking'
import { openReasoningRoom } from '../room/room'
import { microEngine, nearby, seedlingSessions, someAdapter, someWish } from '../room/testing'
import { leavingEarly } from './leaving'

const isFull = process.env.GOSSAMER_FULL === '1'

async function ask(wish: Partial<typeof someWish>, bytes: Uint8Array | null = null) {
  const { sessions } = await microEngine()
  const adapter = bytes && { hash: 'ab'.repeat(32), bytes }
  const nodes = [{ sessions, millisecondsPerLayer: 2 }]
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes, merged: adapter })
  const outcome = await askInRoom(room, { ...someWish, ...wish, adapter })
  room.close()
  return outcome
}

describe('O17 a text that is left early', () => {
  it('nowhere is the whole model’s, bit by bit, greedy and drawn, with an adapter, beyond the window', async () => {
    for (const temperature of [0, 0.9])
      for (const adapter of [null, someAdapter(3)]) {
        const wish = { temperature, tokens: 220 }
        const early = await ask({ ...wish, mode: 'early-exit', doubt: 0 }, adapter)
        expect(early.ids).toEqual((await ask(wish, adapter)).ids)
        expect(early.shares.layersSaved).toBe(0)
      }
  })
  it('everywhere takes half of the layers; in between, what stays is counted, and time is saved', async () => {
    const wish = { mode: 'early-exit', temperature: 0.9 } as const
    const [never, sometimes, always] = [
      await ask({ ...wish, doubt: 0 }),
      await ask({ ...wish, doubt: 0.5 }),
      await ask({ ...wish, doubt: 2 }),
    ]
    expect(always.shares.layersSaved).toBe(0.5)
    expect(sometimes.shares.layersSaved).toBeGreaterThan(0)
    expect(sometimes.shares.layersSaved).toBeLessThan(0.5)
    expect(sometimes.virtualSeconds).toBeLessThan(never.virtualSeconds)
    expect(always.virtualSeconds).toBeLessThan(sometimes.virtualSeconds)
  })
})

it('seedling saves a quarter of its layers and more for at most two per cent of perplexity', async () => {
  const sessions = await seedlingSessions()
  const some = unreadTexts('seedling').slice(0, isFull ? 70 : 10)
  const texts = await Promise.all(some.map(async (text) => (await sessions.encode(text)).slice(0, 120)))
  const [whole, early] = [
    await leavingEarly(sessions, null, texts, 0),
    await leavingEarly(sessions, null, texts, usualExitDoubt),
  ]
  expect(early.saved).toBeGreaterThanOrEqual(0.25)
  expect(early.perplexity / whole.perplexity).toBeLessThanOrEqual(1.02)
}, 300_000)
