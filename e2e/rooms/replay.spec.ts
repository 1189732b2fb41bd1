/**
 * A federation of real tabs, played again in the Lab. The coordinator's stored events go through the Lab's reducer; what it
 * decides must be what the tabs saw: the orders and versions that left on the wire, the merges, the timers that ran out. With
 * the updates that left the devices it merges again, in Node, and ends with each version's hash.
 */
import type { BrowserContext, Page } from '@playwright/test'
import type { CoordinatorEvent, Effect, FederationConfig } from '../../src/federation/types'
import { decisionsOf, type RecordedUpdate, versionsOf } from '../../src/lab/replay'
import type { FromCoordinator, FromDevice } from '../../src/node/wire/messages'
import { adapterConfigOf } from '../../src/settings/derived/adapter'
import { federationConfigOf } from '../../src/settings/derived/federationConfig'
import type { Settings } from '../../src/settings/table'
import { appAddress, expect, test } from '../fixtures'
import { untilPeers, untilRound } from '../surface'

/** A whole letter: what it says, and what is attached to it. */
interface Letter<Said> {
  readonly said: Said
  readonly attached: Uint8Array
}

interface Recording {
  readonly settings: Settings
  readonly events: readonly CoordinatorEvent[]
  /** What left the coordinator, connection by connection. */
  readonly sent: readonly (readonly Letter<FromCoordinator>[])[]
}

interface Sent {
  readonly text: string
  readonly transfer: number
  /** Of its attachment, piece after piece. */
  readonly pieces: number[][]
}

declare global {
  var sentByChannel: Map<RTCDataChannel, Sent[]>
}

/** Keeps every letter that data channels send. The layout of frames is in network/letters/frames.ts. */
const listenIn = (context: BrowserContext) =>
  context.addInitScript(() => {
    const [headerBytes, messageFrame, attachmentFrame] = [16, 1, 2]
    globalThis.sentByChannel = new Map()
    const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, data: Uint8Array) => void
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      if (data instanceof Uint8Array && data.length >= headerBytes) {
        const transfer = new DataView(data.buffer, data.byteOffset).getUint32(4, true)
        const payload = data.subarray(headerBytes)
        const letters = globalThis.sentByChannel.get(this) ?? []
        if (data[0] === messageFrame) {
          const letter = { text: new TextDecoder().decode(payload), transfer, pieces: [] }
          globalThis.sentByChannel.set(this, [...letters, letter])
        } else if (data[0] === attachmentFrame)
          letters.findLast((letter) => letter.transfer === transfer)?.pieces.push([...payload])
      }
      send.call(this, data as Uint8Array)
    }
  })

/** What has left a page, connection by connection. */
async function sentBy<Said>(page: Page): Promise<Letter<Said>[][]> {
  const sent = await page.evaluate(() => [...globalThis.sentByChannel.values()])
  return sent.map((letters) =>
    letters.map(({ text, pieces }) => ({
      said: JSON.parse(text) as Said,
      attached: Uint8Array.from(pieces.flat()),
    })),
  )
}

async function recordingOf(page: Page): Promise<Recording> {
  const stored = await page.evaluate(async () => {
    const whole = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await whole(indexedDB.open('gossamer'))
    const stores = database.transaction(['rooms', 'events'])
    const { settings } = await whole(stores.objectStore('rooms').get('TEST'))
    const rows = await whole(stores.objectStore('events').getAll())
    database.close()
    return { settings, events: rows.map(({ event }) => event) }
  })
  return { ...stored, sent: await sentBy(page) }
}

/** The updates of these devices, by device and order. */
async function updatesOf(devices: readonly Page[]): Promise<ReadonlyMap<string, RecordedUpdate>> {
  const updates = new Map<string, RecordedUpdate>()
  for (const page of devices) {
    const key = await page.evaluate(() => globalThis.gossamer!.store.getState().selfKey)
    for (const { said, attached } of (await sentBy<FromDevice>(page)).flat())
      if (said.type === 'update')
        updates.set(`${said.round} ${key}`, { ...said, form: 'change', bytes: attached })
  }
  return updates
}

/** The hash of each version that these events led to, merged again in this process. */
async function mergedAgain(
  { settings, events, sent }: Recording,
  updates: ReadonlyMap<string, RecordedUpdate>,
): Promise<Record<string, string>> {
  const first = sent.flat().find(({ said }) => said.type === 'adapter' && said.version === 0)!
  const versions = await versionsOf({
    settings,
    model: { adapter: adapterConfigOf(settings), initialAdapter: first.attached },
    events,
    updateOf: (device, round) => updates.get(`${round} ${device}`) ?? null,
  })
  return Object.fromEntries(versions)
}

