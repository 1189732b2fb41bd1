/** All books of one room together: what its tabs store, say, merge and show, held against what must always be true. */
import { deviceAdapter } from '../../src/federation/names'
import type { CoordinatorEvent } from '../../src/federation/types'
import type { Message } from '../../src/network/network'
import type { Merging } from '../../src/node/merging/merging'
import type { SavedRoom, Storage } from '../../src/node/stored/storage'
import { federationConfigOf, roomOfTabs } from '../../src/settings/derived/federationConfig'
import type { OpenedModel } from '../../src/training/compute'
import { edgesOf } from './invariants/edges'
import { ledgerOf } from './invariants/ledger'
import { peersOf } from './invariants/peers'
import { versionsOf } from './invariants/versions'
import type { Invariant, Violation } from './invariants/violation'
import type { ChaosRoom, Watcher } from './room'
import { coordinatorKey } from './schedule'

export interface WatchParts {
  readonly opened: OpenedModel
  /** Whether gossip is by push-sum. */
  readonly takesOnce: boolean
  /** For people: what time it is in the room. */
  readonly when: () => string
  /** Hears what happens, line by line. */
  readonly tell: (line: string) => void
}

export interface Watch extends Watcher {
  readonly violations: readonly Violation[]
  note(invariant: Invariant, event: string): void
  /** Everything that was to happen has happened, for now: what is shown must fit. */
  look(room: ChaosRoom): void
  /** Nothing is in the way any more and the run is over: all must hold the same. */
  end(room: ChaosRoom): void
}

/** Not all of it: a line. */
const textOf = (said: object): string => JSON.stringify(said).slice(0, 160)

export function watchOf({ opened, takesOnce, when, tell }: WatchParts): Watch {
  const violations: Violation[] = []
  const note = (invariant: Invariant, event: string) => void violations.push({ invariant, event })
  const ledger = ledgerOf(note, when)
  const versions = versionsOf(note, when)
  const peers = peersOf(note, when, takesOnce)
  const edges = edgesOf(note, when)
  /** What the coordinator's tab waits for before it goes on. */
  let storing = 0
  const booked = new WeakSet<CoordinatorEvent>()
  /** What a full disk has refused and not taken since: a life that ends before loses it, as its person is told. */
  const refused = new Set<string>()
  const taking = async (key: string, write: Promise<void>): Promise<void> => {
    await write.catch((refusal) => {
      refused.add(key)
      throw refusal
    })
    refused.delete(key)
  }
  const configOf = ({ settings, begunWith }: SavedRoom) =>
    federationConfigOf(begunWith ?? settings, opened, roomOfTabs)

  return {
    violations,
    note,
    opened(key) {
      if (refused.delete(key)) {
        versions.forgets(key === coordinatorKey ? null : key)
        peers.forgets(key)
      }
      versions.opened(key)
      peers.opened(key)
      if (key === coordinatorKey) storing = 0
    },
    said(key: string, to: string, message: Message) {
      if (message.type !== 'digest' && message.type !== 'status') tell(`${key} -> ${to} ${textOf(message)}`)
      versions.said(key, message)
      edges.said(key, to, message)
    },
    merging: (key: string, merging: Merging): Merging => ({
      ...merging,
      merge(terms, effect) {
        if (key === coordinatorKey) edges.merged(effect)
        else if (effect.adapter === deviceAdapter(key)) peers.merges(key, effect)
        return merging.merge(terms, effect)
      },
      combine(terms, effect) {
        if (effect.adapter === deviceAdapter(key)) peers.mixes(key, effect)
        return merging.combine(terms, effect)
      },
    }),
    storage: (key: string, storage: Storage): Storage => ({
      ...storage,
      createRoom(room) {
        ledger.begins(configOf(room))
        return storage.createRoom(room)
      },
      async loadRoom(code) {
        const found = await storage.loadRoom(code)
        if (found.value) ledger.resumes(configOf(found.value.room), [...found.value.log])
        return found
      },
      append(code, event, change) {
        if (event) tell(`${key} stores ${textOf(event)}`)
        // What was refused comes again.
        const kept = event && !booked.has(event) ? ledger.stores(event) : () => {}
        if (event) booked.add(event)
        storing++
        const settled = () => {
          storing--
          kept()
        }
        const write = storage.append(code, event, change)
        write.then(settled, settled)
        return taking(key, write)
      },
      async loadPeer(own) {
        const found = await storage.loadPeer(own)
        if (found.value) peers.loads(key, found.value)
        return found
      },
      savePeer(own, peer) {
        return taking(key, storage.savePeer(own, peer)).then(() => peers.saves(key, peer))
      },
    }),
    look({ tabs }) {
      for (const [key, { life, node }] of tabs) {
        const shown = node.store.getState()
        versions.shown(key, shown)
        const isStored = storing === 0 && !refused.has(key)
        const isSettled = !life.isFrozen && isStored && shown.phase.kind !== 'starting'
        if (key === coordinatorKey && isSettled) ledger.shows(shown)
      }
    },
    end({ tabs }) {
      ledger.ends()
      const coordinator = tabs.get(coordinatorKey)?.node.store.getState()
      if (!coordinator) return
      const clusterOf = new Map(coordinator.devices.map(({ key, cluster }) => [key, cluster]))
      /** By cluster, null where all share one adapter: what the first one holds. */
      const held = new Map<string | null, string | null>()
      if (coordinator.settings.scheme !== 'clustered') held.set(null, coordinator.adapterHash)
      for (const [key, { node }] of tabs) {
        if (key === coordinatorKey) continue
        const { adapterHash, forgetting } = node.store.getState()
        if (forgetting !== null)
          note('who wants to be forgotten is', `${when()} ${key} waits, and nobody tells it anything`)
        if (ledger.isOut(key)) continue
        const cluster = clusterOf.get(key) ?? null
        const hash = held.get(cluster) ?? adapterHash
        held.set(cluster, hash)
        if (adapterHash === null || adapterHash !== hash)
          note('all live nodes end with one adapter', `${when()} ${key}: ${adapterHash}, others ${hash}`)
      }
    },
  }
}
