/** What is run under each scheme: small models, so that rounds are many, and everything else as it usually is. */
import type { SchemeName } from '../../src/federation/types'

/** As the rest of an address; of gossip both ways of mixing. */
export function queryOf(scheme: SchemeName, seed: number): string {
  const mixing = seed % 2 === 1 ? '&mixing=push-sum' : ''
  const more = scheme === 'gossip' ? `&topology=ring${mixing}` : ''
  return `scheme=${scheme}&baselines=0&rounds=8&steps=2${more}`
}

export const hasCoordinator = (scheme: SchemeName): boolean => scheme !== 'gossip'

/** Those that would merge for others. */
export const isEdge = (scheme: SchemeName, key: string): boolean =>
  scheme === 'hierarchical' && (key === 'device-0' || key === 'device-1')
