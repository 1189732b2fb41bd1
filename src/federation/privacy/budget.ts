/**
 * What has been told of one text, and what may still be. The account belongs to the text and not to the tab: it is kept under the text's
 * hash, so leaving, coming back, reloading, or taking the text into another room begins no new one. A release is written down
 * before it leaves. Where the next one would go beyond the budget there is no next one.
 *
 * The unit is what the guarantee is about. `device`: all of a tab's text together, one release for each update. `example`: one row of
 * it, one release for each training step (DP-SGD), to which each row comes by a coin of its own. An account is kept for each unit:
 * one is no part of the other.
 */
import {
  epsilonOf,
  ifReplaced,
  noiseWithin,
  nothingSpent,
  type Release,
  releasesWithin,
  repeated,
  type Spent,
  spentBy,
  together,
} from './accountant'

export type Unit = 'device' | 'example'

export interface Account {
  readonly spent: Spent
  /** So many updates left the tab. */
  readonly updates: number
}

export type Accounts = Readonly<Record<Unit, Account>>

export const emptyAccount: Account = { spent: nothingSpent, updates: 0 }
export const emptyAccounts: Accounts = { device: emptyAccount, example: emptyAccount }

/** What a room promises. */
export interface PrivacyTerms {
  readonly unit: Unit
  readonly delta: number
  /** Epsilon at which training on a text ends; null: it is only counted. */
  readonly budget: number | null
  /** z; null: as little as the planned updates need within the budget. */
  readonly noise: number | null
  /** Updates that are planned. */
  readonly updates: number
}

/** What one update of a device does. */
export interface Training {
  readonly steps: number
  /** Of a step: the share of the rows that it reads, on average. */
  readonly rate: number
}

/** What one update consists of. */
const releasesOf = ({ unit }: Pick<PrivacyTerms, 'unit'>, { steps, rate }: Training) =>
  unit === 'device' ? { rate: 1, count: 1 } : { rate, count: steps }

/** The noise, in clips, of each release; null: no noise keeps so many updates within the budget. */
export function noiseOf(terms: PrivacyTerms, training: Training): number | null {
  if (terms.noise !== null) return terms.noise
  const { rate, count } = releasesOf(terms, training)
  return noiseWithin(terms.budget ?? 0, terms.delta, rate, count * terms.updates)
}

/** The account after one more update. */
export function charged(account: Account, terms: PrivacyTerms, training: Training, noise: number): Account {
  const { rate, count } = releasesOf(terms, training)
  const release: Release = { noise, rate }
  return {
    spent: together(account.spent, repeated(spentBy(release), count)),
    updates: account.updates + 1,
  }
}

/** How many more such updates the budget allows; infinite where there is none. */
export function updatesLeft(account: Account, terms: PrivacyTerms, training: Training): number {
  const noise = noiseOf(terms, training)
  if (terms.budget === null) return Number.POSITIVE_INFINITY
  if (noise === null) return 0
  const { rate, count } = releasesOf(terms, training)
  const each = repeated(spentBy({ noise, rate }), count)
  return releasesWithin(terms.budget, terms.delta, account.spent, each)
}

/** What can be said of an account, with infinities as null: it is written down as JSON. */
export interface Standing {
  /** Compared with a tab that took part and had learned nothing; null: no guarantee. */
  readonly epsilon: number | null
  /** Compared with a tab that had learned from another text; null: no guarantee, or not known of this unit. */
  readonly epsilonIfReplaced: number | null
}

export function standingOf(
  { spent }: Account,
  { unit, delta }: Pick<PrivacyTerms, 'unit' | 'delta'>,
): Standing {
  const finite = (epsilon: number) => (Number.isFinite(epsilon) ? epsilon : null)
  return {
    epsilon: finite(epsilonOf(spent, delta)),
    epsilonIfReplaced: unit === 'device' ? finite(epsilonOf(ifReplaced(spent), delta)) : null,
  }
}
