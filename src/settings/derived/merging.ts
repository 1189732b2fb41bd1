/**
 * What a room's settings mean for updates: the rule by which they are merged, how one is coded on its way up and a version on
 * its way down. Whoever merges and whoever trains derive it from the same settings, so none of it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import type { RobustSettings } from '../../federation/aggregation/robust/estimate'
import { serverOptimizers } from '../../federation/aggregation/serverOptimizers'
import type { AggregationRule, AggregationSettings } from '../../federation/aggregation/types'
import { downwardFor } from '../../federation/compatibility'
import { compressionOf, type Downward } from '../../federation/compression/registry'
import type { Codec } from '../../federation/compression/types'
import type { Settings } from '../table'

export interface Federating {
  readonly rule: AggregationRule
  readonly aggregation: AggregationSettings
  readonly robust: RobustSettings
  readonly up: Codec
  readonly down: Downward
}

/** What of a room's settings says how adapters are merged and coded: in the table, what makes `merging`. */
export type MergingSettings = Pick<
  Settings,
  | 'aggregation'
  | 'serverRate'
  | 'serverMomentum'
  | 'compression'
  | 'density'
  | 'downDensity'
  | 'robust'
  | 'attackers'
  | 'seed'
  | 'secure'
>

/** What crosses to the thread that merges. */
export function mergingOf(settings: MergingSettings): MergingSettings {
  const { aggregation, serverRate, serverMomentum, compression, density, downDensity } = settings
  const { robust, attackers, seed, secure } = settings
  return {
    aggregation,
    serverRate,
    serverMomentum,
    compression,
    density,
    downDensity,
    robust,
    attackers,
    seed,
    secure,
  }
}

export function federatingOf(settings: MergingSettings): Federating {
  const { aggregation, compression, density, downDensity, serverRate, serverMomentum, seed } = settings
  const { rule, serverOptimizer } = aggregations[aggregation]
  const { up, down } = compressionOf(compression, { density, downDensity })
  return {
    rule,
    aggregation: {
      serverOptimizer,
      serverRate: serverRate ?? serverOptimizers[serverOptimizer].usualRate,
      serverMomentum,
      seed,
      // Of a sum nobody knows how the parts differ.
      measuresDistortion: !settings.secure,
    },
    robust: { chain: settings.robust, liars: settings.attackers, seed },
    up,
    down: downwardFor(rule, down),
  }
}

/** An edge averages plainly; what the server does with an average is done once, by the coordinator. */
export function edgeFederatingOf(settings: MergingSettings): Federating {
  const federating = federatingOf(settings)
  return {
    ...federating,
    aggregation: {
      ...federating.aggregation,
      serverOptimizer: 'fedavg',
      serverRate: 1,
      measuresDistortion: false,
    },
  }
}
