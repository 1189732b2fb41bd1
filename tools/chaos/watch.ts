/** All books of one room together: what its tabs store, say, merge and show, held against what must always be true. */
import { deviceAdapter, isOfEdge } from '../../src/federation/names'
import type { PrivacyTerms } from '../../src/federation/privacy/budget'
import { newestVersion } from '../../src/federation/run'
import type { CoordinatorEvent } from '../../src/federation/types'
import type { Message } from '../../src/network/network'
import type { GossamerNode } from '../../src/node/gossamerNode'
import type { Merging } from '../../src/node/merging/merging'
import type { SavedRoom, Storage } from '../../src/node/stored/storage'
import { federationConfigOf, roomOfTabs } from '../../src/settings/derived/federationConfig'
import type { OpenedModel } from '../../src/training/compute'
import { edgesOf } from './invariants/edges'
import { gateOf } from './invariants/gate'
import { type Ledger, ledgerOf } from './invariants/ledger'
import { peersOf } from './invariants/peers'
import { privaciesOf } from './invariants/privacy'
import { successionsOf } from './invariants/succession'
import { versionsOf } from './invariants/versions'
import type { Invariant, Violation } from './invariants/violation'
import { type ChaosRoom, coordinating, type Watcher } from './room'
import { coordinatorKey } from './schedule'

export interface WatchParts {
  readonly opened: OpenedModel
  /** Whether gossip is by push-sum. */
  readonly takesOnce: boolean
  /** What the room promises of privacy; null: nothing. */
  readonly privacy: PrivacyTerms | null
  readonly now: () => number
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
  /** Whether a room without a coordinator has what it takes to elect one. */
  canElect(room: ChaosRoom): boolean
  /** Whether so many are here as a round needs that may still learn from their text, or nobody is and the run is over; where no budget is spent: so it is. */
  mayEnd(needed: number): boolean
  /** Nothing is in the way any more and the run is over: all must hold the same. */
  end(room: ChaosRoom): void
}

/** The books of one coordinator, over all lives of its tab. */
interface Reign {
  readonly ledger: Ledger
  /** Whose tab it is. */
  readonly key: string
  /** What the tab waits for before it goes on. */
  storing: number
  /** Since when it has shown something else than its books say; null: it does not. */
  differsSinceMs: number | null
}

/** A coordinator keeps to itself what it has made for so long, until its heirs have it. */
const mostWaitMs = 2_000

/** Not all of it: a line. */
const textOf = (said: object): string => JSON.stringify(said).slice(0, 160)

