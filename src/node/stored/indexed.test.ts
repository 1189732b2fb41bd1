import { defaultSettings } from '../../settings/reading'
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Accounts, emptyAccounts } from '../../federation/privacy/budget'
import type { CoordinatorEvent } from '../../federation/types'
import { virtualClock } from '../../network/time/virtual-clock'
import { electorate } from '../succession/fixtures/electorate'
import { forgotten, savedAdapter, savedBytes, savedRoom } from './fixtures/savedRoom'
import { openStorage } from './indexed'
import { openDoor } from './storage'

const joined = { type: 'device-joined', atMs: 1, device: 'a' } as const satisfies CoordinatorEvent
const left = { type: 'device-left', atMs: 2, device: 'a' } as const satisfies CoordinatorEvent

/** The database as its own tools would change it. */
const tamper = () => openDB('gossamer')

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

describe('what was stored', () => {
  it('comes back', async () => {
    const { storage, keeping } = await openStorage(virtualClock())
    const room = await savedRoom()
    await storage.createRoom(room)
    await storage.append('ROOM', joined, { startedAtMs: 6 })
    const { value, damage } = await storage.loadRoom('ROOM')
    expect([keeping, damage, value?.log]).toEqual(['lasting', null, [joined]])
    expect(value?.room).toMatchObject({ ...room, keys: { secret: room.keys.secret }, startedAtMs: 6 })
    const text = { title: 'mine', examples: [{ prompt: '', completion: 'a' }] }
    await storage.saveText('a', text)
    expect(await storage.loadText('a')).toEqual({ value: text, damage: null })
    expect(await storage.loadText('b')).toEqual({ value: null, damage: null })
    expect(await storage.loadPeer('a')).toEqual({ value: null, damage: null })
    const draft = {
      layers: 1,
      config: { rank: 1, alpha: 2, targets: ['c_attn'] },
      bytes: savedBytes,
      room: 'ROOM',
    }
    await storage.saveDraft('hash', draft)
    expect(await storage.loadDraft('hash')).toEqual({ value: draft, damage: null })
    expect(await storage.loadDraft('other')).toEqual({ value: null, damage: null })
  })

  it('of a device’s room comes back, its estate as it has grown, and is gone once nothing is kept', async () => {
    const { storage } = await openStorage(virtualClock())
    const will = await electorate().will('founder')
    const membership = { pass: null, succession: [], will, silence: 9 }
    const opened = { settings: defaultSettings, begunWith: null, startedAtMs: 5, door: openDoor }
    const standing = { ...opened, will, forgotten: [forgotten] }
    await storage.saveWish('ROOM a', 'text')
    expect(await storage.loadWish('ROOM a')).toBe('text')
    await storage.saveWish('ROOM a', null)
    expect(await storage.loadWish('ROOM a')).toBeNull()
    await storage.saveMembership('ROOM a', membership)
    await storage.saveEstate('ROOM a', { ...standing, from: 0, events: [joined], adapters: [savedAdapter] })
    await storage.saveEstate('ROOM a', { ...standing, from: 1, events: [left], adapters: null })
    expect(await storage.loadMembership('ROOM a')).toEqual(membership)
    const estate = { ...standing, log: [joined, left], adapters: [savedAdapter] }
    expect(await storage.loadEstate('ROOM a')).toEqual(estate)
    await storage.saveEstate('ROOM a', { ...standing, from: 0, events: [left], adapters: null })
    expect(await storage.loadEstate('ROOM a')).toEqual({ ...estate, log: [left] })
    await storage.saveMembership('ROOM a', null)
    await storage.saveEstate('ROOM a', null)
    expect([await storage.loadMembership('ROOM a'), await storage.loadEstate('ROOM a')]).toEqual([null, null])
    await storage.saveEstate('ROOM a', { ...standing, from: 0, events: [], adapters: [] })
    expect((await storage.loadEstate('ROOM a'))?.log).toEqual([])
  })

  it('counts what was told of a text, over tabs and reloads', async () => {
    const { storage } = await openStorage(virtualClock())
    expect((await storage.loadAccounts('text')).value).toEqual(emptyAccounts)
    const more = (accounts: Accounts): Accounts => ({
      ...accounts,
      device: { spent: accounts.device.spent.map((told) => told + 1), updates: accounts.device.updates + 1 },
    })
    const { storage: ofAnotherTab } = await openStorage(virtualClock())
    await Promise.all([storage.changeAccounts('text', more), ofAnotherTab.changeAccounts('text', more)])
    const { value, damage } = await storage.loadAccounts('text')
    expect([value.device.updates, value.device.spent[0], value.example.updates, damage]).toEqual([
      2,
      2,
      0,
      null,
    ])
    expect((await storage.loadAccounts('another')).value).toEqual(emptyAccounts)
    const everything = (accounts: Accounts): Accounts => ({
      ...accounts,
      device: { spent: accounts.device.spent.map(() => Number.POSITIVE_INFINITY), updates: 3 },
    })
    await storage.changeAccounts('text', everything)
    expect((await storage.loadAccounts('text')).value.device.spent[0]).toBe(Number.POSITIVE_INFINITY)
  })

  it('by the version before is still there', async () => {
    const before = await openDB('gossamer', 3, {
      upgrade(database) {
        database.createObjectStore('rooms', { keyPath: 'code' })
        database.createObjectStore('events', { autoIncrement: true }).createIndex('code', 'code')
        database.createObjectStore('texts')
        database.createObjectStore('peers')
      },
    })
    await before.put('rooms', await savedRoom())
    await before.add('events', { code: 'ROOM', event: joined })
    before.close()
    const { storage } = await openStorage(virtualClock())
    expect((await storage.loadRoom('ROOM')).value?.log).toEqual([joined])
    expect(await storage.loadDraft('hash')).toEqual({ value: null, damage: null }) // version 3 kept none
  })

  it('is not waited for while a tab of an older page holds on to it', async () => {
    const older = await openDB('gossamer', 3)
    const { storage, keeping } = await openStorage(virtualClock())
    expect(keeping).toBe('older-tab-open')
    await storage.saveText('a', { title: '', examples: [] })
    older.close()
  })
})

