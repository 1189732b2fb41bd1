/** What a room promises about trust: what the coordinator can see, what noise hides, and what a liar can do. */
import { textAttackNames } from '../../corpora/poison/poison'
import { type RobustChain, robustSteps, ruleIn, usualChain } from '../../federation/aggregation/robust/chain'
import { updateAttackNames } from '../../federation/attacks/attacks'
import { between, chainOf, oneOf } from '../kinds'
import { type Choices, type Columns, hasCohorts, hasCoordinator, ofTab, setting } from '../setting'

/** How lies are met. */
const ofDefence = { makes: ['merging'], page: 'trust', lab: 'trust' } as const satisfies Columns

const usualChains: readonly RobustChain[] = [
  usualChain,
  [],
  ['norm-bound', 'multi-krum'],
  ['norm-bound', 'multi-krum', 'gate'],
  ['norm-bound', 'krum'],
  ['norm-bound', 'geometric-median'],
  ['norm-bound', 'bucketing', 'centred-clipping'],
  ['norm-bound', 'trimmed-mean'],
  ['norm-bound', 'median'],
]

const hasRule = ({ robust }: Choices): boolean => ruleIn(robust) !== null

export const trustRows = {
  /** What stands between updates and their average; `none`: nothing. */
  robust: setting<RobustChain>(chainOf(robustSteps, usualChains), usualChain, ofDefence),
  /** The share of devices that are supposed to lie, less than half. */
  attackers: setting(between(0, 0.49), 0.3, {
    ...ofDefence,
    isMeant: (chosen) => hasRule(chosen) && hasCohorts(chosen),
  }),
  /** What this tab does wrong, for teaching: to what it sends, or to what it reads. */
  attack: ofTab(oneOf(['none', ...updateAttackNames, ...textAttackNames]), 'none', {
    lab: 'trust',
    isMeant: hasCoordinator,
  }),
}
