/**
 * What outlives a reload: a coordinator's room (keys, log, newest adapter), the key that a tab is, a gossiping tab's part of the
 * run, a device's own text and what it alone sees, and what was trained to guess for a model. In a browser it lies in IndexedDB (stored/indexed.ts); here
 * is what is kept, and the same calls over memory, for tests and for browsers that refuse storage.
 */
import type { Example } from '../../corpora/example'
import { type Accounts, emptyAccounts } from '../../federation/privacy/budget'
import type { Ballot } from '../../federation/succession/election'
import type { Succession } from '../../federation/succession/succession'
import type { SignedWill } from '../../federation/succession/will'
import type { AdapterId, CoordinatorEvent, PeerState } from '../../federation/types'
import type { Certificate } from '../../federation/unlearning/certificate'
import type { Unlearned, Wish } from '../../federation/unlearning/wish'
import type { AdapterConfig } from '../../model/adapter'
import type { SigningKey } from '../../network/identity/identity'
import type { ByteCount, RoomKeys } from '../../network/network'
import type { Settings } from '../../settings/table'
import type { Agreement } from '../gossip/membership/agreement'
import type { CompletedRound } from '../measuring/record'
import type { RoundRecord } from '../roundRecord'
import type { DeviceView, NodeState } from '../state'

/** The newest version of one adapter. Canonical safetensors throughout. */
export interface SavedAdapter {
  readonly id: AdapterId
  readonly version: number
  readonly folds: number
  /** What devices hold, with everything folded. */
  readonly held: Uint8Array
  /** What the server wants them to hold: lossy coding lags behind it. */
  readonly wanted: Uint8Array
  /** The server optimizer's. */
  readonly memory: { readonly momentum: Uint8Array; readonly variance: Uint8Array } | null
}

/** Who may come into a room. */
export interface SavedDoor {
  readonly isLocked: boolean
  /** Keys of those who were in when it was locked. */
  readonly known: readonly string[]
  readonly shutOut: readonly string[]
}

export const openDoor: SavedDoor = { isLocked: false, known: [], shutOut: [] }

export interface SavedRoom {
  /** Under which it is kept: the room's code, where this tab took the room over with its key. */
  readonly code: string
  readonly keys: RoomKeys
  readonly settings: Settings
  /** What stood when the run began, if it was changed since: the log is replayed from there. */
  readonly begunWith: Settings | null
  /** Empty at version 0. */
  readonly adapters: readonly SavedAdapter[]
  readonly history: readonly RoundRecord[]
  /** Completed, and not measured yet: a reload measures them. */
  readonly unpublished: readonly CompletedRound[]
  /** Null before the first round was published. */
  readonly seen: SeenRun | null
  /** Epoch milliseconds of the first round; null before it. */
  readonly startedAtMs: number | null
  readonly door: SavedDoor
  /** Oldest first. */
  readonly forgotten: readonly SavedForgetting[]
  /** By which this tab coordinates; empty: it has opened the room. */
  readonly succession: Succession
  /** The last that was made here; null: none yet. */
  readonly will: SignedWill | null
}

/** A wish that was fulfilled. Its device is told of it until it has measured what is left. */
export interface SavedForgetting {
  readonly wish: Wish
  readonly unlearned: Unlearned
  /** The global adapter's versions. */
  readonly before: number
  readonly version: number
  /** Null: nothing is measured yet. */
  readonly certificate: Certificate | null
  readonly isCertified: boolean
}

/** What the page has shown of a run, as of the last round that was published. */
export interface SeenRun extends Pick<NodeState, 'lossPoints' | 'baseLoss' | 'baseRecall'> {
  readonly traffic: ByteCount
  /** All others. */
  readonly devices: readonly DeviceView[]
}

/** A tab that gossips: nobody else keeps its part of the run. */
export interface SavedPeer {
  readonly agreement: Agreement
  readonly openedAtMs: number
  readonly index: number | null
  readonly state: PeerState
  readonly adapters: readonly SavedAdapter[]
  readonly history: readonly RoundRecord[]
  readonly startedAtMs: number | null
}

