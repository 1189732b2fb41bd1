/**
 * What a room's settings mean for the bytes between its tabs: the rule by which updates are merged, how an update is
 * coded on its way up and a version on its way down. Coordinator and devices derive it from the same settings, so none of
 * it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import type { AggregationRule, AggregationSettings } from '../../federation/aggregation/types'
import { compressionOf, type Downward } from '../../federation/compression/registry'
import type { Codec } from '../../federation/compression/types'
import { type AllocationConfig, defaultConfig, type FederationConfig } from '../../federation/config'
import type { OpenedModel } from '../../training/compute'
import { mixesRanks, type Settings } from '../settings'
import { mostDevices } from './values'

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

/** An edge averages plainly; what the server does with an average is done once, by the coordinator. */
export function edgeFederatingOf(settings: Settings): Federating {
  const federating = federatingOf(settings)
  const plain = { serverOptimizer: 'fedavg', serverRate: 1, measuresDistortion: false } as const
  return { ...federating, aggregation: { ...federating.aggregation, ...plain } }
}

/** What allocation must know of the model. */
export type ModelFacts = Pick<OpenedModel, 'parameters' | 'bytesPerRow' | 'precision' | 'adapter'>

/** Rows are as long as stories here until a device has counted its own. */
const usualTokensPerRow = 32
/** A slow device takes a fifth of the steps at least, as in FedCompass' examples. */
const leastShareOfSteps = 0.2
const leastStepsOf = ({ localSteps }: Settings): number => Math.ceil(leastShareOfSteps * localSteps)

/** The room's wish, which devices that can do everything are given. */
function allocationOf(settings: Settings, facts: ModelFacts): AllocationConfig {
  const { batch, localSteps, deadline } = settings
  const { parameters, bytesPerRow, precision, adapter } = facts
  const { rank } = adapter
  return {
    ...{ rank, batch, parameters, bytesPerRow, precision },
    leastRank: mixesRanks(settings) ? 1 : rank,
    leastSteps: leastStepsOf(settings),
    mostSteps: localSteps,
    deadlineMs: 1000 * deadline,
    tokensPerRow: usualTokensPerRow,
    overrides: {},
  }
}

/** Whoever has rounds can give each device its share of them; asynchronous devices find theirs (FedCompass), equals agree. */
const allocates = ({ allocation, scheme }: Settings): boolean =>
  allocation === 'by-speed' && scheme !== 'asynchronous' && scheme !== 'gossip'

/** Whether devices measure what they can do before the first order. */
export const isSpeedAsked = (settings: Settings): boolean =>
  allocates(settings) || settings.scheme === 'hierarchical'

/** Every device has a line in the digest, and the coordinator has one. */
const mostKnown = mostDevices - 1

/**
 * The same settings as the reducer knows them.
 * @param facts null where nobody allocates: tabs that gossip
 */
export const federationConfigOf = (settings: Settings, facts: ModelFacts | null): FederationConfig => ({
  ...defaultConfig,
  mostKnown,
  scheme: settings.scheme,
  seed: settings.seed,
  rounds: settings.rounds,
  localSteps: settings.localSteps,
  proximal: settings.proximal,
  autostart: settings.autostart,
  allocation: facts && allocates(settings) ? allocationOf(settings, facts) : null,
  fractionTrain: settings.fractionTrain,
  overSelection: settings.overSelection,
  waitsForAll: settings.waitsForAll,
  clustered: {
    ...defaultConfig.clustered,
    by: settings.clusterBy,
    count: settings.clusters,
    reclusterEvery: settings.reclusterEvery,
    mixing: settings.clusterMixing,
    resourceWeight: settings.resourceWeight,
  },
  hierarchical: {
    ...defaultConfig.hierarchical,
    edgeRounds: settings.edgeRounds,
    devicesPerEdge: settings.devicesPerEdge,
    appointed: settings.edges,
  },
  asynchronous: {
    ...defaultConfig.asynchronous,
    method: settings.asyncMethod,
    bufferSize: settings.bufferSize,
    mixing: settings.asyncMixing,
    staleness: settings.staleness,
    mostStale: settings.mostStale,
    concurrency: settings.concurrency,
    leastSteps: leastStepsOf(settings),
    mostSteps: settings.localSteps,
  },
  gossip: {
    ...defaultConfig.gossip,
    topology: settings.topology,
    degree: settings.degree,
    mixing: settings.mixing,
  },
})

/** Updates may start from versions as old as staleness allows; elsewhere from the newest. */
export const versionsKept = ({ scheme, asynchronous }: FederationConfig): number =>
  scheme === 'asynchronous' ? asynchronous.mostStale + 2 : 2
