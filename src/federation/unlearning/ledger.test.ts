import { describe, expect, it } from 'vitest'
import { type Contribution, emptyLedger, holds, mostRounds, roundsWithout, withMerge } from './ledger'

const contribution = (device: string, weight: number): Contribution => ({ device, weight, length: 2 })
const full = (rounds: number) =>
  Array.from({ length: rounds }, (_, at) => ({
    round: at + 1,
    contributions: [contribution('a', 1)],
  })).reduce(withMerge, emptyLedger)

describe('a ledger', () => {
  it('gives the others the weights that they would have had, and leaves out merges of nobody else', () => {
    const rounds = [
      { round: 1, contributions: [contribution('a', 0.5), contribution('b', 0.3), contribution('c', 0.2)] },
      { round: 2, contributions: [contribution('a', 1)] },
    ]
    expect(roundsWithout(rounds, new Set(['a']))).toEqual([
      {
        round: 1,
        contributions: [
          { device: 'b', weight: expect.closeTo(0.6), length: 2 },
          { device: 'c', weight: expect.closeTo(0.4), length: 2 },
        ],
      },
    ])
  })

  it('stays within its bound, and thins out evenly', () => {
    const { rounds, every } = full(3 * mostRounds)
    expect(rounds.length).toBeLessThanOrEqual(mostRounds)
    expect(every).toBe(4)
    expect(rounds.every(({ round }, at) => round === 1 + every * at)).toBe(true)
  })

  it('knows who is in it; of a thinned one it supposes that whoever contributed is', () => {
    expect(holds(full(3), 'a', true)).toBe(true)
    expect(holds(full(3), 'b', true)).toBe(false)
    expect(holds(full(2 * mostRounds), 'b', true)).toBe(true)
    expect(holds(full(2 * mostRounds), 'b', false)).toBe(false)
  })
})