/**
 * What a device knows of its room and needs while nobody coordinates it, for another life of its tab. None of it is believed for
 * lying there: signatures stand under it.
 */
export interface SavedMembership {
  /** Of the coordinator that has let it in last; null: none has. */
  readonly pass: SavedPass | null
  /** By which that one came to its place, as far as this device has heard. */
  readonly succession: Succession
  /** The newest that was heard. */
  readonly will: SignedWill | null
  /** After so many seconds this room elects; null: after the usual time. */
  readonly silence: number | null
}

export interface SavedPass {
  /** The coordinator's public key, in hex. */
  readonly coordinator: string
  /** Its word for others that this tab is of its room. */
  readonly pass: string
}

/** All that an heir needs to carry a room on (`succession/estate.ts`). */
export interface Estate
  extends Pick<SavedRoom, 'settings' | 'begunWith' | 'startedAtMs' | 'door' | 'forgotten'> {
  readonly will: SignedWill
  readonly log: readonly CoordinatorEvent[]
  /** Empty at version 0. */
  readonly adapters: readonly SavedAdapter[]
}

/** What has changed of it. */
export interface Growth extends Omit<Estate, 'log' | 'adapters'> {
  /** So many events are known already; 0: this begins anew. */
  readonly from: number
  readonly events: readonly CoordinatorEvent[]
  /** Null: they are as they were. */
  readonly adapters: readonly SavedAdapter[] | null
}

/** Null: it goes on from something else than is held. */
export function grown(held: Estate | null, { from, events, adapters, ...rest }: Growth): Estate | null {
  const log = from === 0 ? [] : held?.log
  const kept = adapters ?? held?.adapters
  if (!log || !kept || log.length !== from) return null
  return { ...rest, log: [...log, ...events], adapters: kept }
}

export interface OwnText {
  readonly title: string
  readonly examples: readonly Example[]
}

/** Trained on the first layers of a base model alone: what guesses for the whole of it. */
export interface SavedDraft {
  readonly layers: number
  readonly config: AdapterConfig
  readonly bytes: Uint8Array
  /** The code of the room that trained it. */
  readonly room: string
}

/** What was found, and what became of a part that cannot be read: a sentence for the person, null where all is well. */
export interface Found<Value> {
  /** Null: nothing was kept, or nothing of it can be read. */
  readonly value: Value | null
  readonly damage: string | null
}

export interface KeptRoom {
  readonly room: SavedRoom
  readonly log: readonly CoordinatorEvent[]
}

export interface Storage {
  loadRoom(code: string): Promise<Found<KeptRoom>>
  /** Replaces the room and its log. */
  createRoom(room: SavedRoom, log?: readonly CoordinatorEvent[]): Promise<void>
  /** Appends an event and changes the room in one transaction, so that log and adapter never disagree. */
  append(code: string, event: CoordinatorEvent | null, change?: Partial<SavedRoom>): Promise<void>
  /** Puts aside what cannot be gone on from: the room as it is, and the log after its first `events` events. */
  setAside(code: string, events: number): Promise<void>
  /** A device's last vote in a room. What cannot be read was no vote. */
  loadBallot(name: string): Promise<Ballot | null>
  saveBallot(name: string, ballot: Ballot): Promise<void>
  /** A device's, in a room. What cannot be read is none. */
  loadMembership(name: string): Promise<SavedMembership | null>
  saveMembership(name: string, membership: SavedMembership | null): Promise<void>
  loadEstate(name: string): Promise<Estate | null>
  /** Adds what has changed, log and adapters in one transaction; null: this device is no heir any more. */
  saveEstate(name: string, growth: Growth | null): Promise<void>
  /** What a device has asked its room to forget, until it hears that this is done. */
  loadWish(name: string): Promise<Wish['of'] | null>
  saveWish(name: string, of: Wish['of'] | null): Promise<void>
  /** By what the key is called. */
  loadKey(name: string): Promise<Found<SigningKey>>
  saveKey(name: string, key: SigningKey): Promise<void>
  loadPeer(deviceKey: string): Promise<Found<SavedPeer>>
  savePeer(deviceKey: string, peer: SavedPeer): Promise<void>
  loadText(deviceKey: string): Promise<Found<OwnText>>
  saveText(deviceKey: string, text: OwnText | null): Promise<void>
  /** What a tab alone sees, as text; null: nothing. */
  loadView(deviceKey: string): Promise<Found<string>>
  saveView(deviceKey: string, view: string | null): Promise<void>
  /** By the hash of the base model; a newer one replaces it. */
  loadDraft(modelHash: string): Promise<Found<SavedDraft>>
  saveDraft(modelHash: string, draft: SavedDraft): Promise<void>
  /** What has been told of a text, by its hash. Of an account that cannot be read it is taken that everything was told. */
  loadAccounts(textHash: string): Promise<Found<Accounts> & { readonly value: Accounts }>
  /** In one piece: other tabs may hold the same text. Returns what is kept now. */
  changeAccounts(textHash: string, change: (accounts: Accounts) => Accounts): Promise<Accounts>
}

