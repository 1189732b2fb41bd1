/**
 * What convergence bounds rest on, as the Lab sees it: how far training has moved each device, before anything was coded or
 * merged. Within each cluster, for a cluster is a federation of its own.
 */
import { changeOf, gramOf } from '../../federation/aggregation/algebra/models'
import { wholeModel } from '../../federation/aggregation/exportAdapter'
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import { preciseDifference } from '../../federation/aggregation/global/mean'
import type { LoraUpdate } from '../../federation/aggregation/types'
import {
  type ConvergenceTerms,
  convergenceTerms,
  relativeConsensusError,
} from '../../federation/analysis/terms'
import { type AdapterConfig, atRank } from '../../model/adapter'
import type { Holding, Trainer } from '../training/trainer'

export interface Changes {
  /** The same trainer: what it does is seen here. */
  readonly trainer: Trainer
  /** Of the newest training of each device; by clusters, where there are any. */
  termsOf(clusters: readonly string[] | null): ConvergenceTerms
}

export function changesOf(trainer: Trainer): Changes {
  const { adapter: config } = trainer.opened
  const newest = new Map<number, LoraUpdate>()
  return {
    trainer: {
      ...trainer,
      async train(device, job) {
        const trained = await trainer.train(device, job)
        const own = atRank(config, job.rank ?? config.rank)
        const { adapter: start } = decodeGlobal(job.adapter, own, 0)
        const { adapter: end } = decodeGlobal(trained.adapter, own, 0)
        const delta = preciseDifference(end.tensors, start.tensors)
        newest.set(device, { device: `${device}`, start, delta, weight: 1 })
        return trained
      },
    },
    termsOf(clusters) {
      const names = new Set([...newest.keys()].map((device) => clusters?.[device]))
      const each = [...names].map((name) => {
        const members = [...newest].filter(([device]) => clusters?.[device] === name)
        const gram = gramOf(members.map(([, update]) => changeOf(update)))
        const terms = convergenceTerms(
          gram,
          members.map(() => 1),
        )
        return { ...terms, share: members.length / newest.size }
      })
      const mean = (of: (terms: ConvergenceTerms) => number) =>
        each.reduce((sum, terms) => sum + terms.share * of(terms), 0)
      const [drift, squared] = [mean((terms) => terms.drift), mean(({ meanChange }) => meanChange ** 2)]
      return { meanChange: Math.sqrt(squared), drift, relativeDrift: squared > 0 ? drift / squared : 0 }
    },
  }
}

/** How far nodes that nobody coordinates are from agreeing. */
export function consensusOf(holdings: readonly Holding[], config: AdapterConfig): number {
  const models = holdings.flatMap(({ adapter }) =>
    adapter ? [wholeModel(decodeGlobal(adapter, config, 0))] : [],
  )
  return relativeConsensusError(gramOf(models))
}
