/** What is run under each scheme: small models, so that rounds are many, and everything else as it usually is. */
import type { SchemeName } from '../../src/federation/types'

const common = 'baselines=0&rounds=8&steps=2'

const queries: Readonly<Record<SchemeName, string>> = {
  synchronous: `scheme=synchronous&${common}`,
  asynchronous: `scheme=asynchronous&${common}`,
  clustered: `scheme=clustered&${common}`,
  hierarchical: `scheme=hierarchical&${common}`,
  gossip: `scheme=gossip&topology=ring&${common}`,
}
export const schemeNames: readonly SchemeName[] = [
  'synchronous',
  'asynchronous',
  'clustered',
  'hierarchical',
  'gossip',
]

/** As the rest of an address; of gossip both ways of mixing. */
export function queryOf(scheme: SchemeName, seed: number): string {
  const isOdd = seed % 2 === 1
  const more = scheme === 'gossip' && isOdd ? '&mixing=push-sum' : ''
  return queries[scheme] + more
}

export const hasCoordinator = (scheme: SchemeName): boolean => scheme !== 'gossip'

/** Those that would merge for others. */
export const isEdge = (scheme: SchemeName, key: string): boolean =>
  scheme === 'hierarchical' && (key === 'device-0' || key === 'device-1')
