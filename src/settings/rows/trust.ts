/** What a room promises about trust: what the coordinator can see, what noise hides, and what a liar can do. */
import { textAttackNames } from '../../corpora/poison/poison'
import { type RobustChain, robustSteps, ruleIn, usualChain } from '../../federation/aggregation/robust/chain'
import { updateAttackNames } from '../../federation/attacks/attacks'
import { ledgerMisfit } from '../../federation/compatibility'
import { between, chainOf, oneOf, onOff, optional, orAuto, positive, whole } from '../kinds'
import {
  type Choices,
  type Columns,
  hasCohorts,
  hasCoordinator,
  hasRounds,
  ofReducer,
  ofTab,
  setting,
} from '../setting'

const isPrivate = ({ privacy }: Choices): boolean => privacy !== 'none'
/** What leaves a device under noise. */
const ofPrivacy = { page: 'trust', lab: 'trust', isMeant: isPrivate } as const satisfies Columns

/** How lies are met. */
const ofDefence = { makes: ['merging'], page: 'trust', lab: 'trust' } as const satisfies Columns

/** What becomes of a room without its coordinator. */
const ofSuccession = { changes: 'running', page: 'trust', isMeant: hasCoordinator } as const satisfies Columns

const usualChains: readonly RobustChain[] = [
  usualChain,
  [],
  ['norm-bound', 'multi-krum'],
  ['norm-bound', 'multi-krum', 'gate'],
  ['norm-bound', 'krum'],
  ['norm-bound', 'geometric-median'],
  ['norm-bound', 'bucketing', 'centred-clipping'],
  ['norm-bound', 'neighbour-mixing', 'geometric-median'],
  ['norm-bound', 'trimmed-mean'],
  ['norm-bound', 'median'],
]

const hasRule = ({ robust }: Choices): boolean => ruleIn(robust) !== null

const hasSums = (chosen: Choices): boolean => hasRounds(chosen) && hasCoordinator(chosen)

export const trustRows = {
  /** Devices send under masks, and whoever merges sees their sum alone (federation/secure/). */
  secure: ofReducer('secure', onOff, {
    changes: 'lobby',
    makes: ['merging'],
    page: 'trust',
    lab: 'trust',
    isMeant: hasSums,
  }),
  /** Whom noise hides: all of a tab's text together, or each row of it by itself (docs/privacy.md). */
  privacy: setting(oneOf(['none', 'client', 'example']), 'none', {
    page: 'trust',
    lab: 'trust',
  }),
  /** Training on a text ends before its epsilon is larger than this; null: it is counted only. A tab's own word comes first. */
  epsilon: setting<number | null>(optional(between(0, 100_000)), null, {
    ...ofPrivacy,
    owner: 'tab-else-room',
  }),
  /** The chance that is left beside epsilon. */
  delta: setting(positive(0.1), 1e-5, ofPrivacy),
  /** z: the noise on what leaves, in clips; `auto`: the least that keeps all rounds within epsilon; 0: clipping alone, which promises nothing. */
  noise: setting<number | null>(orAuto(between(0, 10_000)), 1, ofPrivacy),
  /** How far one device's change, or one row's gradient, may move what leaves; `auto`: it follows the lengths of changes. */
  clip: setting<number | null>(orAuto(positive(10_000)), 1, ofPrivacy),
  /** A part of each text is not trained on, so that an attack on the tab's own updates can stand beside what is promised (docs/privacy.md). */
  audit: setting(onOff, false, {
    ...ofPrivacy,
    makes: ['text'],
    isMeant: (chosen) => isPrivate(chosen) && !chosen.secure,
  }),
  /** Keeps of each merge who was in it and how far it went, so that what was learned from a device can be unlearned. */
  ledger: ofReducer('ledger', onOff, {
    changes: 'lobby',
    page: 'trust',
    isMeant: (chosen) => ledgerMisfit({ ...chosen, ledger: true }) === null,
  }),
  /** What stands between updates and their average; `none`: nothing. */
  robust: setting<RobustChain>(chainOf(robustSteps, usualChains), usualChain, ofDefence),
  /** The share of devices that are supposed to lie, less than half. */
  attackers: setting(between(0, 0.49), 0.3, {
    ...ofDefence,
    isMeant: (chosen) => hasRule(chosen) && hasCohorts(chosen),
  }),
  /** So many devices are given all that is needed to carry the room on, should the coordinator be gone for good; 0: nobody. */
  heirs: setting(whole(0, 8), 2, ofSuccession),
  /** Seconds without a coordinator before an heir asks to be elected. */
  silence: setting(between(3, 3600), 30, ofSuccession),
  /** What this tab does wrong, for teaching: to what it sends, or to what it reads. */
  attack: ofTab(oneOf(['none', ...updateAttackNames, ...textAttackNames]), 'none', {
    lab: 'trust',
    isMeant: hasCoordinator,
  }),
}
