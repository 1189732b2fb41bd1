import { describe, expect, it } from 'vitest'
import { isLossless, type ModeName, modeNames, rolesIn } from './modes'

describe('the roles', () => {
  const roles = (mode: ModeName, ...ids: string[]) =>
    rolesIn({ mode, stages: ids.map((id) => ({ id, layers: [0, 1] })) }, 'me')
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
    const lossless = modeNames.filter((mode) => isLossless(mode, 'float32'))
    expect(lossless).toEqual(['alone', 'pipeline', 'speculative', 'split', 'multi-access'])
    expect([isLossless('split', 'float16'), isLossless('split', 'int8')]).toEqual([false, false])
  })
})
