/**
 * A recorded federation, played again: a coordinator's events go through the same reducer, and what it decides can be
 * compared with what was seen then. With the updates that came, what it had merged is merged again: the same bytes give each
 * version's hash, wherever that is done.
 */

import { initialState, step } from '../federation/federation'
import type { CoordinatorEffect, CoordinatorEvent, DeviceKey, FederationConfig } from '../federation/types'
import { sentence } from '../lib/sentence'
import { createMerger } from '../node/merging/merger'
import type { ArrivedUpdate, IssuedVersion } from '../node/merging/merging'
import { termsOf } from '../node/merging/terms'
import { federationConfigOf, versionsKept } from '../settings/derived/federationConfig'
import type { Settings } from '../settings/table'
import type { OpenedModel } from '../training/compute'

/** What these events, a coordinator's, lead to: the decisions after each. */
export function decisionsOf(
  config: FederationConfig,
  events: readonly CoordinatorEvent[],
): (readonly CoordinatorEffect[])[] {
  let state = initialState(config)
  return events.map((event) => {
    const [next, effects] = step(state, event)
    state = next
    return effects
  })
}

/** An update as it came: what its message said of it, and its bytes. */
export interface RecordedUpdate extends Pick<ArrivedUpdate, 'examples' | 'hash' | 'form'> {
  readonly bytes: Uint8Array
}

export interface Recording {
  readonly settings: Settings
  readonly model: Pick<OpenedModel, 'adapter' | 'initialAdapter'>
  /** A coordinator's, from the first. */
  readonly events: readonly CoordinatorEvent[]
  /** Null: nothing came from this device for that order. */
  updateOf(device: DeviceKey, round: number): RecordedUpdate | null
}

/**
 * Merges again what was merged then, in a run whose settings stayed as they were.
 * @returns the hash of each version, by its name as in `global 3`
 * @throws RangeError where an update that counted is missing, or would not count now
 */
export async function versionsOf(recording: Recording): Promise<ReadonlyMap<string, string>> {
  const { settings, model, events, updateOf } = recording
  const config = federationConfigOf(settings, null)
  const terms = termsOf(settings, 'coordinator', versionsKept(config))
  const merging = createMerger()
  const ordered = new Map<string, Pick<ArrivedUpdate, 'from' | 'rank'>>()
  const hashes = new Map<string, string>()
  const made = ({ adapter, version, hash }: IssuedVersion) => hashes.set(`${adapter} ${version}`, hash)

  async function arrive(device: DeviceKey, round: number): Promise<void> {
    const order = ordered.get(`${round} ${device}`)
    const update = updateOf(device, round)
    const complaint =
      update && order
        ? await merging.take(terms, { ...order, ...update, device, round }, update.bytes)
        : 'it was not recorded'
    if (complaint !== null)
      throw new RangeError(
        sentence(`The update of ${device} for order ${round} cannot be merged: ${complaint}`),
      )
  }
  async function act(effect: CoordinatorEffect): Promise<void> {
    if (effect.type === 'order') {
      const { to, round, adapter, version, assigned } = effect
      const order = { from: { adapter, version }, rank: assigned?.rank ?? model.adapter.rank }
      for (const device of to) ordered.set(`${round} ${device}`, order)
    } else if (effect.type === 'combine') made(await merging.combine(terms, effect))
    else if (effect.type === 'merge') made((await merging.merge(terms, effect)).version)
  }

  for (const issued of await merging.begin(model.adapter, model.initialAdapter, [])) made(issued)
  const decisions = decisionsOf(config, events)
  for (const [place, event] of events.entries()) {
    if (event.type === 'update-arrived') await arrive(event.device, event.round)
    for (const effect of decisions[place]) await act(effect)
  }
  return hashes
}
