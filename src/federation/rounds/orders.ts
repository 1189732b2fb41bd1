/** What schemes have in common around their rounds: who is asked, what an order is, what each device is given. */
import { random } from '../../lib/rng'
import type { AnnounceEffect, OrderEffect } from '../effects'
import { type Member, memberOf } from '../members'
import type { AdapterName, DeviceKey } from '../names'
import { type Allocated, type Assignment, allocate } from '../resources/allocation'
import type { CommonConfig, Run } from '../run'

export interface Order extends AdapterName {
  readonly round: number
  readonly steps: number
  readonly proximal: number
  /** Of the usual learning rate; absent: 1. */
  readonly stride?: number
}

export type Assignments = Readonly<Record<DeviceKey, Assignment>>

/**
 * Orders these devices to train, and sends the adapter ahead to those that do not hold it.
 * @param assigned what each of them was given for what it can do; null: all the same
 */
export const orders = (
  members: readonly Member[],
  to: readonly DeviceKey[],
  order: Order,
  assigned: Assignments | null = null,
): (OrderEffect | AnnounceEffect)[] => [
  ...lacking(members, to, order),
  ...(assigned
    ? to.map((device): OrderEffect => {
        const own = assigned[device]
        const common = { type: 'order', to: [device], ...order } as const
        return own ? { ...common, steps: own.steps, assigned: own } : common
      })
    : [{ type: 'order' as const, to, ...order }]),
]

/** Sends an adapter to those of these devices that do not hold it. */
export function lacking(
  members: readonly Member[],
  devices: readonly DeviceKey[],
  { adapter, version }: AdapterName,
): AnnounceEffect[] {
  const to = devices
    .flatMap((device) => memberOf(members, device) ?? [])
    .filter(({ holds }) => holds?.adapter !== adapter || holds.version !== version)
    .toSorted((a, b) => a.index - b.index)
    .map(({ key }) => key)
  return to.length > 0 ? [{ type: 'announce', to, adapter, version }] : []
}

export interface Cohort {
  readonly cohort: readonly DeviceKey[]
  readonly wanted: number
}

/**
 * Partial participation with over-selection: of the able devices a fraction is wanted, at least two, and some more are
 * asked so that the round need not wait for the last. The draw follows from seed and round; index order stays.
 */
export function cohortOf(devices: readonly DeviceKey[], config: CommonConfig, round: number): Cohort {
  const { fractionTrain, overSelection, seed } = config
  const count = devices.length
  const wanted = Math.max(Math.ceil(fractionTrain * count - 1e-9), Math.min(2, count))
  const asked = Math.min(count, Math.ceil(wanted * (1 + overSelection) - 1e-9))
  if (asked === count) return { cohort: devices, wanted }
  const drawn = new Set(random(seed, 'cohort', round).shuffle(devices).slice(0, asked))
  return { cohort: devices.filter((device) => drawn.has(device)), wanted }
}

/** What each of these devices is given; null: everybody the same. For orders, and for a page that shows it. */
export function allocationFor(
  { config, members }: Pick<Run, 'config' | 'members'>,
  devices: readonly DeviceKey[],
): readonly Allocated[] | null {
  const { allocation } = config
  if (!allocation) return null
  const asked = new Set(devices)
  const candidates = members
    .filter(({ key }) => asked.has(key))
    .map(({ key, capability }) => ({ device: key, capability, override: allocation.overrides[key] }))
  return allocate(candidates, allocation)
}

/** The same as orders say it. */
export function assignmentsFor(state: Run, devices: readonly DeviceKey[]): Assignments | null {
  const given = allocationFor(state, devices)
  if (!given) return null
  return Object.fromEntries(
    given.map(({ device, rank, steps, batch, precision }) => [device, { rank, steps, batch, precision }]),
  )
}
