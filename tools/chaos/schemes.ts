/** What is run under each scheme: small models, so that rounds are many, and everything else as it usually is. */
import type { SchemeName } from '../../src/federation/types'

/** Every third seed of a scheme that can be secure; what else that asks for. */
const withMasks: Partial<Record<SchemeName, string>> = {
  synchronous: '',
  clustered: '&clusterBy=loss&clusters=2&warmUpRounds=1&reclusterEvery=2',
  hierarchical: '&edges=1',
}

export const isSecure = (scheme: SchemeName, seed: number): boolean => seed % 3 === 2 && scheme in withMasks

/** Another third of a scheme's seeds, where single updates of rounds are seen: who wants to be forgotten is taken out of the past, too. */
export const keepsLedger = (scheme: SchemeName, seed: number): boolean =>
  scheme === 'synchronous' && seed % 3 === 1

/** As the rest of an address; of gossip both ways of mixing. */
export function queryOf(scheme: SchemeName, seed: number): string {
  const mixing = seed % 2 === 1 ? '&mixing=push-sum' : ''
  const more = scheme === 'gossip' ? `&topology=ring${mixing}` : ''
  const masks = isSecure(scheme, seed) ? `&secure=1${withMasks[scheme]}` : ''
  const ledger = keepsLedger(scheme, seed) ? '&ledger=1' : ''
  return `scheme=${scheme}&baselines=0&rounds=8&steps=2&silence=10${more}${masks}${ledger}`
}

export const hasCoordinator = (scheme: SchemeName): boolean => scheme !== 'gossip'

/** Those that would merge for others. Of devices in hiding each edge needs several. */
export const isEdge = (scheme: SchemeName, seed: number, key: string): boolean =>
  scheme === 'hierarchical' && (key === 'device-0' || (key === 'device-1' && !isSecure(scheme, seed)))

/** With so many devices a run can come to its end: an edge that trains too does not count among those that hide each other. */
export function leastDevices(scheme: SchemeName, seed: number): number {
  if (!isSecure(scheme, seed)) return 3
  return scheme === 'hierarchical' ? 5 : 3
}
