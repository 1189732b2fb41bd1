import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../reading'
import type { Settings } from '../table'
import { further, learningRateIn, learningRatesOf } from './learningRate'

const settings = (said: Partial<Settings>): Settings => ({ ...defaultSettings, lr: 0.01, rounds: 5, ...said })

describe('the learning rate of a round', () => {
  it('is always the same where nobody asks for a schedule', () => {
    expect(learningRatesOf(settings({}))).toEqual([0.01, 0.01, 0.01, 0.01, 0.01])
  })

  it('falls along a cosine, from the whole to a twentieth', () => {
    const rates = learningRatesOf(settings({ lrSchedule: 'cosine' }))
    expect(rates.map((rate) => 100 * rate)).toEqual(
      [1, 0.861, 0.525, 0.189, 0.05].map((rate) => expect.closeTo(rate, 3)),
    )
  })

  it('of one round is the whole, and does not grow again behind the last', () => {
    expect(learningRatesOf(settings({ lrSchedule: 'cosine', rounds: 1 }))).toEqual([0.01])
    expect(learningRateIn(settings({ lrSchedule: 'cosine' }), 9)).toBeCloseTo(0.0005, 8)
    expect(learningRateIn(settings({ lrSchedule: 'cosine' }), 0)).toBe(0.01)
  })

  it.each(['asynchronous', 'gossip'] as const)('knows no rounds in scheme %s', (scheme) => {
    expect(learningRateIn(settings({ lrSchedule: 'cosine', scheme }), 5)).toBe(0.01)
  })

  it('of longer steps grows as far as is safe, and never falls', () => {
    expect([further(0.002, 4), further(0.005, 4), further(0.1, 4)]).toEqual([0.008, 0.01, 0.1])
    expect(further(0.002, 1)).toBe(0.002)
  })
})
