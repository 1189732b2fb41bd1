/**
 * Where a coordinator's room stands after a reload: its stored log replayed. A log that ends early, that the reducer cannot
 * follow, or that speaks of adapters which are not there is followed as far as it goes; from there the room goes on at the
 * newest adapter that can be read, which an event says, so that the next replay leads there again.
 */
import { globalComplaint } from '../../federation/aggregation/check'
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import { replay } from '../../federation/federation'
import { globalAdapter } from '../../federation/names'
import { newestVersion } from '../../federation/run'
import type { CoordinatorHappening, FederationConfig, FederationState } from '../../federation/types'
import type { Adapter } from '../../model/adapter'
import { SafetensorsError } from '../../model/safetensors'
import { damageOf } from '../stored/records'
import type { KeptRoom, SavedAdapter, SavedRoom } from '../stored/storage'

export interface Resumed {
  readonly room: SavedRoom
  readonly state: FederationState
  /** What the reducer has to hear first; null for a new room. */
  readonly event: CoordinatorHappening | null
  /** Events of the log that were followed; the rest belongs aside. */
  readonly followed: number
  /** What the person has to know; null where all is as it was. */
  readonly damage: string | null
}

export interface ResumeParts extends KeptRoom {
  /** What was found wrong when the room was read. */
  readonly damage: string | null
  /** The settings with which the log begins, and those that stand now. */
  readonly begunWith: FederationConfig
  readonly now: FederationConfig
  /** What every version is shaped like. */
  readonly initial: Adapter
}

export function resume({ room, log, damage, begunWith, now, initial }: ResumeParts): Resumed {
  const { state, followed } = replay(begunWith, log)
  const adapters = room.adapters.filter((saved) => isUsable(saved, initial))
  const isWhole = damage === null && followed === log.length && agrees(state, adapters)
  if (isWhole) {
    const event: CoordinatorHappening | null = log.length > 0 ? { type: 'coordinator-resumed' } : null
    return { room, state, event, followed, damage: null }
  }
  const newest = newestOf(adapters)
  const why =
    damage ?? damageOf(followed < log.length ? `its log from event ${followed + 1} on` : 'an adapter')
  const completedRounds = newest ? Math.max(room.history.at(-1)?.round ?? 0, state.completedRounds) : 0
  return {
    room: {
      ...room,
      adapters: newest ? [{ ...newest, id: globalAdapter }] : [],
      history: newest ? room.history : [],
      unpublished: [],
    },
    state,
    event: { type: 'recovered', config: now, version: newest?.version ?? 0, completedRounds, why },
    followed,
    damage: why,
  }
}

/**
 * Whether every adapter that the log speaks of is there, in its version, and none is newer than the log. The initial one
 * need not be kept, and those that were given up (of clusters of before) may be.
 */
const agrees = (state: FederationState, saved: readonly SavedAdapter[]): boolean =>
  saved.every(({ version }) => version <= newestVersion(state)) &&
  Object.entries(state.adapters).every(
    ([id, version]) =>
      (version === 0 && id === globalAdapter) ||
      saved.some((adapter) => adapter.id === id && adapter.version === version),
  )

/** Of equals the one that all share. */
const newestOf = (adapters: readonly SavedAdapter[]): SavedAdapter | null =>
  adapters.reduce<SavedAdapter | null>((best, adapter) => {
    if (!best || adapter.version > best.version) return adapter
    return adapter.version === best.version && adapter.id === globalAdapter ? adapter : best
  }, null)

function isUsable({ held, wanted, folds }: SavedAdapter, { config, tensors }: Adapter): boolean {
  try {
    return [held, wanted].every(
      (bytes) => globalComplaint(tensors, decodeGlobal(bytes, config, folds)) === null,
    )
  } catch (problem) {
    if (problem instanceof SafetensorsError) return false
    throw problem
  }
}
