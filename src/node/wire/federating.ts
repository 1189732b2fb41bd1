/**
 * What a room's settings mean for the bytes between its tabs: the rule by which updates are merged, how an update is
 * coded on its way up and a version on its way down. Coordinator and devices derive it from the same settings, so none of
 * it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import type { AggregationRule, AggregationSettings } from '../../federation/aggregation/types'
import { compressionOf, type Downward } from '../../federation/compression/registry'
import type { Codec } from '../../federation/compression/types'
import { defaultConfig, type FederationConfig } from '../../federation/config'
import type { Settings } from '../settings'

export interface Federating {
  readonly rule: AggregationRule
  readonly aggregation: AggregationSettings
  readonly up: Codec
  readonly down: Downward
}

export function federatingOf({
  aggregation,
  compression,
  serverRate,
  serverMomentum,
  seed,
}: Settings): Federating {
  const { rule, serverOptimizer } = aggregations[aggregation]
  const { up, down } = compressionOf(compression)
  return {
    rule,
    aggregation: {
      ...{ serverOptimizer, serverRate, serverMomentum, seed },
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

/** So that a tab that is ten times slower than five others still counts, if only by 1 / sqrt(1 + its age). */
const mostStale = 20

/** An edge averages plainly; what the server does with an average is done once, by the coordinator. */
export function edgeFederatingOf(settings: Settings): Federating {
  const federating = federatingOf(settings)
  const plain = { serverOptimizer: 'fedavg', serverRate: 1, measuresDistortion: false } as const
  return { ...federating, aggregation: { ...federating.aggregation, ...plain } }
}

/** The same settings as the reducer knows them. */
export const federationConfigOf = (settings: Settings): FederationConfig => ({
  ...defaultConfig,
  scheme: settings.scheme,
  seed: settings.seed,
  rounds: settings.rounds,
  localSteps: settings.localSteps,
  proximal: settings.proximal,
  autostart: settings.autostart,
  hierarchical: {
    ...defaultConfig.hierarchical,
    edgeRounds: settings.edgeRounds,
    appointed: settings.edges,
  },
  asynchronous: { ...defaultConfig.asynchronous, mostStale },
  gossip: { ...defaultConfig.gossip, topology: settings.topology, mixing: settings.mixing },
})

/** Updates may start from versions as old as staleness allows; elsewhere from the newest. */
export const versionsKept = ({ scheme, asynchronous }: FederationConfig): number =>
  scheme === 'asynchronous' ? asynchronous.mostStale + 2 : 2
