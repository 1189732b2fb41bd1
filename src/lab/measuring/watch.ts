/**
 * What the Lab sees of a run: after every round who holds which adapter, what that is worth on text that nobody trained on,
 * what it cost, and what convergence bounds rest on. It reads the nodes as their pages would, and measures by itself: of all
 * adapters on the same text.
 */
import type { ConvergenceTerms, Staleness } from '../../federation/analysis/terms'
import { globalAdapter } from '../../federation/names'
import type { RoundRecord } from '../../node/roundRecord'
import type { SimulatedRoom } from '../simulation/room'
import type { Holding, Trainer } from '../training/trainer'
import { type Changes, consensusOf } from './terms'

export interface Point {
  readonly round: number
  readonly version: number
  /** Virtual, since the first order. */
  readonly seconds: number
  readonly bytes: number
  /** Of these, over the wide network. */
  readonly wanBytes: number
  readonly loss: number | null
}

/** Measured quantities of one round. */
export interface Terms extends Partial<ConvergenceTerms> {
  readonly round: number
  /** What the merges missed of the average of the models, as a share of it. */
  readonly distortion?: number
  readonly staleness?: Staleness
  readonly consensusError?: number
}

export interface Watcher {
  /** Of a run that goes on for a given time and not for so many rounds: how long, in virtual seconds. Told before any point. */
  lasts(seconds: number): void
  /** `clusters`: of each device; null where the scheme knows none. */
  point(point: Point, clusters: readonly string[] | null): void
  terms(terms: Terms): void
}

export interface WatchParts {
  readonly room: SimulatedRoom
  readonly trainer: Trainer
  /** Whether every device has a model of its own, of which the common one says little. */
  readonly isPersonal: boolean
  /** What training has changed; null: nobody asks for the terms. */
  readonly changes: Changes | null
  readonly watcher: Watcher | null
}

export interface Watch {
  readonly terms: readonly Terms[]
  /** Once all of them are measured. */
  points(): Promise<readonly Point[]>
}

type Missed = Pick<RoundRecord, 'distortion' | 'staleness'>

export function watchRoom(parts: WatchParts): Watch {
  const { trainer, changes, watcher } = parts
  const { clock, links, coordinator, devices } = parts.room
  const terms: Terms[] = []
  const waiting: Promise<Point>[] = []

  function record({
    distortion,
    staleness,
    ...what
  }: Omit<Point, 'bytes' | 'wanBytes' | 'loss'> & Missed): void {
    const { round, version, seconds } = what
    const [bytes, wanBytes] = [links.lan + links.wan, links.wan]
    const held = holdingsOf(parts)
    const clusters = clustersOf(parts.room)
    const measured = trainer.evaluate(held).then((loss): Point => {
      const point = { round, version, seconds, bytes, wanBytes, loss }
      watcher?.point(point, clusters)
      return point
    })
    measured.catch(() => {}) // whoever asks for the points hears of it
    waiting.push(measured)
    if (!changes) return
    const own: Terms = {
      round,
      ...changes.termsOf(clusters),
      ...(distortion !== null && { distortion }),
      ...(staleness !== null && { staleness }),
      ...(coordinator === null && { consensusError: consensusOf(held, trainer.opened.adapter) }),
    }
    terms.push(own)
    watcher?.terms(own)
  }

  /** Where nobody coordinates a round is over when the last of those who are here has done it. */
  function recordTogether(): void {
    const histories = [...devices.values()].map((node) => node.store.getState().history)
    const least = Math.min(...histories.map((history) => history.at(-1)?.round ?? 0))
    if (least <= recorded) return
    recorded = least
    const version = Math.max(...histories.map((history) => history.at(-1)?.version ?? 0))
    record({
      round: least,
      version,
      seconds: (clock.now() - beganMs) / 1000,
      distortion: null,
      staleness: null,
    })
  }

  const beganMs = clock.now()
  let recorded = 0
  if (coordinator)
    coordinator.store.subscribe(({ history }) => {
      for (; recorded < history.length; recorded++) record(history[recorded])
    })
  for (const node of coordinator ? [] : devices.values()) node.store.subscribe(recordTogether)
  return { terms, points: () => Promise.all(waiting) }
}

/** Who holds which adapter: of a coordinator's room all devices, of one of equals those who are here. */
export function holdingsOf({ room, isPersonal }: Pick<WatchParts, 'room' | 'isPersonal'>): Holding[] {
  const { draws, coordinator, devices } = room
  const holders = new Map<Uint8Array, number[]>()
  const holds = (adapter: Uint8Array | null, device: number) => {
    if (!adapter) return
    const others = holders.get(adapter)
    if (others) others.push(device)
    else holders.set(adapter, [device])
  }
  if (coordinator && !isPersonal) {
    const clusters = clustersOf(room)
    for (const device of draws.keys.keys())
      holds(coordinator.adapter(clusters?.[device] ?? globalAdapter), device)
  } else for (const [key, node] of devices) holds(node.adapter(), draws.indexOf(key))
  return [...holders].map(([adapter, own]) => ({ adapter, devices: own }))
}

/** Of each device; null where the scheme knows none. */
export function clustersOf({ draws, coordinator }: SimulatedRoom): readonly string[] | null {
  const clusters = new Map<string, string>()
  for (const { key, cluster } of coordinator?.store.getState().devices ?? [])
    if (cluster !== null) clusters.set(key, cluster)
  return clusters.size > 0 ? draws.keys.map((key) => clusters.get(key) ?? globalAdapter) : null
}
