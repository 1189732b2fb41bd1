/**
 * Storage in IndexedDB. Everything that comes out of it is read through schemas (records.ts); what does not fit them is moved
 * to the store `damaged`, as it was, before anything is written over it.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'
import type { Accounts } from '../../federation/privacy/budget'
import type { Ballot } from '../../federation/succession/election'
import type { CoordinatorEvent } from '../../federation/types'
import type { Wish } from '../../federation/unlearning/wish'
import type { SigningKey } from '../../network/identity/identity'
import type { Clock } from '../../network/time/clock'
import { readEstate, readMembership } from './heritage'
import {
  readAccounts,
  readBallot,
  readDraft,
  readKey,
  readPeer,
  readRoom,
  readText,
  readView,
  storedFormat,
} from './records'
import { readWish } from './run'
import {
  type Estate,
  memoryStorage,
  type OwnText,
  type SavedDraft,
  type SavedMembership,
  type SavedPeer,
  type SavedRoom,
  type Storage,
} from './storage'

interface Format {
  readonly format: number
}

interface Schema extends DBSchema {
  rooms: { key: string; value: SavedRoom & Format }
  events: { key: number; value: { code: string; event: CoordinatorEvent }; indexes: { code: string } }
  texts: { key: string; value: OwnText & Format }
  views: { key: string; value: { readonly text: string } & Format }
  keys: { key: string; value: { readonly signingKey: SigningKey } & Format }
  peers: { key: string; value: SavedPeer & Format }
  drafts: { key: string; value: SavedDraft & Format }
  accounts: { key: string; value: Accounts & Format }
  ballots: { key: string; value: Ballot & Format }
  wishes: { key: string; value: Pick<Wish, 'of'> & Format }
  memberships: { key: string; value: SavedMembership & Format }
  /** Their logs lie with those of rooms. */
  estates: { key: string; value: Omit<Estate, 'log'> & Format }
  damaged: { key: number; value: Damaged }
}

/** A record that could not be read, and where it lay. For people who know what to do with it. */
export interface Damaged {
  readonly from: 'rooms' | 'keys' | 'texts' | 'views' | 'peers' | 'drafts'
  readonly key: string
  readonly atMs: number
  readonly record: unknown
  /** Of a room: the events of its log that are not in it any more. */
  readonly events?: readonly unknown[]
}

type Database = IDBPDatabase<Schema>

/** Whether a reload finds this tab's part again. */
export type Keeping = 'lasting' | 'refused' | 'older-tab-open'

/** IndexedDB, or memory where it is refused or an older tab holds on to it. */
export async function openStorage(clock: Clock): Promise<{ storage: Storage; keeping: Keeping }> {
  let giveUp: () => void = () => {}
  const blocked = new Promise<null>((resolve) => {
    giveUp = () => resolve(null)
  })
  try {
    const opening = openDB<Schema>('gossamer', 10, {
      upgrade(database, before) {
        // Rooms of version 1 kept one adapter without its id: they cannot be resumed. A device's own text can.
        for (const store of before === 1 ? (['rooms', 'events'] as const) : [])
          database.deleteObjectStore(store)
        if (before < 2) {
          database.createObjectStore('rooms', { keyPath: 'code' })
          database.createObjectStore('events', { autoIncrement: true }).createIndex('code', 'code')
        }
        if (before === 0) database.createObjectStore('texts')
        if (before < 3) database.createObjectStore('peers')
        if (before < 4) database.createObjectStore('damaged', { autoIncrement: true })
        if (before < 5) database.createObjectStore('drafts')
        if (before < 6) database.createObjectStore('views')
        if (before < 7) database.createObjectStore('accounts')
        if (before < 8) database.createObjectStore('keys')
        if (before < 9) database.createObjectStore('ballots')
        for (const store of ['memberships', 'estates', 'wishes'] as const) database.createObjectStore(store)
      },
      blocked: giveUp,
      // A tab with a newer page waits: this one keeps on running, and says that it no longer stores.
      blocking: (_, __, { target }) => (target as IDBDatabase).close(),
    })
    const database = await Promise.race([opening, blocked])
    if (database) return { storage: lastingStorage(database, clock), keeping: 'lasting' }
    void opening.then((late) => late.close()).catch(() => {})
    return { storage: memoryStorage(), keeping: 'older-tab-open' }
  } catch {
    return { storage: memoryStorage(), keeping: 'refused' }
  }
}

