import { describe, expect, it } from 'vitest'
import type { Account, ModeName } from '../../../node/reasoning/modes'
import { shareFigures } from './shareFigures'

const account: Account = {
  tokens: 12,
  rounds: 4,
  accepted: 8,
  tried: 10,
  hedges: 1,
  handovers: 2,
  responders: 0,
  questions: 0,
  layersRun: 54,
  layersOfWhole: 72,
}
const figures = (mode: ModeName) => shareFigures(mode, account)

describe('the figures of a mode', () => {
  it('say how guesses fared where they are judged', () => {
    const rounds = [
      { name: 'perRound', tokens: 3 },
      { name: 'accepted', share: 0.8 },
    ]
    expect(figures('speculative')).toEqual([...rounds, { name: 'handovers', times: 2 }])
    expect(figures('multi-access')).toEqual([
      ...rounds,
      { name: 'hedges', times: 1 },
      { name: 'handovers', times: 2 },
    ])
  })

  it('say of a cascade what was asked, also where that is nothing', () => {
    expect(figures('cascade')[0]).toEqual({ name: 'offload', share: 1 / 3 })
    const asked = (tokens: number) => shareFigures('cascade', { ...account, tokens, rounds: 0 })[0]
    expect([asked(12), asked(0)]).toEqual([
      { name: 'offload', share: 0 },
      { name: 'offload', share: null },
    ])
  })

  it('say of an early exit what was not run', () => {
    expect(figures('early-exit')).toEqual([{ name: 'saved', share: 0.25 }])
  })

  it('are none elsewhere', () => {
    for (const mode of ['alone', 'pipeline', 'ensemble', 'mixture', 'split'] as const)
      expect(figures(mode)).toEqual([])
  })
})
