/**
 * What a gossiping tab computes when its reducer orders a round: local steps from its own adapter, looked at before they
 * count, and beside them the yardstick "alone" (`device/training.ts` has the steps of both). It knows no neighbours; what
 * is merged and mixed is `peer.ts`.
 */

import { updateComplaint } from '../../federation/aggregation/check'
import { only } from '../../federation/aggregation/global/downlink'
import { updateFromEnd } from '../../federation/aggregation/global/mean'
import type { LoraUpdate } from '../../federation/aggregation/types'
import type { Effect, Happening } from '../../federation/types'
import { decodeSafetensors } from '../../model/safetensors'
import type { TrainProgress } from '../../training/compute'
import { addLossPoint } from '../coordinator/view'
import type { HeldShare } from '../local/text'
import { type Training, trainingOf } from '../local/training'
import type { Adapters } from '../merging/versions'
import type { Engine, Tab } from '../tab/tab'
import { federatingOf } from '../wire/federating'
import type { Order, Report } from '../wire/messages'
import type { Company } from './membership/membership'
import { poolOf } from './membership/roster'

const statusEveryMs = 200

export interface LocalTrainingParts {
  readonly tab: Tab
  readonly company: Company
  readonly engine: Engine
  readonly adapters: Adapters
  happen(event: Happening): void
  /** Resolves when all rounds that are done have been measured. */
  measured(): Promise<void>
  /** How far this tab comes alone. */
  report(report: Report): void
}

export interface Trained {
  readonly update: LoraUpdate
  readonly loss: number
}

export interface LocalTraining {
  hold(held: HeldShare, index: number): void
  order(effect: Effect & { type: 'order' }): void
  /** What this round's steps came to; null: nothing, or not yet. */
  resultOf(round: number): Trained | null
  interrupt(): void
  alone(): Uint8Array | null
  close(): void
}

export function localTraining(parts: LocalTrainingParts): LocalTraining {
  const { tab, company, engine, adapters, happen, measured, report } = parts
  const { selfKey } = tab
  const settings = () => tab.store.getState().settings
  let held: HeldShare | null = null
  let training: Training | null = null
  let last: (Trained & { readonly round: number }) | null = null
  let isClosed = false
  let work: Promise<void> = Promise.resolve()

  async function train(order: Order): Promise<void> {
    const start = adapters.at(order)
    if (isClosed || !start || !training || !held) return
    const { round, version, adapter } = order
    const result = await training.fromMerged(start.issue.bytes, order, progressOf(round))
    if (isClosed || !result) return
    const sent = federatingOf(settings()).rule.sends(round)
    const from = start.issue.global.adapter
    const update = updateFromEnd(selfKey, from, only(decodeSafetensors(result.adapter).tensors, sent), 1)
    const { examples } = tab.store.getState().text
    const complaint = updateComplaint(from.tensors, update.delta, examples, sent)
    if (complaint || !Number.isFinite(result.loss)) {
      tab.problem('update-refused', `Round ${round} did not count: ${complaint ?? 'its loss is no number'}.`)
      return stall(round, complaint ?? 'not finite')
    }
    last = { round, update, loss: result.loss }
    const done = { activity: 'waiting', trainLoss: result.loss } as const
    tab.setDevice(selfKey, done)
    company.say(done)
    happen({ type: 'update-arrived', device: selfKey, round, version, examples })
    if (!settings().baselines) return
    const isOwn = { text: held.corpus === null, model: false }
    report(await training.byItself(order, adapters.newest(adapter).issue.bytes, isOwn))
  }

  /** A round that failed would fail again: it waits for a person. */
  function stall(round: number, reason: string): void {
    happen({ type: 'command', command: 'pause' })
    happen({ type: 'update-refused', device: selfKey, round, reason })
  }

  function progressOf(round: number): (progress: TrainProgress) => void {
    let shownAtMs = Number.NEGATIVE_INFINITY
    return ({ step, steps, loss, tokensPerSecond }) => {
      const shown = Number.isFinite(loss) ? loss : null
      if (shown !== null) addLossPoint(tab, selfKey, round - 1 + step / steps, shown)
      if (tab.clock.now() - shownAtMs < statusEveryMs && step < steps) return
      shownAtMs = tab.clock.now()
      const progress = { activity: 'training', step, steps, tokensPerSecond } as const
      const all = shown === null ? progress : { ...progress, trainLoss: shown }
      tab.set({ tokensPerSecond })
      tab.setDevice(selfKey, all)
      company.say(all)
    }
  }

  return {
    hold(share, index) {
      held = share
      training = trainingOf(engine, settings(), index, share.share)
    },
    order({ adapter, version, round, steps, proximal }) {
      const { batch, lr } = settings()
      const order: Order = {
        ...{ type: 'order', round, adapter, version, steps, proximal, batch, learningRate: lr },
        ...{ rank: engine.opened.adapter.rank, precision: null },
        ...{
          learns: federatingOf(settings()).rule.learns(round),
          pool: poolOf(company.roster()),
          forRound: round,
          edge: null,
        },
      }
      // Here who trains is who measures. A round's figures would come behind all steps of the next one, or the one after.
      work = work
        .then(measured)
        .then(() => train(order))
        .catch((error: unknown) => {
          if (isClosed) return
          const reason = error instanceof Error ? error.message : String(error)
          tab.problem('training-failed', reason)
          stall(round, reason)
        })
    },
    resultOf: (round) => (last?.round === round ? last : null),
    interrupt: () => training?.interrupt(),
    alone: () => training?.alone() ?? null,
    close() {
      isClosed = true
    },
  }
}
