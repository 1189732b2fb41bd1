/**
 * What outlives a reload, in IndexedDB: a coordinator's room (keys, log, newest adapter) and a device's own text. Where a
 * browser refuses storage (private windows), the same calls work on memory and the tab says that a reload loses the room.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Example } from '../corpora/example'
import type { AdapterId, FederationEvent, FederationState } from '../federation/types'
import type { ByteCount, RoomKeys } from '../network/network'
import type { CompletedRound } from './coordinator/measurements'
import type { Charter } from './gossip/company/charter'
import type { Settings } from './settings'
import type { DeviceView, NodeState, RoundRecord } from './state'

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

export interface SavedRoom {
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
}

/** What the page has shown of a run, as of the last round that was published. */
export interface SeenRun extends Pick<NodeState, 'lossPoints' | 'baseLoss' | 'baseRecall'> {
  readonly traffic: ByteCount
  /** All others. */
  readonly devices: readonly DeviceView[]
}

/** A tab that gossips: nobody else keeps its part of the run. */
export interface SavedPeer {
  readonly charter: Charter
  readonly openedAtMs: number
  readonly index: number | null
  readonly state: FederationState
  readonly adapters: readonly SavedAdapter[]
  readonly history: readonly RoundRecord[]
  readonly startedAtMs: number | null
}

export interface OwnText {
  readonly title: string
  readonly examples: readonly Example[]
}

export interface Storage {
  loadRoom(code: string): Promise<{ room: SavedRoom; log: readonly FederationEvent[] } | null>
  /** Replaces the room and forgets its log. */
  createRoom(room: SavedRoom): Promise<void>
  /** Appends an event and changes the room in one transaction, so that log and adapter never disagree. */
  append(code: string, event: FederationEvent | null, change?: Partial<SavedRoom>): Promise<void>
  loadPeer(deviceKey: string): Promise<SavedPeer | null>
  savePeer(deviceKey: string, peer: SavedPeer): Promise<void>
  loadText(deviceKey: string): Promise<OwnText | null>
  saveText(deviceKey: string, text: OwnText | null): Promise<void>
}

interface Schema extends DBSchema {
  rooms: { key: string; value: SavedRoom }
  events: { key: number; value: { code: string; event: FederationEvent }; indexes: { code: string } }
  texts: { key: string; value: OwnText }
  peers: { key: string; value: SavedPeer }
}

/** IndexedDB, or memory where it is refused; `lasting` says which. */
export async function openStorage(): Promise<{ storage: Storage; lasting: boolean }> {
  try {
    const database = await openDB<Schema>('gossamer', 3, {
      upgrade(db, before) {
        // Rooms of version 1 kept one adapter without its id: they cannot be resumed. A device's own text can.
        for (const store of before === 1 ? (['rooms', 'events'] as const) : []) db.deleteObjectStore(store)
        if (before < 2) {
          db.createObjectStore('rooms', { keyPath: 'code' })
          db.createObjectStore('events', { autoIncrement: true }).createIndex('code', 'code')
        }
        if (before === 0) db.createObjectStore('texts')
        db.createObjectStore('peers')
      },
    })
    return { storage: lastingStorage(database), lasting: true }
  } catch {
    return { storage: memoryStorage(), lasting: false }
  }
}

const lastingStorage = (database: IDBPDatabase<Schema>): Storage => ({
  async loadRoom(code) {
    const room = await database.get('rooms', code)
    const rows = await database.getAllFromIndex('events', 'code', code)
    return room ? { room, log: rows.map(({ event }) => event) } : null
  },
  async createRoom(room) {
    const transaction = database.transaction(['rooms', 'events'], 'readwrite')
    await transaction.objectStore('rooms').put(room)
    for await (const cursor of transaction.objectStore('events').index('code').iterate(room.code))
      await cursor.delete()
    await transaction.done
  },
  async append(code, event, change) {
    const transaction = database.transaction(['rooms', 'events'], 'readwrite')
    if (event) await transaction.objectStore('events').add({ code, event })
    const room = change && (await transaction.objectStore('rooms').get(code))
    if (room) await transaction.objectStore('rooms').put({ ...room, ...change })
    await transaction.done
  },
  loadPeer: async (deviceKey) => (await database.get('peers', deviceKey)) ?? null,
  async savePeer(deviceKey, peer) {
    await database.put('peers', peer, deviceKey)
  },
  loadText: async (deviceKey) => (await database.get('texts', deviceKey)) ?? null,
  async saveText(deviceKey, text) {
    await (text ? database.put('texts', text, deviceKey) : database.delete('texts', deviceKey))
  },
})

export function memoryStorage(): Storage {
  const rooms = new Map<string, { room: SavedRoom; log: FederationEvent[] }>()
  const texts = new Map<string, OwnText>()
  const peers = new Map<string, SavedPeer>()
  return {
    loadRoom: async (code) => rooms.get(code) ?? null,
    async createRoom(room) {
      rooms.set(room.code, { room, log: [] })
    },
    async append(code, event, change) {
      const saved = rooms.get(code)
      if (!saved) return
      if (event) saved.log.push(event)
      rooms.set(code, { ...saved, room: { ...saved.room, ...change } })
    },
    loadPeer: async (deviceKey) => peers.get(deviceKey) ?? null,
    async savePeer(deviceKey, peer) {
      peers.set(deviceKey, peer)
    },
    loadText: async (deviceKey) => texts.get(deviceKey) ?? null,
    async saveText(deviceKey, text) {
      if (text) texts.set(deviceKey, text)
      else texts.delete(deviceKey)
    },
  }
}