describe('damage', () => {
  async function damaged(change: (database: Awaited<ReturnType<typeof tamper>>) => Promise<unknown>) {
    const { storage } = await openStorage(virtualClock())
    await storage.createRoom(await savedRoom())
    for (const device of ['a', 'b', 'c']) await storage.append('ROOM', { ...joined, device })
    await storage.saveText('a', { title: 'mine', examples: [{ prompt: '', completion: 'a' }] })
    const database = await tamper()
    await change(database)
    return { storage, aside: () => database.getAll('damaged') }
  }

  it('of an event ends the log before it; that event and all after it are put aside', async () => {
    const broken = { code: 'ROOM', event: { type: 'device-joined', atMs: 'soon' } }
    const { storage, aside } = await damaged((database) => database.put('events', broken, 2))
    const { value, damage } = await storage.loadRoom('ROOM')
    expect(value?.log).toEqual([joined])
    expect(damage).toMatch(/the log from event 2 of 3 on.*put aside.*then resume/)
    expect(await aside()).toMatchObject([
      { from: 'rooms', key: 'ROOM', events: [broken.event, { device: 'c' }] },
    ])
    expect(await storage.loadRoom('ROOM')).toMatchObject({ damage: null, value: { log: [joined] } })
  })

  it('of what a tab saw puts it aside, and its person is asked again', async () => {
    const { storage, aside } = await damaged((database) => database.put('views', { text: 7 }, 'a'))
    expect((await storage.loadView('a')).damage).toMatch(/put aside.*Say again what it sees/)
    expect(await aside()).toMatchObject([{ from: 'views', key: 'a', record: { text: 7 } }])
    await storage.saveView('a', 'the sea')
    expect(await storage.loadView('a')).toEqual({ value: 'the sea', damage: null })
    await storage.saveView('a', null)
    expect(await storage.loadView('a')).toEqual({ value: null, damage: null })
  })

  it('of what was told of a text counts as everything, so that no budget comes back', async () => {
    const { storage } = await damaged((database) => database.put('accounts', { device: 7 }, 'text'))
    for (const _ of ['once', 'again']) {
      const { value, damage } = await storage.loadAccounts('text')
      expect(damage).toMatch(/no budget is left/)
      expect(value.device.spent.every((told) => told === Number.POSITIVE_INFINITY)).toBe(true)
    }
  })

  it('of what guesses puts it aside, and the tab does without', async () => {
    const { storage, aside } = await damaged((database) => database.put('drafts', { layers: 0 }, 'hash'))
    expect((await storage.loadDraft('hash')).damage).toMatch(/put aside.*guesses without it/)
    expect(await aside()).toMatchObject([{ from: 'drafts', key: 'hash', record: { layers: 0 } }])
    expect(await storage.loadDraft('hash')).toEqual({ value: null, damage: null })
  })

  it('of a room that cannot be opened again puts all of it aside, and says what to do', async () => {
    const { storage, aside } = await damaged((database) =>
      database.put('rooms', { code: 'ROOM', keys: null }),
    )
    const { value, damage } = await storage.loadRoom('ROOM')
    expect(value).toBeNull()
    expect(damage).toMatch(/put aside.*give its link to the devices/)
    expect((await aside())[0]).toMatchObject({ record: { keys: null }, events: [{}, {}, {}] })
    expect(await storage.loadRoom('ROOM')).toEqual({ value: null, damage: null })
  })

  it('of an adapter or a round leaves the others', async () => {
    const { storage, aside } = await damaged(async (database) =>
      database.put('rooms', {
        ...(await database.get('rooms', 'ROOM')),
        adapters: [
          savedAdapter,
          { ...savedAdapter, held: savedBytes.slice(0, 9) },
          { ...savedAdapter, version: -1 },
        ],
        history: [null],
      }),
    )
    const { value, damage } = await storage.loadRoom('ROOM')
    expect(value?.room).toMatchObject({ adapters: [{ version: 1 }], history: [] })
    expect(damage).toContain('(an adapter, some measured rounds)')
    expect((await aside())[0].record.adapters).toHaveLength(3)
  })

  it('that another version of the page has made is not guessed at', async () => {
    const { storage } = await damaged(async (database) =>
      database.put('rooms', { ...(await database.get('rooms', 'ROOM')), format: 99 }),
    )
    expect((await storage.loadRoom('ROOM')).damage).toMatch(/kept by another version of this page/)
  })

  it('is not what a room is called whose settings do not go together any more: the reason is said', async () => {
    const refused = { ...defaultSettings, room: 'ROOM', scheme: 'hierarchical', aggregation: 'fedex' }
    const { storage } = await damaged(async (database) =>
      database.put('rooms', { ...(await database.get('rooms', 'ROOM')), settings: refused }),
    )
    const { value, damage } = await storage.loadRoom('ROOM')
    expect(value).toBeNull()
    expect(damage).toContain('is set to what this page does not run: ')
    expect(damage).toMatch(/two tiers.*put aside.*give its link to the devices/)
    expect(damage).not.toContain('damaged')
  })

  it('of a text or of a gossiping tab is put aside, and says what to do', async () => {
    const { storage, aside } = await damaged(async (database) => {
      await database.put('texts', { title: 'mine', examples: [null] }, 'a')
      await database.put('peers', { state: {} }, 'a')
    })
    expect(await storage.loadText('a')).toEqual({
      value: null,
      damage: expect.stringMatching(/paste the text again/),
    })
    expect(await storage.loadPeer('a')).toEqual({ value: null, damage: expect.stringMatching(/begins anew/) })
    expect((await aside()).map(({ from }) => from)).toEqual(['texts', 'peers'])
    expect(await storage.loadText('a')).toEqual({ value: null, damage: null })
  })
})
