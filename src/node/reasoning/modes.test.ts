import { describe, expect, it } from 'vitest'
import { isLossless, type ModeName, modeNames, rolesIn } from './modes'

describe('the roles', () => {
  const roles = (mode: ModeName, ...ids: string[]) =>
    rolesIn({ way: mode, stages: ids.map((id) => ({ id, layers: [0, 1] })) }, 'me')
  it('are those of a pipeline, or of a device and its edges', () => {
    expect(roles('pipeline', 'me', 'a')).toEqual(['asker', 'stage'])
    expect(roles('split', 'me', 'a')).toEqual(['device', 'edge'])
    expect(roles('multi-access', 'me', 'a', 'b')).toEqual(['device', 'edge', 'edge'])
    expect(roles('speculative', 'me', 'me'), 'its own judge').toEqual(['device', 'edge'])
    expect(roles('split', 'a'), 'nothing of it here').toEqual(['edge'])
  })
})

describe('the promise to say what one tab would say', () => {
  it('is that of the mode, and broken by short rows', () => {
    const lossless = modeNames.filter((mode) => isLossless(mode, { codec: 'float32', tiers: 2 }))
    expect(lossless).toEqual(['alone', 'pipeline', 'speculative', 'split', 'multi-access', 'auto'])
    for (const codec of ['float16', 'int8'] as const) {
      for (const mode of ['split', 'auto'] as const) expect(isLossless(mode, { codec, tiers: 2 })).toBe(false)
      expect(isLossless('speculative', { codec, tiers: 2 })).toBe(true)
    }
    expect(isLossless('speculative', { codec: 'float32', tiers: 3 })).toBe(false)
  })
})