const hashesIn = ({ events }: Recording): Record<string, string> =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === 'merged' ? [[`${event.adapter} ${event.version}`, event.adapterHash]] : [],
    ),
  )

type Order = Effect & { type: 'order' }

const told = ({ round, adapter, version, steps, proximal }: Order | (FromCoordinator & { type: 'order' })) =>
  `order ${round}: ${steps} steps from ${adapter} ${version}, mu ${proximal}`

/** What each device is told to do, in order; devices sorted by it, since a connection does not say whose it is. */
const sorted = (lists: readonly (readonly string[])[]) =>
  lists.filter(({ length }) => length > 0).toSorted((a, b) => (a.join() < b.join() ? -1 : 1))

function decided(config: FederationConfig, events: readonly CoordinatorEvent[]) {
  const effects = decisionsOf(config, events).flat()
  const orders = new Map<string, string[]>()
  for (const effect of effects)
    if (effect.type === 'order')
      for (const device of effect.to) orders.set(device, [...(orders.get(device) ?? []), told(effect)])
  return {
    orders: sorted([...orders.values()]),
    merges: effects.flatMap((effect) =>
      effect.type === 'merge' ? [`${effect.adapter} ${effect.version}, round ${effect.round}`] : [],
    ),
    announced: new Set(
      effects.flatMap((effect) =>
        effect.type === 'announce' || effect.type === 'order' ? [`${effect.adapter} ${effect.version}`] : [],
      ),
    ),
    timers: new Set(
      effects.flatMap((effect) => (effect.type === 'start-timer' ? [JSON.stringify(effect.timer)] : [])),
    ),
  }
}

function witnessed({ events, sent }: Recording) {
  const whatIs = <Kind extends CoordinatorEvent['type']>(kind: Kind) =>
    events.filter((event): event is CoordinatorEvent & { type: Kind } => event.type === kind)
  return {
    orders: sorted(
      sent.map((messages) => messages.flatMap(({ said }) => (said.type === 'order' ? [told(said)] : []))),
    ),
    merges: whatIs('merged').map(({ adapter, version, round }) => `${adapter} ${version}, round ${round}`),
    versions: sent
      .flat()
      .flatMap(({ said }) => (said.type === 'adapter' ? [`${said.adapter} ${said.version}`] : [])),
    fired: whatIs('timer-fired').map(({ timer }) => JSON.stringify(timer)),
  }
}

for (const [scheme, length] of [
  ['synchronous', ''],
  ['asynchronous', ' @long'],
  ['clustered', ' @long'],
] as const)
  test(`the Lab decides and merges as real tabs did: ${scheme}${length}`, async ({ appUrl, newContext }) => {
    test.setTimeout(120_000)
    const rounds = 3
    const search = `scheme=${scheme}&rounds=${rounds}&localSteps=2&baselines=0`
    const open = async (role: string) => {
      const context = await newContext()
      await listenIn(context)
      const page = await context.newPage()
      await page.goto(appAddress(appUrl, role, { search }))
      return page
    }
    const coordinator = await open('coordinator')
    const devices = await Promise.all(['device', 'device'].map(open))
    await untilPeers(coordinator, 2)
    await coordinator.evaluate(() => globalThis.gossamer!.stepRound())
    await untilRound(coordinator, 1)
    await coordinator.evaluate(() => globalThis.gossamer!.resume())
    await untilRound(coordinator, rounds)

    // Events may still come in after the last round; all that is decided is in the recording once they have.
    await expect(async () => {
      const recording = await recordingOf(coordinator)
      const config = federationConfigOf(recording.settings, null)
      const [then, now] = [witnessed(recording), decided(config, recording.events)]
      expect(then.merges.length).toBeGreaterThanOrEqual(rounds)
      expect(then.orders).toHaveLength(2)
      expect(now.orders).toEqual(then.orders)
      expect(now.merges).toEqual(then.merges)
      for (const timer of then.fired) expect(now.timers).toContain(timer)
      for (const version of then.versions)
        if (!version.endsWith(' 0')) expect(now.announced).toContain(version)

      expect(await mergedAgain(recording, await updatesOf(devices))).toMatchObject(hashesIn(recording))

      const other = decided({ ...config, localSteps: 3 }, recording.events)
      expect(other.orders, 'and it notices another decision').not.toEqual(then.orders)
    }).toPass({ timeout: 10_000 })
  })
