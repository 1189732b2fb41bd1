/**
 * What a device keeps of its room in its storage, so that it takes part in an election also when its tab was loaded anew while
 * nobody coordinated: by what right it speaks with the others, the newest will, how the coordinator came to its place, and, where it
 * is an heir, its estate. All of it goes when the device leaves the room for good.
 */
import { isOwnWill } from '../../federation/succession/succession'
import { oneByOne } from '../../lib/async'
import type { Identity } from '../../network/identity/identity'
import type { Estate, SavedMembership, Storage } from '../stored/storage'
import { notaryOfKeys } from './lineage'

export interface Kept extends SavedMembership {
  readonly estate: Estate | null
}

export interface Membership {
  /** What another life of this tab has kept. A will of this room whose signature does not hold is none. */
  restore(): Promise<Kept>
  /** Resolves with whether it is kept: not on a full disk. */
  keep(change: Partial<SavedMembership>): Promise<boolean>
  /** In its turn; nobody waits for the disk. Null: this device is no heir. */
  keepEstate(estate: Estate | null): void
  /** This device leaves its room for good. */
  forget(): Promise<void>
}

type Memory = Pick<Storage, 'loadMembership' | 'saveMembership' | 'loadEstate' | 'saveEstate'>

/** @param name of this device in this room */
export function membershipOf(
  identity: Identity,
  storage: Memory,
  { code, name }: { readonly code: string; readonly name: string },
): Membership {
  const notary = notaryOfKeys(identity)
  const inTurn = oneByOne()
  let known: SavedMembership = { pass: null, succession: [], will: null, silence: null }
  /** The estate as it stands, and as it lies in storage: what they share is not written again. */
  let estate: Estate | null = null
  let stored: Estate | null = null
  let hasLeft = false

  async function store(): Promise<void> {
    const next = estate
    if (hasLeft || next === stored) return
    const before = next && stored && continues(next, stored) ? stored : null
    const from = before?.log.length ?? 0
    const growth = next && {
      ...next,
      from,
      events: next.log.slice(from),
      adapters: before?.adapters === next.adapters ? null : next.adapters,
    }
    await storage.saveEstate(name, growth)
    stored = next
  }

  return {
    async restore() {
      known = (await storage.loadMembership(name)) ?? known
      const { will } = known
      const isTheirs = will?.code === code && (await isOwnWill(notary, will))
      known = { ...known, will: isTheirs ? will : null }
      stored = await storage.loadEstate(name)
      estate = stored
      return { ...known, estate }
    },
    keep(change) {
      known = { ...known, ...change }
      if (hasLeft) return Promise.resolve(false)
      return storage.saveMembership(name, known).then(
        () => true,
        () => false,
      )
    },
    keepEstate(next) {
      estate = next
      // What could not be written is written with what comes next.
      inTurn(store).catch(() => {})
    },
    async forget() {
      hasLeft = true
      await Promise.allSettled([storage.saveMembership(name, null), storage.saveEstate(name, null)])
    },
  }
}

/** Whether one is the other with more events at its end. */
const continues = (next: Estate, before: Estate): boolean =>
  before.log.length <= next.log.length && before.log.at(-1) === next.log[before.log.length - 1]
