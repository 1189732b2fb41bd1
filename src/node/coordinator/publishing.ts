/**
 * Completed rounds on their way to everybody: stored with the event that completed them, measured, told. A coordinator that
 * is reloaded in between measures them again from what was stored, so no round is missing from the history; and with each
 * round it stores what the page has shown of the run, so that curves, traffic and devices outlive the reload too.
 */

import type { Effect, FederationState } from '../../federation/types'
import type { ByteCount, Network } from '../../network/network'
import type { Settings } from '../../settings/table'
import type { Post } from '../executor/post'
import { type Measurements, measureRounds } from '../measuring/measurements'
import type { CompletedRound, Published } from '../measuring/record'
import type { SavedRoom, SeenRun } from '../stored/storage'
import { secondsSinceStart } from '../tab/elapsed'
import { isLargeRoom } from '../tab/largeRoom'
import type { Engine, Tab } from '../tab/tab'
import { roundOfDevice } from '../wire/history'
import { type CompletionParts, completedRound } from './completion'

export interface PublishingParts {
  readonly tab: Tab
  readonly network: Network
  readonly engine: () => Engine
  readonly settings: () => Settings
  /** As it was stored. */
  readonly room: SavedRoom
  readonly completion: CompletionParts
  readonly keep: (change: Partial<SavedRoom>) => void
  readonly broadcast: Post['broadcast']
  /** A round is in the history. */
  readonly published: () => void
}

export interface Publishing extends Pick<Measurements, 'report' | 'left'> {
  /** What these effects complete, to be stored with their event: all that is not published yet. */
  completing(state: FederationState, effects: readonly Effect[]): Pick<SavedRoom, 'unpublished'> | null
  /** Measures what was completed. */
  measure(): void
}

export function publishingOf(parts: PublishingParts): Publishing {
  const { tab, network, engine, settings, room, completion, keep, broadcast, published } = parts
  let unpublished: readonly CompletedRound[] = room.unpublished
  let unmeasured: readonly CompletedRound[] = unpublished
  let completedUpTo = Math.max(0, ...[...room.history, ...unpublished].map(({ round }) => round))
  const measurements = measureRounds(tab.clock, () => engine().compute, settings, publish, failed)

  function publish({ record, baseLoss, baseRecall }: Published): void {
    const history = [...tab.store.getState().history, record]
    unpublished = unpublished.filter(({ round }) => round !== record.round)
    tab.set({ history, baseLoss, baseRecall })
    keep({ history, unpublished, seen: seenBy(tab, network, room) })
    broadcast((device) => ({
      type: 'record',
      record: isLargeRoom(tab) ? roundOfDevice(record, device) : record,
      baseLoss,
      baseRecall,
    }))
    published()
  }

  function failed(error: unknown): void {
    const what = error instanceof Error ? error.message : error
    tab.problem('measuring-failed', `A round could not be measured: ${what}`)
  }

  return {
    report: measurements.report,
    left: measurements.left,
    completing(state, effects) {
      const completed = effects.flatMap((effect) => {
        if (effect.type !== 'round-completed' || effect.round <= completedUpTo) return []
        const { sent, received } = trafficSince(room, network)
        const seconds = secondsSinceStart(tab)
        const round = completedRound(completion, state, effect, { seconds, bytes: sent + received })
        if (round) completedUpTo = round.round
        return round ?? []
      })
      if (completed.length === 0) return null
      unpublished = [...unpublished, ...completed]
      unmeasured = [...unmeasured, ...completed]
      return { unpublished }
    },
    measure() {
      const rounds = unmeasured
      unmeasured = []
      for (const round of rounds) measurements.completed(round)
    },
  }
}

/** Bytes since the room was opened, over all reloads of its tab. */
export function trafficSince({ seen }: SavedRoom, { bytes }: Pick<Network, 'bytes'>): ByteCount {
  if (!seen) return bytes
  const byKind = { ...seen.traffic.byKind }
  for (const [kind, count] of Object.entries(bytes.byKind)) byKind[kind] = (byKind[kind] ?? 0) + count
  return {
    sent: seen.traffic.sent + bytes.sent,
    received: seen.traffic.received + bytes.received,
    byKind,
  }
}

/** What the page shows of the run now. */
function seenBy(tab: Tab, network: Network, room: SavedRoom): SeenRun {
  const { devices, lossPoints, baseLoss, baseRecall } = tab.store.getState()
  return {
    lossPoints,
    baseLoss,
    baseRecall,
    traffic: trafficSince(room, network),
    devices: devices.filter(({ isSelf }) => !isSelf),
  }
}

/** Shows it again after a reload: the devices are away until they come back. */
export function showSeen(tab: Tab, { history, startedAtMs, seen }: SavedRoom): void {
  tab.set({ history, startedAtMs })
  if (!seen) return
  const { devices, traffic, ...run } = seen
  tab.set({ ...run, bytes: traffic })
  for (const device of devices) tab.setDevice(device.key, { ...device, activity: 'gone', transport: null })
}
