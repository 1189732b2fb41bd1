import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import type { ModeName } from '../../../reasoning/mode'
import { losslessModes } from '../../../reasoning/plan/choose'
import { usualWish } from '../../../reasoning/usual'
import { askInRoom, type Kill } from '../room/asking'
import { openNodes } from '../room/nodes'
import { openReasoningRoom } from '../room/room'

const isFull = process.env.GOSSAMER_FULL === '1'
const [{ sessions }] = await openNodes({
  model: 'public/models/seedling',
  backend: 'wasm',
  precision: 'auto',
  count: 1,
  caps: new Map(),
  own: [],
  merged: null,
  millisecondsPerLayer: 1,
})
const { layers } = await sessions.facts()

interface Setting {
  readonly speeds: readonly number[]
  readonly roundTripMs: number
  readonly caps?: readonly (number | undefined)[]
}

async function ask(
  mode: ModeName,
  { speeds, roundTripMs, caps = [] }: Setting,
  { kills = [] as readonly Kill[], tokens = 128, isLowOnPower = false } = {},
) {
  const nodes = speeds.map((millisecondsPerLayer, index) => ({
    sessions,
    millisecondsPerLayer,
    mostLayers: caps[index] ?? layers,
    isLowOnPower,
  }))
  const link = { delayMs: roundTripMs / 2, jitter: 0, loss: 0, bytesPerSecond: 1.25e6 }
  const room = await openReasoningRoom({ seed: 1, link, nodes })
  const prompt = 'The nurse put the'
  const wish = { ...usualWish, mode, prompt, tokens, seed: 7, temperature: 0.9, adapter: null }
  const outcome = await askInRoom(room, wish, kills)
  room.close()
  return outcome
}
const modesOf = (outcome: Awaited<ReturnType<typeof ask>>) =>
  outcome.notes.flatMap((note) => (note.kind === 'mode' ? [note.mode] : []))

describe('a tab that chooses how to work', () => {
  it('is at most ten per cent slower than the best mode with hindsight, whatever the links and speeds', async () => {
    const draw = random(5, 'rooms')
    const pick = <Value>(values: readonly Value[]) => values[Math.floor(draw.next() * values.length)]
    for (let room = 0; room < (isFull ? 10 : 3); room++) {
      const setting: Setting = {
        speeds: [pick([1, 4, 12]), pick([0.5, 1, 3]), pick([0.5, 2])],
        roundTripMs: pick([2, 10, 40, 120]),
      }
      const times: Partial<Record<ModeName, number>> = {}
      for (const mode of losslessModes) times[mode] = (await ask(mode, setting)).virtualSeconds
      const chosen = await ask('auto', setting)
      const best = Math.min(...Object.values(times))
      const said = JSON.stringify({ setting, times, chosen: chosen.virtualSeconds, modes: modesOf(chosen) })
      expect(chosen.virtualSeconds / best, said).toBeLessThanOrEqual(1.1)
      expect(chosen.hash).toBe((await ask('alone', setting)).hash)
    }
  }, 600_000)

  it('goes over to another way where an edge dies, and the text is the same', async () => {
    const setting = { speeds: [12, 1], roundTripMs: 20 }
    const { hash } = await ask('alone', setting)
    const told = await ask('auto', setting, { kills: [{ node: 1, token: 12 }] })
    expect(told.hash).toBe(hash)
    expect(modesOf(told)[0]).not.toBe('alone')
    expect(modesOf(told).at(-1)).toBe('alone')
  })

  it('works alone where that is as fast, and spares a battery that is nearly empty', async () => {
    const setting = { speeds: [2, 1.5], roundTripMs: 16 }
    expect(modesOf(await ask('auto', setting, { tokens: 20 }))).toEqual(['alone'])
    expect(modesOf(await ask('auto', setting, { tokens: 20, isLowOnPower: true }))[0]).not.toBe('alone')
  })

  it('works with others where it may not hold the model', async () => {
    const setting = { speeds: [1, 1, 1], roundTripMs: 80, caps: [2, 3, 3] }
    const told = await ask('auto', setting, { tokens: 20 })
    expect(modesOf(told)).toEqual(['pipeline'])
  })
})
