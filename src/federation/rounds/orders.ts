/**
 * What schemes have in common around their rounds: who is asked, what an order is, when the run is over.
 */
import { random } from '../../lib/rng'
import { able } from '../members'
import { type Allocated, type Assignment, allocate } from '../resources/allocation'
import type {
  AdapterId,
  AdapterName,
  DeviceKey,
  Effect,
  FederationConfig,
  FederationState,
  Member,
  Step,
} from '../types'

const voidsUntilPause = 3

export interface Order extends AdapterName {
  readonly round: number
  readonly steps: number
  readonly proximal: number
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
): Effect[] => [
  ...lacking(members, to, order),
  ...(assigned
    ? to.map((device): Effect => {
        const own = assigned[device]
        return { type: 'order', to: [device], ...order, ...(own && { steps: own.steps, assigned: own }) }
      })
    : [{ type: 'order' as const, to, ...order }]),
]

/** Sends an adapter to those of these devices that do not hold it. */
export function lacking(
  members: readonly Member[],
  devices: readonly DeviceKey[],
  { adapter, version }: AdapterName,
): Effect[] {
  const asked = new Set(devices)
  const to = members
    .filter(({ key, holds }) => asked.has(key) && (holds?.adapter !== adapter || holds.version !== version))
    .map(({ key }) => key)
  return to.length > 0 ? [{ type: 'announce', to, adapter, version }] : []
}

export interface Cohort {
  readonly cohort: readonly DeviceKey[]
  readonly wanted: number
}

/**
 * Partial participation with over-selection: of the able devices a share is wanted, at least two, and some more are
 * asked so that the round need not wait for the last. The draw follows from seed and round; index order stays.
 */
export function cohortOf(devices: readonly DeviceKey[], config: FederationConfig, round: number): Cohort {
  const { fractionTrain, overSelection, seed } = config
  const count = devices.length
  const wanted = Math.max(Math.ceil(fractionTrain * count - 1e-9), Math.min(2, count))
  const asked = Math.min(count, Math.ceil(wanted * (1 + overSelection) - 1e-9))
  if (asked === count) return { cohort: devices, wanted }
  const drawn = new Set(random(seed, 'cohort', round).shuffle(devices).slice(0, asked))
  return { cohort: devices.filter((device) => drawn.has(device)), wanted }
}

/** Whether new work may be begun at all. */
export const mayBegin = ({ control, switchTo, returning }: FederationState): boolean =>
  switchTo === null && returning === null && (control.kind === 'running' || control.kind === 'stepping')

export const ableOf = (state: FederationState): DeviceKey[] => able(state.members)

export const withVersion = (
  state: FederationState,
  adapter: AdapterId,
  version: number,
): FederationState => ({ ...state, adapters: { ...state.adapters, [adapter]: version } })

/** A further round is behind the whole federation: the run may be over, or was asked to take one step only. */
export function afterRound(state: FederationState, completedRounds: number): Step {
  if (completedRounds <= state.completedRounds) return [state, []]
  const next = { ...state, completedRounds }
  if (completedRounds >= state.config.rounds) {
    const why = `All ${state.config.rounds} rounds are done.`
    return [{ ...next, control: { kind: 'finished', why } }, [{ type: 'finished', why }]]
  }
  return [state.control.kind === 'stepping' ? { ...next, control: { kind: 'paused', why: null } } : next, []]
}

/** Three rounds in a row that came to nothing pause the federation and say why. */
export const afterVoid = (state: FederationState, voidsInARow: number, why: string): FederationState =>
  voidsInARow < voidsUntilPause
    ? state
    : {
        ...state,
        control: {
          kind: 'paused',
          why: `${why} Three rounds in a row came to nothing: look at the devices, then resume.`,
        },
      }

/** What each of these devices is given; null: everybody the same. For orders, and for a page that shows it. */
export function allocationOf(
  { config, members }: FederationState,
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
export function assignmentsOf(state: FederationState, devices: readonly DeviceKey[]): Assignments | null {
  const given = allocationOf(state, devices)
  if (!given) return null
  return Object.fromEntries(
    given.map(({ device, rank, steps, batch, precision }) => [device, { rank, steps, batch, precision }]),
  )
}
