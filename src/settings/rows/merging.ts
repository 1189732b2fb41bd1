/** How a set of updates becomes one, and how updates and versions are coded on their way. */
import { aggregationNames, aggregations } from '../../federation/aggregation/registry'
import { compressionNames, defaultDensities } from '../../federation/compression/registry'
import { between, oneOf, orAuto, positive } from '../kinds'
import { type Choices, type Columns, hasCoordinator, setting } from '../setting'

const isSparse = ({ compression }: Choices): boolean =>
  compression === 'flasc' || compression.startsWith('topk')

/** How updates are merged and sent. */
const ofMerging = { makes: ['merging'], page: 'merging', lab: 'server' } as const satisfies Columns

export const mergingRows = {
  /**
   * Gossip of products keeps the consensus that gossip of factors disturbs. Under noise one factor alone is learned: noise on both
   * would be multiplied.
   */
  aggregation: setting(oneOf(aggregationNames), 'fedavg', {
    usualFor: ({ scheme, privacy }) =>
      scheme === 'gossip' ? 'decaf' : privacy === 'none' ? 'fedavg' : 'ffa',
    owner: 'agreed',
    makes: ['merging'],
    page: 'merging',
    lab: 'experiment',
  }),
  /** How far the server goes; `auto`: all the way, or as its adaptive optimizer usually does. */
  serverRate: setting<number | null>(orAuto(positive(10)), null, { ...ofMerging, isMeant: hasCoordinator }),
  serverMomentum: setting(between(0, 0.99), 0.5, {
    ...ofMerging,
    isMeant: ({ aggregation }) => aggregations[aggregation].serverOptimizer === 'fedavgm',
  }),
  compression: setting(oneOf(compressionNames), 'none', { ...ofMerging, isMeant: hasCoordinator }),
  /** Share of the numbers that sparse compressions send up, and that FLASC sends down. */
  density: setting(positive(1), defaultDensities.density, {
    ...ofMerging,
    isMeant: (chosen) => hasCoordinator(chosen) && isSparse(chosen),
  }),
  downDensity: setting(positive(1), defaultDensities.downDensity, {
    ...ofMerging,
    isMeant: (chosen) => hasCoordinator(chosen) && chosen.compression === 'flasc',
  }),
}