const found = <Value>(value: Value | undefined): Found<Value> => ({ value: value ?? null, damage: null })

export function memoryStorage(): Storage {
  const rooms = new Map<string, { room: SavedRoom; log: CoordinatorEvent[] }>()
  const texts = new Map<string, OwnText>()
  const peers = new Map<string, SavedPeer>()
  const drafts = new Map<string, SavedDraft>()
  const views = new Map<string, string>()
  const accounts = new Map<string, Accounts>()
  const keys = new Map<string, SigningKey>()
  const ballots = new Map<string, Ballot>()
  const wishes = new Map<string, Wish['of']>()
  const memberships = new Map<string, SavedMembership>()
  const estates = new Map<string, Estate>()
  return {
    loadRoom: async (code) => found(rooms.get(code)),
    async createRoom(room, log = []) {
      rooms.set(room.code, { room, log: [...log] })
    },
    async append(code, event, change) {
      const saved = rooms.get(code)
      if (!saved) return
      if (event) saved.log.push(event)
      rooms.set(code, { ...saved, room: { ...saved.room, ...change } })
    },
    async setAside(code, events) {
      rooms.get(code)?.log.splice(events)
    },
    loadBallot: async (name) => ballots.get(name) ?? null,
    async saveBallot(name, ballot) {
      ballots.set(name, ballot)
    },
    loadWish: async (name) => wishes.get(name) ?? null,
    async saveWish(name, of) {
      if (of) wishes.set(name, of)
      else wishes.delete(name)
    },
    loadMembership: async (name) => memberships.get(name) ?? null,
    async saveMembership(name, membership) {
      if (membership) memberships.set(name, membership)
      else memberships.delete(name)
    },
    loadEstate: async (name) => estates.get(name) ?? null,
    async saveEstate(name, growth) {
      const estate = growth && grown(estates.get(name) ?? null, growth)
      if (estate) estates.set(name, estate)
      else estates.delete(name)
    },
    loadKey: async (name) => found(keys.get(name)),
    async saveKey(name, key) {
      keys.set(name, key)
    },
    loadPeer: async (deviceKey) => found(peers.get(deviceKey)),
    async savePeer(deviceKey, peer) {
      peers.set(deviceKey, peer)
    },
    loadText: async (deviceKey) => found(texts.get(deviceKey)),
    async saveText(deviceKey, text) {
      if (text) texts.set(deviceKey, text)
      else texts.delete(deviceKey)
    },
    loadView: async (deviceKey) => found(views.get(deviceKey)),
    async saveView(deviceKey, view) {
      if (view === null) views.delete(deviceKey)
      else views.set(deviceKey, view)
    },
    loadDraft: async (modelHash) => found(drafts.get(modelHash)),
    async saveDraft(modelHash, draft) {
      drafts.set(modelHash, draft)
    },
    loadAccounts: async (textHash) => ({ value: accounts.get(textHash) ?? emptyAccounts, damage: null }),
    async changeAccounts(textHash, change) {
      const changed = change(accounts.get(textHash) ?? emptyAccounts)
      accounts.set(textHash, changed)
      return changed
    },
  }
}
