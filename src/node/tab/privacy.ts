/** What a tab says of privacy: of the text that it holds, or, where it coordinates, of all texts, the one most was told of first. */
import { privacyOf } from '../../settings/derived/privacy'
import type { AccountView, NodeState } from '../state'
import type { Snapshot } from './snapshot'

/** Null where nothing is promised. */
export function privacyIn(state: Pick<NodeState, 'settings' | 'accounts'>): Snapshot['privacy'] {
  const { settings } = state
  const terms = privacyOf(settings)
  if (!terms) return null
  const accounts = Object.values(state.accounts)
  return {
    unit: terms.unit,
    epsilon: mostOf(accounts, 'epsilon'),
    epsilonIfReplaced: terms.unit === 'device' ? mostOf(accounts, 'epsilonIfReplaced') : null,
    delta: terms.delta,
    noise: terms.noise ?? accounts[0]?.noise ?? null,
    clip: settings.clip ?? accounts[0]?.clip ?? null,
    updates: Math.max(0, ...accounts.map(({ updates }) => updates)),
    budget: terms.budget,
    isSpent: accounts.length > 0 && accounts.every(({ isSpent }) => isSpent),
  }
}

/** The largest; null, no guarantee, is larger than all. */
const mostOf = (accounts: readonly AccountView[], name: 'epsilon' | 'epsilonIfReplaced'): number | null =>
  accounts.reduce<number | null>(
    (most, { [name]: own }) => (most === null || own === null ? null : Math.max(most, own)),
    0,
  )