const lastingStorage = (database: Database, clock: Clock): Storage => ({
  async loadRoom(code) {
    const stored = await database.get('rooms', code)
    const rows = await database.getAllFromIndex('events', 'code', code)
    const events = rows.map(({ event }) => event)
    const found = readRoom(stored, events)
    if (found.damage === null) return found
    await putAside(database, clock, code, found.value ? found.value.log.length : 0)
    if (found.value) await database.put('rooms', { ...found.value.room, format: storedFormat })
    else await database.delete('rooms', code)
    return found
  },
  async createRoom(room, log = []) {
    const transaction = database.transaction(['rooms', 'events'], 'readwrite')
    await transaction.objectStore('rooms').put({ ...room, format: storedFormat })
    for await (const cursor of transaction.objectStore('events').index('code').iterate(room.code))
      await cursor.delete()
    for (const event of log) await transaction.objectStore('events').add({ code: room.code, event })
    await transaction.done
  },
  async append(code, event, change) {
    const transaction = database.transaction(['rooms', 'events'], 'readwrite')
    if (event) await transaction.objectStore('events').add({ code, event })
    const room = change && (await transaction.objectStore('rooms').get(code))
    if (room) await transaction.objectStore('rooms').put({ ...room, ...change })
    await transaction.done
  },
  setAside: (code, events) => putAside(database, clock, code, events),
  loadBallot: async (name) => readBallot(await database.get('ballots', name)),
  async saveBallot(name, ballot) {
    await database.put('ballots', { ...ballot, format: storedFormat }, name)
  },
  loadWish: async (name) => readWish(await database.get('wishes', name)),
  async saveWish(name, of) {
    await (of === null
      ? database.delete('wishes', name)
      : database.put('wishes', { of, format: storedFormat }, name))
  },
  loadMembership: async (name) => readMembership(await database.get('memberships', name)),
  async saveMembership(name, membership) {
    await (membership
      ? database.put('memberships', { ...membership, format: storedFormat }, name)
      : database.delete('memberships', name))
  },
  async loadEstate(name) {
    const rows = await database.getAllFromIndex('events', 'code', logOfEstate(name))
    return readEstate(
      await database.get('estates', name),
      rows.map(({ event }) => event),
    )
  },
  async saveEstate(name, growth) {
    const transaction = database.transaction(['estates', 'events'], 'readwrite')
    const [estates, log] = [transaction.objectStore('estates'), transaction.objectStore('events')]
    const code = logOfEstate(name)
    if (growth === null || growth.from === 0)
      for await (const cursor of log.index('code').iterate(code)) await cursor.delete()
    if (growth) {
      const { from: _, events, adapters, ...standing } = growth
      const before = adapters ?? (await estates.get(name))?.adapters ?? []
      for (const event of events) await log.add({ code, event })
      await estates.put({ ...standing, adapters: before, format: storedFormat }, name)
    } else await estates.delete(name)
    await transaction.done
  },
  async loadKey(name) {
    const found = readKey(await database.get('keys', name))
    if (found.damage !== null) await moveAside(database, clock, 'keys', name)
    return found
  },
  async saveKey(name, signingKey) {
    await database.put('keys', { signingKey, format: storedFormat }, name)
  },
  async loadPeer(deviceKey) {
    const found = readPeer(await database.get('peers', deviceKey))
    if (found.damage !== null) await moveAside(database, clock, 'peers', deviceKey)
    return found
  },
  async savePeer(deviceKey, peer) {
    await database.put('peers', { ...peer, format: storedFormat }, deviceKey)
  },
  async loadText(deviceKey) {
    const found = readText(await database.get('texts', deviceKey))
    if (found.damage !== null) await moveAside(database, clock, 'texts', deviceKey)
    return found
  },
  async saveText(deviceKey, text) {
    await (text
      ? database.put('texts', { ...text, format: storedFormat }, deviceKey)
      : database.delete('texts', deviceKey))
  },
  async loadView(deviceKey) {
    const found = readView(await database.get('views', deviceKey))
    if (found.damage !== null) await moveAside(database, clock, 'views', deviceKey)
    return found
  },
  async saveView(deviceKey, text) {
    await (text === null
      ? database.delete('views', deviceKey)
      : database.put('views', { text, format: storedFormat }, deviceKey))
  },
  async loadDraft(modelHash) {
    const found = readDraft(await database.get('drafts', modelHash))
    if (found.damage !== null) await moveAside(database, clock, 'drafts', modelHash)
    return found
  },
  async saveDraft(modelHash, draft) {
    await database.put('drafts', { ...draft, format: storedFormat }, modelHash)
  },
  // A damaged account is not put aside: it would be empty then.
  loadAccounts: async (textHash) => readAccounts(await database.get('accounts', textHash)),
  async changeAccounts(textHash, change) {
    const transaction = database.transaction('accounts', 'readwrite')
    const changed = change(readAccounts(await transaction.store.get(textHash)).value)
    await transaction.store.put({ ...changed, format: storedFormat }, textHash)
    await transaction.done
    return changed
  },
})

/** No room's code has a word in front. */
const logOfEstate = (name: string): string => `estate ${name}`

/** The room as it is, and all events after the first so many, which leave the log. */
async function putAside(database: Database, clock: Clock, code: string, first: number): Promise<void> {
  const transaction = database.transaction(['rooms', 'events', 'damaged'], 'readwrite')
  const record = await transaction.objectStore('rooms').get(code)
  const events = await cutLog(transaction, code, first)
  const aside: Damaged = { from: 'rooms', key: code, atMs: clock.now(), record, events }
  await transaction.objectStore('damaged').add(aside)
  await transaction.done
}

async function cutLog(
  transaction: IDBPTransaction<Schema, ('rooms' | 'events' | 'damaged')[], 'readwrite'>,
  code: string,
  first: number,
): Promise<unknown[]> {
  const cut: unknown[] = []
  let place = 0
  for await (const cursor of transaction.objectStore('events').index('code').iterate(code)) {
    if (place++ < first) continue
    cut.push(cursor.value.event)
    await cursor.delete()
  }
  return cut
}

async function moveAside(
  database: Database,
  clock: Clock,
  from: 'keys' | 'peers' | 'texts' | 'views' | 'drafts',
  key: string,
): Promise<void> {
  const transaction = database.transaction([from, 'damaged'], 'readwrite')
  const record = await transaction.objectStore(from).get(key)
  await transaction.objectStore('damaged').add({ from, key, atMs: clock.now(), record })
  await transaction.objectStore(from).delete(key)
  await transaction.done
}
