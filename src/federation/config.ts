/**
 * What a federation is told before it starts, and may be told again while it runs. Every scheme reads the general part and
 * its own; the values that stand here are the literature's where there is one (docs/federation.md names the sources).
 */
import type { DeviceKey } from './names'
import type { Assignment, Wish } from './resources/allocation'

export const schemeNames = ['synchronous', 'clustered', 'hierarchical', 'asynchronous', 'gossip'] as const
export type SchemeName = (typeof schemeNames)[number]

export interface ClusteredConfig {
  /** Whether likeness of updates decides who belongs together, or (IFCA) which cluster's adapter fits a device best. */
  readonly by: 'similarity' | 'loss'
  readonly method: 'k-means' | 'average-linkage'
  /** Null: as many as the silhouette likes best. */
  readonly count: number | null
  readonly mostClusters: number
  /** Rounds that all devices train together before they are told apart. */
  readonly warmUpRounds: number
  readonly reclusterEvery: number
  /** Below this mean silhouette the data shows no clusters and one is used. */
  readonly leastSilhouette: number
  /** How much log tokens/s and log round trip count beside the data; 0: not at all. */
  readonly resourceWeight: number
  /** w_k <- (1 - mixing) w_k + mixing · mean(w) every `mixEvery` rounds; 0: clusters never share. */
  readonly mixing: number
  readonly mixEvery: number
}

export interface HierarchicalConfig {
  /** Edge rounds (kappa 2) between two exchanges with the coordinator; kappa 1 is `localSteps`. */
  readonly edgeRounds: number
  /** An edge takes so many devices and no more. */
  readonly devicesPerEdge: number
  /** How many edges there should be where too few volunteer; 0: volunteers only. */
  readonly appointed: number
}

export const asynchronousMethods = ['fedasync', 'fedbuff', 'fedcompass'] as const
export const stalenessNames = ['constant', 'polynomial', 'hinge', 'inverse-root', 'inverse'] as const

export interface AsynchronousConfig {
  /** FedAsync mixes every update in at once, FedBuff collects K, FedCompass makes the devices of a group arrive together. */
  readonly method: (typeof asynchronousMethods)[number]
  /** K; null: half of the devices. */
  readonly bufferSize: number | null
  /** alpha of FedAsync. */
  readonly mixing: number
  readonly staleness: (typeof stalenessNames)[number]
  /** Updates older than so many versions are dropped; 20, so that a tab ten times slower than five others still counts. */
  readonly mostStale: number
  /** Devices that train at the same time at most; null: all. */
  readonly concurrency: number | null
  /** A buffer that has waited so long is merged as soon as it holds two updates. */
  readonly timeBudgetMs: number
  /** FedCompass gives a device between so many and so many local steps. */
  readonly leastSteps: number
  readonly mostSteps: number
  /** FedCompass waits so many times the expected arrival for a group. */
  readonly lateness: number
}

export const topologies = ['ring', 'random-regular', 'full', 'small-world'] as const
export const mixings = ['metropolis', 'push-sum'] as const

export interface GossipConfig {
  readonly topology: (typeof topologies)[number]
  /** Neighbours of a node where the topology leaves a choice. */
  readonly degree: number
  readonly mixing: (typeof mixings)[number]
  /** Neighbours that have not been heard for so long are mixed without. */
  readonly windowMs: number
}

export interface AllocationConfig extends Wish {
  /** Set by hand. */
  readonly overrides: Readonly<Record<DeviceKey, Partial<Assignment>>>
}

export interface FederationConfig {
  readonly scheme: SchemeName
  /** Devices that are remembered, whether here or not; null: all that ever came. */
  readonly mostKnown: number | null
  readonly rounds: number
  readonly localSteps: number
  /** Rounds begin by themselves once so many devices hold text; null: a person starts. */
  readonly autostart: number | null
  /** Draws cohorts, topologies and first centroids. */
  readonly seed: number
  /** Share of the able devices that a round asks for. */
  readonly fractionTrain: number
  /** rho: so many more are asked than are waited for. */
  readonly overSelection: number
  /** Textbook rounds that end when everybody has answered: no grace time after the quorum, only the deadline. */
  readonly waitsForAll: boolean
  /** mu of FedProx: local training pays (mu / 2) |w - w_start|²; 0: FedAvg. */
  readonly proximal: number
  /** Synchronous rounds: what each device is given follows from what it can do; null: all are given the same. */
  readonly allocation: AllocationConfig | null
  readonly clustered: ClusteredConfig
  readonly hierarchical: HierarchicalConfig
  readonly asynchronous: AsynchronousConfig
  readonly gossip: GossipConfig
}

export const defaultConfig: FederationConfig = {
  scheme: 'synchronous',
  mostKnown: null,
  rounds: 10,
  localSteps: 20,
  autostart: null,
  seed: 7,
  fractionTrain: 1,
  overSelection: 0,
  waitsForAll: false,
  proximal: 0,
  allocation: null,
  clustered: {
    by: 'similarity',
    method: 'k-means',
    count: null,
    mostClusters: 8,
    warmUpRounds: 2,
    reclusterEvery: 5,
    leastSilhouette: 0.1,
    resourceWeight: 0,
    mixing: 0,
    mixEvery: 5,
  },
  hierarchical: { edgeRounds: 2, devicesPerEdge: 8, appointed: 2 },
  asynchronous: {
    method: 'fedbuff',
    bufferSize: null,
    mixing: 0.6,
    staleness: 'polynomial',
    mostStale: 20,
    concurrency: null,
    timeBudgetMs: 60_000,
    leastSteps: 10,
    mostSteps: 50,
    lateness: 1.2,
  },
  gossip: { topology: 'full', degree: 4, mixing: 'metropolis', windowMs: 5000 },
}