export function watchOf({ opened, takesOnce, privacy, now, when, tell }: WatchParts): Watch {
  const violations: Violation[] = []
  const note = (invariant: Invariant, event: string) => void violations.push({ invariant, event })
  const versions = versionsOf(note, when)
  const peers = peersOf(note, when, takesOnce)
  const edges = edgesOf(note, when)
  const privacies = privaciesOf(note, when, privacy)
  const gate = gateOf(note, when)
  /** By event that was booked: what to do once it is kept. */
  const booked = new WeakMap<CoordinatorEvent, () => void>()
  /** What a full disk has refused and not taken since: a life that ends before loses it, as its person is told. */
  const refused = new Set<string>()
  const taking = async (key: string, write: Promise<void>): Promise<void> => {
    await write.catch((refusal) => {
      refused.add(key)
      throw refusal
    })
    refused.delete(key)
  }
  const successions = successionsOf(note, when)
  /** By where the room is kept: each coordinator has a place of its own. */
  const reigns = new Map<string, Reign>()
  const configOf = ({ settings, begunWith }: SavedRoom) =>
    federationConfigOf(begunWith ?? settings, opened, roomOfTabs)

  /** What a coordinator shows must be what its books say. */
  function compare(node: GossamerNode, key: string, isFrozen: boolean): void {
    const shown = node.store.getState()
    const reign = [...reigns.values()].findLast((other) => other.key === key)
    const isOut = shown.phase.kind === 'starting' || shown.phase.kind === 'failed'
    if (!reign) return
    const difference = isFrozen || reign.storing > 0 || isOut ? null : reign.ledger.differs(shown)
    reign.differsSinceMs = difference === null ? null : (reign.differsSinceMs ?? now())
    if (reign.differsSinceMs !== null && now() - reign.differsSinceMs > mostWaitMs)
      note('the log leads to the state', `${when()}: ${difference}`)
  }

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
      successions.opened(key)
      privacies.opened(key)
      gate.opened(key)
      for (const reign of reigns.values()) if (reign.key === key) reign.storing = 0
    },
    said(key: string, to: string, message: Message, term: number) {
      if (message.type !== 'digest' && message.type !== 'status') tell(`${key} -> ${to} ${textOf(message)}`)
      versions.said(key, message, term)
      edges.said(key, to, message)
      successions.said(key, message)
      privacies.said(key, message)
      gate.said(key, message)
    },
    merging: (key: string, merging: Merging): Merging => ({
      ...merging,
      async merge(terms, effect) {
        if (effect.adapter === deviceAdapter(key)) peers.merges(key, effect)
        else if (!isOfEdge(effect.adapter)) edges.merged(effect)
        const merged = await merging.merge(terms, effect)
        gate.makes(key, effect, merged.version.hash)
        return merged
      },
      keep(terms, effect) {
        tell(`${key}: version ${effect.version} of ${effect.adapter} is voted down`)
        gate.refuses(key, effect)
        return merging.keep(terms, effect)
      },
      combine(terms, effect) {
        if (effect.adapter === deviceAdapter(key)) peers.mixes(key, effect)
        return merging.combine(terms, effect)
      },
    }),
    storage: (key: string, storage: Storage): Storage => ({
      ...storage,
      createRoom(room, log = []) {
        const ledger = ledgerOf(note, when)
        ledger.begins(configOf(room))
        reigns.set(room.code, { ledger, key, storing: 0, differsSinceMs: null })
        const certificate = room.succession.at(-1)
        if (certificate) {
          ledger.resumes(configOf(room), log)
          const { term, will } = certificate
          tell(`${key} takes the room over in term ${term}`)
          successions.tookOver(key, room.code, term, will.roster, newestVersion(ledger.state!))
        }
        return storage.createRoom(room, log)
      },
      async loadRoom(code) {
        const found = await storage.loadRoom(code)
        if (found.value) reigns.get(code)?.ledger.resumes(configOf(found.value.room), [...found.value.log])
        return found
      },
      append(code, event, change) {
        const reign = reigns.get(code)
        if (event) tell(`${key} stores ${textOf(event)}`)
        if (event) gate.stores(key, event)
        // What was refused comes again.
        if (event && reign && !booked.has(event)) booked.set(event, reign.ledger.stores(event))
        if (reign) reign.storing++
        const ended = () => {
          if (reign) reign.storing--
        }
        const write = storage.append(code, event, change)
        write.then(() => {
          ended()
          if (event) booked.get(event)?.()
        }, ended)
        return taking(key, write)
      },
      async changeAccounts(textHash, change) {
        const accounts = await storage.changeAccounts(textHash, change)
        privacies.keeps(key, accounts)
        return accounts
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
      for (const [key, { life, node, office }] of tabs) {
        versions.shown(key, node.store.getState())
        const coordinator = key === coordinatorKey ? node : office
        if (coordinator) compare(coordinator, key, life.isFrozen || refused.has(key))
      }
    },
    canElect({ tabs }) {
      // Who was forgotten has left, though its tab still shows a certificate.
      const isHere = (node: GossamerNode) => node.store.getState().phase.kind !== 'finished'
      return successions.canElect([...tabs].flatMap(([key, { node }]) => (isHere(node) ? [key] : [])))
    },
    mayEnd: (needed) => [...reigns.values()].at(-1)?.ledger.mayEnd(needed) ?? true,
    end(room) {
      const current = [...reigns.values()].at(-1)?.ledger
      current?.ends()
      const coordinator = coordinating(room)?.store.getState()
      if (!coordinator) return
      const clusterOf = new Map(coordinator.devices.map(({ key, cluster }) => [key, cluster]))
      /** By cluster, null where all share one adapter: what the first one holds. */
      const held = new Map<string | null, string | null>()
      if (coordinator.settings.scheme !== 'clustered') held.set(null, coordinator.adapterHash)
      for (const [key, { node }] of room.tabs) {
        if (key === coordinatorKey) continue
        const { adapterHash, forgetting } = node.store.getState()
        if (forgetting !== null)
          note('who wants to be forgotten is', `${when()} ${key} waits, and nobody tells it anything`)
        if ([...reigns.values()].some(({ ledger }) => ledger.isOut(key))) continue
        const cluster = clusterOf.get(key) ?? null
        const hash = held.get(cluster) ?? adapterHash
        held.set(cluster, hash)
        if (adapterHash === null || adapterHash !== hash)
          note('all live nodes end with one adapter', `${when()} ${key}: ${adapterHash}, others ${hash}`)
      }
    },
  }
}
