import { describe, expect, it } from 'vitest'
import type { ModeName } from '../../../reasoning/mode'
import { losslessModes, type Strain } from '../../../reasoning/plan/choose'
import type { Outcome } from '../room/asking'
import { seedlingSessions } from '../room/testing'
import { askAllIn, drawnSettings, type Happening, type Setting } from './choosing'

const isFull = process.env.GOSSAMER_FULL === '1'
/** Of the tabs that work together; and of those that ask them the same time. */
const [sessions, others] = [await seedlingSessions(), await seedlingSessions()]
const engines = { own: sessions, others }

const askAll = (mode: ModeName, setting: Setting, happening?: Happening) =>
  askAllIn(engines, mode, setting, happening)

const ask = async (...asked: Parameters<typeof askAll>): Promise<Outcome> => (await askAll(...asked))[0]
const choicesIn = ({ notes }: Outcome) => notes.flatMap((note) => (note.kind === 'mode' ? [note] : []))
const modesOf = (outcome: Outcome) => choicesIn(outcome).map(({ mode }) => mode)
const whysOf = (outcome: Outcome) => choicesIn(outcome).map(({ why }) => why)

describe('a tab that chooses how to work', () => {
  it('is at most ten per cent slower than the best mode with hindsight, whatever the links, speeds and loads', async () => {
    for (const setting of drawnSettings(isFull ? 10 : 2, isFull ? 3 : 1)) {
      const seeds = isFull ? [7, 8, 9] : [7]
      const secondsOf = (outcomes: readonly Outcome[]) =>
        outcomes.reduce((sum, { virtualSeconds }) => sum + virtualSeconds, 0)
      const times: Partial<Record<ModeName, number>> = {}
      for (const mode of losslessModes) times[mode] = secondsOf(await askAll(mode, setting, { seeds }))
      const chosen = await askAll('auto', setting, { seeds })
      const share = secondsOf(chosen) / Math.min(...Object.values(times))
      const said = JSON.stringify({ setting, times, chosen: secondsOf(chosen), modes: chosen.map(modesOf) })
      expect(share, said).toBeLessThanOrEqual(1.1)
      expect(chosen[0].hash).toBe((await ask('alone', setting)).hash)
    }
  }, 600_000)

  it('goes over to another way where an edge dies, says so, and the text is the same', async () => {
    const setting = { speeds: [12, 1], roundTripMs: 20 }
    const { hash } = await ask('alone', setting)
    const told = await ask('auto', setting, { kills: [{ node: 1, token: 12 }] })
    expect(told.hash).toBe(hash)
    const [first, ...further] = choicesIn(told)
    expect(first.from).toBeNull()
    expect(first.mode).not.toBe('alone')
    expect(further).toEqual([
      {
        kind: 'mode',
        mode: 'alone',
        from: first.mode,
        why: 'Somebody is gone: Nobody who could help has answered, so this tab works alone.',
      },
    ])
  })

  it('goes over to another way where somebody comes who makes it faster', async () => {
    const setting = { speeds: [12], roundTripMs: 10 }
    const { hash } = await ask('alone', setting)
    const told = await ask('auto', setting, {
      meanwhile: (room) =>
        room.clock.after(600, () => void room.join({ sessions, millisecondsPerLayer: 0.5 })),
    })
    expect(told.hash).toBe(hash)
    expect(modesOf(told)).toHaveLength(2)
    expect(modesOf(told)[0]).toBe('alone')
    expect(whysOf(told)[1]).toMatch(/^Somebody has come: So a token takes about \d+ ms, in any other way/)
  })

  it('changes its mind where tokens take longer than was foreseen', async () => {
    const setting = { speeds: [4, 30], roundTripMs: 4 }
    const { hash } = await ask('alone', setting)
    const told = await ask('auto', setting, {
      // The edge says of itself that it is fast, and is not.
      claims: { millisecondsPerLayer: 0.25 },
    })
    expect(told.hash).toBe(hash)
    expect(modesOf(told).at(-1)).toBe('alone')
    expect(whysOf(told).at(-1)).toMatch(/^Tokens took longer than was foreseen: By itself this tab takes/)
  })

  it('begins by itself where others answer too late to be waited for', async () => {
    const setting = { speeds: [1, 0.5], roundTripMs: 400 }
    const told = await ask('auto', setting, { tokens: 20 })
    expect(modesOf(told)).toEqual(['alone'])
    expect(told.virtualSeconds, 'less than a round trip').toBeLessThan(0.4)
  })

  it('works alone where that is as fast, and spares a battery that is nearly empty, and a hidden tab', async () => {
    const setting = { speeds: [2, 1.5], roundTripMs: 16 }
    expect(modesOf(await ask('auto', setting, { tokens: 20 }))).toEqual(['alone'])
    for (const strain of ['battery', 'hidden'] as const)
      expect(modesOf(await ask('auto', setting, { strain: () => strain })).at(-1)).not.toBe('alone')
  })

  it('spares itself from the moment it is hidden', async () => {
    const setting = { speeds: [2, 1.5], roundTripMs: 16 }
    let strain: Strain | null = null
    const told = await ask('auto', setting, {
      strain: () => strain,
      meanwhile({ clock }) {
        clock.after(150, () => {
          strain = 'hidden'
        })
      },
    })
    expect(told.hash).toBe((await ask('alone', setting)).hash)
    expect(modesOf(told)).toEqual(['alone', 'speculative'])
    expect(whysOf(told)[1]).toBe(
      'This tab is hidden, which its browser slows down, so others compute what they can.',
    )
  })

  it('works with others where it may not hold the model', async () => {
    const setting = { speeds: [1, 1, 1], roundTripMs: 80, caps: [2, 3, 3] }
    const told = await ask('auto', setting, { tokens: 20 })
    expect(modesOf(told)).toEqual(['pipeline'])
    expect(whysOf(told)).toEqual([
      'This tab may hold 2 of the model’s 6 layers, so others do what it cannot.',
    ])
  })

  it('says with each of its answers how it works, also where it goes on from the last', async () => {
    const told = await askAll('auto', { speeds: [1, 3], roundTripMs: 10 }, { tokens: 8, seeds: [7, 7, 8] })
    expect(told.map(modesOf)).toEqual([['alone'], ['alone'], ['alone']])
  })
})
