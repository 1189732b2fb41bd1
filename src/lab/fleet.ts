/**
 * The simulated devices at work: what each holds, what it was ordered, how long its training takes. A device does what a
 * tab does: it waits for the version that its order speaks of, drops a job that a newer order replaces, and answers once.
 * Real training begins when the virtual job begins and is waited for when it ends, so that several devices train at once.
 */
import type { AdapterName, DeviceKey, Effect } from '../federation/types'
import { random } from '../lib/rng'
import type { VirtualClock } from '../network/time/virtual-clock'
import type { Depot } from './depot'
import type { World } from './simulation/world'
import type { Trainer } from './training/trainer'

export type Order = Omit<Effect & { type: 'order' }, 'to' | 'type'>

export interface Fleet {
  holds(device: DeviceKey): AdapterName | null
  receiveAdapter(device: DeviceKey, name: AdapterName): void
  /** `issuer` is who gets the update. */
  receiveOrder(device: DeviceKey, issuer: string, order: Order): void
  /** Whatever it was doing is lost; what it holds it must be sent again. */
  leave(device: DeviceKey): void
  isHere(device: DeviceKey): boolean
  comeBack(device: DeviceKey): void
}

export interface FleetParts {
  readonly world: World
  readonly clock: VirtualClock
  readonly trainer: Trainer
  readonly depot: Depot
  readonly localSteps: number
  /** Rows of a whole batch, where orders may assign smaller ones. */
  readonly batch?: number
  /** A job is done: its update is in the depot and costs so many bytes to send. */
  done(device: DeviceKey, issuer: string, order: Order, bytes: number): void
}

interface Device {
  isHere: boolean
  newest: AdapterName | null
  readonly versions: Set<string>
  order: { readonly issuer: string; readonly order: Order } | null
  /** Counts jobs: one that was replaced does not count any more when it ends. */
  job: number
}

export function fleetOf({ world, clock, trainer, depot, localSteps, batch, done }: FleetParts): Fleet {
  const devices = new Map<DeviceKey, Device>()
  const of = (key: DeviceKey): Device => {
    const known = devices.get(key)
    if (known) return known
    const blank = { isHere: true, newest: null, versions: new Set<string>(), order: null, job: 0 }
    devices.set(key, blank)
    return blank
  }
  const textOf = ({ adapter, version }: AdapterName) => `${adapter}@${version}`

  function begin(key: DeviceKey, device: Device): void {
    const { order: waiting } = device
    if (!waiting || !device.isHere || !device.versions.has(textOf(waiting.order))) return
    const { issuer, order } = waiting
    device.order = null
    const job = ++device.job
    const index = world.indexOf(key)
    const { adapter, version, round, steps, proximal, assigned } = order
    const from = { adapter, version }
    const start = depot.startOf(key, from, assigned?.rank ?? null)
    const training = trainer.train({
      ...{ device: index, start, steps, proximal, batch: assigned?.batch ?? null },
      seed: random(world.settings.seed, 'batches', index, round).int(2 ** 31),
      learns: depot.rule.learns(round),
    })
    // Nobody may be waiting for it any more when it fails.
    training.catch(() => {})
    // A step over half as many rows takes half as long.
    const wholeSteps = assigned && batch !== undefined ? (steps * assigned.batch) / batch : steps
    clock.after(world.jobMs(key, round, wholeSteps, localSteps), () => {
      if (device.job !== job || !device.isHere) return
      void clock.holds(training).then(({ end }) => {
        done(key, issuer, order, depot.takeUpdate(key, round, from, start, end))
      })
    })
  }

  return {
    holds: (key) => of(key).newest,
    receiveAdapter(key, name) {
      const device = of(key)
      if (!device.isHere) return
      device.newest = name
      device.versions.add(textOf(name))
      begin(key, device)
    },
    receiveOrder(key, issuer, order) {
      const device = of(key)
      if (!device.isHere) return
      device.order = { issuer, order }
      device.job++
      begin(key, device)
    },
    leave(key) {
      const device = of(key)
      device.isHere = false
      device.order = null
      device.newest = null
      device.versions.clear()
      device.job++
    },
    isHere: (key) => of(key).isHere,
    comeBack(key) {
      of(key).isHere = true
    },
  }
}
