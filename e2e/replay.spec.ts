/**
 * A federation of real tabs, played again in the Lab. The coordinator's stored events go through the Lab's reducer; what it
 * decides must be what the tabs saw: the orders and versions that left on the wire, the merges, the timers that ran out.
 */
import type { BrowserContext, Page } from '@playwright/test'
import type { CoordinatorEvent, Effect, FederationConfig } from '../src/federation/types'
import { decisionsOf } from '../src/lab/replay'
import type { FromCoordinator } from '../src/node/wire/messages'
import { federationConfigOf } from '../src/settings/derived/federationConfig'
import type { Settings } from '../src/settings/table'
import { appAddress, expect, test } from './fixtures'
import { untilPeers, untilRound } from './surface'

interface Recording {
  readonly settings: Settings
  readonly events: readonly CoordinatorEvent[]
  /** What left the coordinator, connection by connection. */
  readonly sent: readonly (readonly FromCoordinator[])[]
}

declare global {
  var sentByChannel: Map<RTCDataChannel, FromCoordinator[]>
}

/** Keeps every whole message that data channels send. The layout of frames is in network/letters/frames.ts. */
const listenIn = (context: BrowserContext) =>
  context.addInitScript(() => {
    const [headerBytes, messageFrame] = [16, 1]
    globalThis.sentByChannel = new Map()
    const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, data: Uint8Array) => void
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      if (data instanceof Uint8Array && data[0] === messageFrame) {
        const text = new TextDecoder().decode(data.subarray(headerBytes))
        globalThis.sentByChannel.set(this, [...(globalThis.sentByChannel.get(this) ?? []), JSON.parse(text)])
      }
      send.call(this, data as Uint8Array)
    }
  })

const recordingOf = (page: Page): Promise<Recording> =>
  page.evaluate(async () => {
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
    const events = rows.map(({ event }) => event)
    return { settings, events, sent: [...globalThis.sentByChannel.values()] }
  })

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
      sent.map((messages) =>
        messages.flatMap((message) => (message.type === 'order' ? [told(message)] : [])),
      ),
    ),
    merges: whatIs('merged').map(({ adapter, version, round }) => `${adapter} ${version}, round ${round}`),
    versions: sent
      .flat()
      .flatMap((message) => (message.type === 'adapter' ? [`${message.adapter} ${message.version}`] : [])),
    fired: whatIs('timer-fired').map(({ timer }) => JSON.stringify(timer)),
  }
}

for (const [scheme, length] of [
  ['synchronous', ''],
  ['asynchronous', ' @long'],
  ['clustered', ' @long'],
] as const)
  test(`the Lab decides as real tabs did: ${scheme}${length}`, async ({ appUrl, newContext, openDevice }) => {
    test.setTimeout(120_000)
    const rounds = 3
    const search = `scheme=${scheme}&rounds=${rounds}&localSteps=2&baselines=0`
    const context = await newContext()
    await listenIn(context)
    const coordinator = await context.newPage()
    await coordinator.goto(appAddress(appUrl, 'coordinator', { search }))
    await Promise.all([1, 2].map(() => openDevice('device', { search })))
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

      const other = decided({ ...config, localSteps: 3 }, recording.events)
      expect(other.orders, 'and it notices another decision').not.toEqual(then.orders)
    }).toPass({ timeout: 10_000 })
  })
