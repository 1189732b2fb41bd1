/**
 * Gossip as a scheme among others, for its settings and for what goes together with it. Nobody coordinates: what happens
 * is one reducer per node, `peer.ts`.
 */
import type { SchemeProperties } from '../scheme'
import { type GossipConfig, gossipConfig } from './state'

export const gossip: SchemeProperties<'gossip', GossipConfig> = {
  name: 'gossip',
  config: gossipConfig,
  mergedBy: 'neighbours',
  comparesDevices: false,
  hasRounds: false,
}
