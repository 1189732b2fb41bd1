/**
 * What a room's settings mean for updates: the rule by which they are merged, how one is coded on its way up and a version on
 * its way down. Whoever merges and whoever trains derive it from the same settings, so none of it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import { serverOptimizers } from '../../federation/aggregation/serverOptimizers'
import type { AggregationRule, AggregationSettings } from '../../federation/aggregation/types'
import { compressionOf, type Downward } from '../../federation/compression/registry'
import type { Codec } from '../../federation/compression/types'
import type { Settings } from '../table'

export interface Federating {
  readonly rule: AggregationRule
  readonly aggregation: AggregationSettings
  readonly up: Codec
  readonly down: Downward
}

/** What of a room's settings says how adapters are merged and coded. */
export type MergingSettings = Pick<
  Settings,
  'aggregation' | 'compression' | 'serverRate' | 'serverMomentum' | 'seed'
>

export function federatingOf(settings: MergingSettings): Federating {
  const { aggregation, compression, serverRate, serverMomentum, seed } = settings
  const { rule, serverOptimizer } = aggregations[aggregation]
  const { up, down } = compressionOf(compression)
  return {
    rule,
    aggregation: {
      serverOptimizer,
      serverRate: serverRate ?? serverOptimizers[serverOptimizer].usualRate,
      serverMomentum,
      seed,
      residualRank: null,
      measuresDistortion: true,
    },
    up,
    down: takesLossyVersions(rule) ? down : { kind: 'whole' },
  }
}

/**
 * Whether devices may start from something near the server's version. A rule that writes other factors each time has no
 * small difference to send; an exact rule of two factors would fold what was left out into a residual that is larger than
 * what was saved.
 */
const takesLossyVersions = (rule: AggregationRule): boolean =>
  rule.keepsBasis && !(rule.exact && (rule.learns(1).a || rule.learns(2).a))

/** Each device has a model of its own: the common one says little about it. */
export const isPersonal = ({ rule }: Federating): boolean => rule.wanted === null

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
