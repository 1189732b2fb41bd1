/** What a preset of the Lab means as the settings of a room: what its coordinator's address would say. */
import { defaultSettings, type Settings, usualServerRate } from '../node/settings'
import { usualDeadlineSeconds } from './assignments'
import type { LabPreset } from './presets'

/** alpha over rank, at any rank. */
const scale = 2

export function roomSettings(preset: LabPreset, seed: number): Settings {
  const { config, aggregation, compression, serverRate, serverMomentum, rank, batch, learningRate } = preset
  const { clustered, hierarchical, asynchronous, gossip } = config
  return {
    ...defaultSettings,
    room: 'LAB',
    scheme: config.scheme,
    aggregation,
    compression,
    serverRate: serverRate ?? usualServerRate(aggregation),
    serverMomentum,
    rank,
    alpha: scale * rank,
    batch,
    lr: learningRate,
    seed,
    rounds: config.rounds,
    localSteps: config.localSteps,
    proximal: config.proximal,
    fractionTrain: config.fractionTrain,
    overSelection: config.overSelection,
    waitsForAll: config.waitsForAll,
    clusterBy: clustered.by,
    clusters: clustered.count,
    reclusterEvery: clustered.reclusterEvery,
    clusterMixing: clustered.mixing,
    resourceWeight: clustered.resourceWeight,
    edgeRounds: hierarchical.edgeRounds,
    edges: hierarchical.appointed,
    devicesPerEdge: hierarchical.devicesPerEdge,
    asyncMethod: asynchronous.method,
    bufferSize: asynchronous.bufferSize,
    asyncMixing: asynchronous.mixing,
    staleness: asynchronous.staleness,
    mostStale: asynchronous.mostStale,
    concurrency: asynchronous.concurrency,
    topology: gossip.topology,
    degree: gossip.degree,
    mixing: gossip.mixing,
    allocation: preset.stepsBySpeed || preset.ranks.length > 0 ? 'by-speed' : 'even',
    deadline: preset.deadlineSeconds ?? usualDeadlineSeconds(preset, seed),
    baselines: false,
    admitAll: true,
  }
}
