import { describe, expect, it } from 'vitest'
import { aggregationNames } from '../registry'
import {
  chainComplaint,
  type RobustChain,
  type RobustRuleName,
  robustRules,
  robustSteps,
  ruleIn,
} from './chain'

const names = Object.keys(robustRules) as RobustRuleName[]

describe('a chain', () => {
  it('may bound, then put into buckets, then ask one rule', () => {
    expect(chainComplaint([])).toBeNull()
    expect(chainComplaint(['norm-bound'])).toBeNull()
    for (const name of names)
      for (const chain of [
        [name],
        ['norm-bound', name],
        ['bucketing', name],
        ['norm-bound', 'bucketing', name],
        ['norm-bound', 'neighbour-mixing', name],
      ] as const)
        expect(chainComplaint(chain)).toBeNull()
  })

  it.each<[RobustChain, RegExp]>([
    [['krum', 'norm-bound'], /^“norm-bound” cannot follow “krum”: .* Put it first\.$/],
    [['bucketing', 'norm-bound', 'krum'], /^“norm-bound” cannot follow “bucketing”/],
    [['krum', 'median'], /^“median” cannot follow “krum”, which has made one .* Choose one of them\.$/],
    [['krum', 'bucketing'], /^“bucketing” cannot follow “krum”, .* Put it before\.$/],
    [['krum', 'krum'], /^“krum” stands there twice/],
    [['gate', 'krum'], /^“krum” cannot follow “gate”: .* Put “gate” last\.$/],
    [['norm-bound', 'bucketing'], /^“bucketing” must be followed by a rule/],
    [['neighbour-mixing'], /^“neighbour-mixing” must be followed by a rule/],
    [['bucketing', 'neighbour-mixing', 'krum'], /^“neighbour-mixing” cannot follow “bucketing”/],
  ])('%j is refused in words', (chain, said) => expect(chainComplaint(chain)).toMatch(said))

  it('has no other order than that', () => {
    const longest = robustSteps.length
    for (let first = 0; first < longest; first++)
      for (let second = 0; second < longest; second++) {
        const chain = [robustSteps[first], robustSteps[second]]
        const isRuleLast =
          ruleIn(chain) === chain[1] && ruleIn(chain.slice(0, 1)) === null && chain[0] !== 'gate'
        const isGateLast =
          chain[1] === 'gate' && !['gate', 'bucketing', 'neighbour-mixing'].includes(chain[0])
        expect(chainComplaint(chain) === null).toBe(isRuleLast || isGateLast)
      }
  })

  it('has no step by the name of an aggregation, so that a sentence about either is plain', () => {
    expect(robustSteps.filter((step) => (aggregationNames as readonly string[]).includes(step))).toEqual([])
  })
})
