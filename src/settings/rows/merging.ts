/** How a set of updates becomes one, and how updates and versions are coded on their way. */
import { aggregationNames, aggregations } from '../../federation/aggregation/registry'
import { compressionNames } from '../../federation/compression/registry'
import { between, oneOf, orAuto, positive } from '../kinds'
import { hasCoordinator, setting } from '../setting'

export const mergingRows = {
  /** Gossip of products keeps the consensus that gossip of factors disturbs. */
  aggregation: setting(oneOf(aggregationNames), 'fedavg', {
    usualFor: ({ scheme }) => (scheme === 'gossip' ? 'decaf' : 'fedavg'),
    owner: 'agreed',
    page: 'merging',
    lab: 'experiment',
  }),
  /** How far the server goes; `auto`: all the way, or as its adaptive optimizer usually does. */
  serverRate: setting<number | null>(orAuto(positive(10)), null, {
    page: 'merging',
    lab: 'server',
    isMeant: hasCoordinator,
  }),
  serverMomentum: setting(between(0, 0.99), 0.5, {
    page: 'merging',
    lab: 'server',
    isMeant: ({ aggregation }) => aggregations[aggregation].serverOptimizer === 'fedavgm',
  }),
  compression: setting(oneOf(compressionNames), 'none', {
    page: 'merging',
    lab: 'server',
    isMeant: hasCoordinator,
  }),
}
