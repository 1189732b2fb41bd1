import { describe, expect, it } from 'vitest'
import { chooseMode, type Estimate, estimates, type LosslessMode, type Means, type Standing } from './choose'
import { paceAfter, slowness, unknownPace } from './pace'
import { place } from './placement'
import { type Occasion, whyIn } from './why'

const layers = 6
const tab = (millisecondsPerLayer: number, overheadMs = 0, mostLayers = layers) => ({
  id: `${millisecondsPerLayer} ${overheadMs}`,
  millisecondsPerLayer,
  overheadMs,
  mostLayers,
})
const means = (own: ReturnType<typeof tab>, ...others: ReturnType<typeof tab>[]): Means => ({
  layers,
  own,
  others,
  acceptance: 0.8,
  draftLayers: Math.min(3, own.mostLayers),
  plan: place([own, ...others], layers),
})
const millisecondsOf = (all: readonly Estimate[], mode: LosslessMode) =>
  all.find((one) => one.mode === mode)?.millisecondsPerToken

describe('what is foreseen', () => {
  it('alone is the tab’s own layers, and what it does for others in between', () => {
    expect(millisecondsOf(estimates(means(tab(2))), 'alone')).toBe(12)
    expect(millisecondsOf(estimates(means(tab(2, 5))), 'alone')).toBe(17)
    expect(millisecondsOf(estimates(means(tab(2, 0, 5), tab(2))), 'alone')).toBeUndefined()
  })
  it('is only what there is: nobody else, no several edges, nobody who judges', () => {
    const named = (room: Means) => estimates(room).map(({ mode }) => mode)
    expect(named(means(tab(2)))).toEqual(['alone'])
    expect(named(means(tab(2), tab(1, 10)))).not.toContain('multi-access')
    expect(named(means(tab(2, 0, 2), tab(1, 10, 4)))).toEqual(['pipeline', 'split'])
  })
  it('grows with the round trip and with what the other does for others', () => {
    for (const mode of ['speculative', 'split', 'pipeline'] as const) {
      const [near, far] = [10, 80].map((overheadMs) =>
        millisecondsOf(estimates(means(tab(40), tab(1, overheadMs))), mode),
      )
      expect(far, mode).toBeGreaterThan(near!)
    }
  })
})

describe('the choice', () => {
  const one = (mode: LosslessMode, millisecondsPerToken: number, ownMs = 0, readingMs = 0): Estimate => ({
    mode,
    millisecondsPerToken,
    ownMs,
    readingMs,
  })
  const standing: Standing = { inUse: null, strain: null, length: 10, left: 100 }
  const chosen = (found: readonly Estimate[], how: Partial<Standing> = {}) =>
    chooseMode(found, { ...standing, ...how })?.mode ?? null

  it('is the soonest, and none where there is none', () => {
    expect(chosen([one('alone', 12), one('split', 9)])).toBe('split')
    expect(chosen([])).toBeNull()
  })
  it('stays where another is hardly better, or is not worth reading the text anew', () => {
    const found = [one('alone', 10), one('split', 9.7)]
    expect(chosen(found, { inUse: 'alone' })).toBe('alone')
    const better = [one('alone', 10, 0, 3), one('split', 7, 0, 3)]
    expect(chosen(better, { inUse: 'alone' })).toBe('split')
    expect(chosen(better, { inUse: 'alone', length: 90, left: 20 })).toBe('alone')
  })
  it('leaves a mode that cannot be had any more', () => {
    expect(chosen([one('alone', 50)], { inUse: 'split' })).toBe('alone')
  })
  it('counts its own computing twice where power is short, in either direction', () => {
    const found = [one('alone', 12, 12), one('speculative', 14, 6)]
    expect(chosen(found)).toBe('alone')
    for (const strain of ['battery', 'hidden'] as const) {
      expect(chosen(found, { strain })).toBe('speculative')
      expect(chosen(found, { strain, inUse: 'alone' })).toBe('speculative')
    }
    expect(chosen(found, { inUse: 'speculative' }), 'it may compute again').toBe('alone')
  })
})

describe('the pace', () => {
  const measured = (rounds: readonly (readonly [tokens: number, milliseconds: number])[]) =>
    rounds.reduce(
      (pace, [tokens, milliseconds]) => paceAfter(pace, { tokens, milliseconds, foreseenMs: 10 }),
      unknownPace,
    )
  it('is as foreseen before anything was measured, and where it is so', () => {
    expect(slowness(unknownPace)).toBe(1)
    expect(slowness(measured([[4, 40]]))).toBeCloseTo(1, 12)
  })
  it('comes near what is measured, a round of many tokens counting for as many', () => {
    const rounds = Array.from(
      { length: 30 },
      () =>
        [
          [1, 20],
          [4, 20],
        ] as const,
    ).flat()
    // 40 ms for five tokens, whatever the rounds are like.
    expect(slowness(measured(rounds))).toBeCloseTo(0.8, 1)
  })
  it('forgets what was long ago', () => {
    const slow = Array.from({ length: 40 }, () => [1, 50] as const)
    const well = Array.from({ length: 100 }, () => [1, 10] as const)
    expect(slowness(measured(slow))).toBeGreaterThan(4)
    expect(slowness(measured([...slow, ...well]))).toBeLessThan(1.6)
  })
})

describe('why', () => {
  const estimate = (mode: LosslessMode, millisecondsPerToken: number): Estimate => ({
    mode,
    millisecondsPerToken,
    ownMs: 1,
    readingMs: 1,
  })
  const [alone, split] = [estimate('alone', 24), estimate('split', 8.6)]
  const whole = { layers, of: layers }
  const said = (chosen: Estimate, occasion: Occasion, found = [alone, split], how = {}) =>
    whyIn({ chosen, found, occasion, strain: null, holds: whole, ...how })
  it('is one sentence: what was found, and what made the tab look', () => {
    expect(said(split, 'begins')).toBe('So a token takes about 9 ms, in any other way at least 24 ms.')
    expect(said(alone, 'measured')).toBe(
      'Tokens took longer than was foreseen: By itself this tab takes about 24 ms a token, with others at least 9 ms.',
    )
    expect(said(alone, 'left', [alone])).toBe(
      'Somebody is gone: Nobody who could help has answered, so this tab works alone.',
    )
    expect(said(split, 'begins', undefined, { holds: { layers: 2, of: 6 } })).toBe(
      'This tab may hold 2 of the model’s 6 layers, so others do what it cannot.',
    )
    expect(said(split, 'strained', undefined, { strain: 'battery' })).toBe(
      'This tab’s battery is nearly empty, so others compute what they can.',
    )
  })
})
