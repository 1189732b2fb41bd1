/** What a room promises about trust: what the coordinator can see, what noise hides, and what a liar can do. */
import { ledgerMisfit } from '../../federation/compatibility'
import { between, oneOf, onOff, optional, orAuto, positive } from '../kinds'
import { type Choices, type Columns, ofReducer, setting } from '../setting'

const isPrivate = ({ privacy }: Choices): boolean => privacy !== 'none'
/** What leaves a device under noise. */
const ofPrivacy = { page: 'trust', lab: 'trust', isMeant: isPrivate } as const satisfies Columns

export const trustRows = {
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
  /** Keeps of each merge who was in it and how far it went, so that what was learned from a device can be unlearned. */
  ledger: ofReducer('ledger', onOff, {
    changes: 'lobby',
    page: 'trust',
    isMeant: (chosen) => ledgerMisfit({ ...chosen, ledger: true }) === null,
  }),
}
