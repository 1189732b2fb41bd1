/**
 * What stands between the updates of a merge and the rule that averages them, as one line: `norm-bound,bucketing,centred-clipping`.
 * The norm bound, which is usual, shortens what is too long (limits.ts) and comes first; bucketing averages pairs, or each update is
 * averaged with its neighbours; then one robust rule, at most, makes an estimate of what is left; and the gate (rounds/gate.ts)
 * comes last, which lets devices vote on what was made. An empty chain is plain averaging, for teaching: whoever lies longest wins.
 */
import type { AggregationRule } from '../types'
import { centredClipping } from './centredClipping'
import { geometricMedian } from './geometricMedian'
import { krum, multiKrum } from './krum'
import { median, trimmedMean } from './perCoordinate'
import type { RobustRule } from './rule'

export const robustRules = {
  krum,
  'multi-krum': multiKrum,
  'trimmed-mean': trimmedMean,
  median,
  'geometric-median': geometricMedian,
  'centred-clipping': centredClipping,
} as const satisfies Record<string, RobustRule>

export type RobustRuleName = keyof typeof robustRules
/** What a rule is shown in the place of single updates. */
type Means = 'bucketing' | 'neighbour-mixing'
export type RobustStep = 'norm-bound' | Means | RobustRuleName | 'gate'

export const robustSteps: readonly RobustStep[] = [
  'norm-bound',
  'bucketing',
  'neighbour-mixing',
  ...(Object.keys(robustRules) as RobustRuleName[]),
  'gate',
]

export type RobustChain = readonly RobustStep[]

/** As it is where nobody says. */
export const usualChain: RobustChain = ['norm-bound']

const isRule = (step: RobustStep): step is RobustRuleName => step in robustRules

const isMeans = (step: RobustStep): step is Means => step === 'bucketing' || step === 'neighbour-mixing'

/** The rule that makes the estimate; null: the weighted mean. */
export const ruleIn = (chain: RobustChain): RobustRuleName | null => chain.find(isRule) ?? null

/** Whether it needs what a norm bound, or nothing, does not: all updates of a round in one place, and all their devices. */
export const compares = (chain: RobustChain): boolean => chain.some((step) => step !== 'norm-bound')

/** Why these cannot follow each other, in words for a person; null: they can. */
export function chainComplaint(chain: RobustChain): string | null {
  const rule = ruleIn(chain)
  for (const [at, step] of chain.entries()) {
    const before = chain.slice(0, at)
    if (before.includes(step)) return `“${step}” stands there twice. Say it once.`
    if (before.includes('gate'))
      return `“${step}” cannot follow “gate”: devices vote on what was made, so nothing is left to do. Put “gate” last.`
    if (step === 'norm-bound' && at > 0)
      return `“norm-bound” cannot follow “${before[at - 1]}”: lengths are bounded before anything else looks at them. Put it first.`
    if (isRule(step) && step !== rule)
      return `“${step}” cannot follow “${rule}”, which has made one of all updates already. Choose one of them.`
    if (isMeans(step) && before.some(isRule))
      return `“${step}” cannot follow “${rule}”, which has made one of all updates already. Put it before.`
    if (isMeans(step) && before.some(isMeans))
      return `“${step}” cannot follow “${before.find(isMeans)}”: each shows a rule other means. Choose one of them.`
  }
  const means = chain.find(isMeans)
  return means && rule === null
    ? `“${means}” must be followed by a rule that looks at its means: by themselves they are the mean again. Choose one of ${Object.keys(robustRules).join(', ')}.`
    : null
}

/** Why a chain cannot go with an aggregation, said after its name; null: it can. */
export function misfit(chain: RobustChain, rule: AggregationRule): string | null {
  if (!compares(chain)) return null
  const name = ruleIn(chain)
  if (name !== null && !rule.takesWeights)
    return 'which weighs updates by itself, so that an estimate of robust rules would not be what is merged'
  if (rule.wanted === null)
    return 'which leaves part of each model on its device, so that updates cannot be compared as models'
  const { a, b } = rule.sends(1)
  return name !== null && robustRules[name].perCoordinate && a && b
    ? `which merges both factors, whose single numbers mean nothing by themselves, and “${name}” compares single numbers`
    : null
}
