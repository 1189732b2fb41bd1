/** The way from a merge that the reducer asks for to the event that answers it: the same on a coordinator, an edge and a peer. */
import type { MergeEffect } from '../../federation/effects'
import type { RoundHappening } from '../../federation/events'
import type { DeviceKey } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import type { IssuedVersion, Merging } from '../merging/merging'
import type { MergingTerms } from '../merging/terms'
import type { Updates } from './updates'

type Answer<Type extends RoundHappening['type']> = RoundHappening & { readonly type: Type }

export type MergeAnswer =
  | { readonly event: Answer<'merged'>; readonly made: IssuedVersion }
  | { readonly event: Answer<'merge-failed'>; readonly made: null }

export interface MergeParts {
  readonly merging: Merging
  readonly terms: () => MergingTerms
  readonly updates: Updates
  /** Tells teacher and device why an update does not count. */
  readonly refuse: (device: DeviceKey, round: number, complaint: string) => void
}

/** Never rejects. What was made counts once the reducer has taken it. */
export async function mergeUpdates(
  { merging, terms, updates, refuse }: MergeParts,
  effect: MergeEffect,
): Promise<MergeAnswer> {
  const { adapter, version, round } = effect
  try {
    const { version: made, refused } = await merging.merge(terms(), effect)
    for (const { device, round, complaint } of refused) refuse(device, round, complaint)
    return { event: { type: 'merged', adapter, version, round, adapterHash: made.hash }, made }
  } catch (error) {
    const reason = `The updates could not be merged: ${messageOf(error)}`
    return { event: { type: 'merge-failed', adapter, round, reason }, made: null }
  } finally {
    for (const { device, round } of effect.updates) updates.forget(device, round)
  }
}
