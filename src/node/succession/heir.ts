/**
 * What a device knows of its coordinator's will, and, where it is an heir, what it has been given to carry the room on. Both are
 * kept for another life of its tab (`membership.ts`), and given again by a coordinator that is there. Of a will it says that it knows
 * it once it is kept: majorities are counted on it.
 */
import { isLater, type SignedWill } from '../../federation/succession/will'
import type { DeviceKey } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import type { Reply } from '../device/outbox'
import { type Estate, grown } from '../stored/storage'
import type { FromCoordinator } from '../wire/messages'
import { decodeGrowth } from './estate'
import type { Kept, Membership } from './membership'

export interface Heir {
  /** The newest; null: none was heard. */
  will(): SignedWill | null
  /** All that is needed, as far as the will says the run has come; null: this device is no heir, or lacks some of it. */
  estate(): Estate | null
  /** What another life of this tab has kept. */
  restore(kept: Pick<Kept, 'will' | 'estate'>): void
  /** The will's signature has been checked, and so has the letter's that an estate came with. */
  hear(
    said: FromCoordinator & { readonly type: 'will' | 'estate' },
    attached: Uint8Array | null,
    reply: Reply,
  ): void
}

/** @param show hears who is named, whenever that is news */
export function heirOf(
  self: DeviceKey,
  membership: Pick<Membership, 'keep' | 'keepEstate'>,
  show: (heirs: readonly DeviceKey[]) => void,
): Heir {
  let will: SignedWill | null = null
  let estate: Estate | null = null
  /** Whether the newest will, and so every one before it, is kept. */
  let isKept = Promise.resolve(false)

  function learn(newer: SignedWill): void {
    if (!isLater(newer, will)) return
    will = newer
    isKept = membership.keep({ will })
    if (!will.heirs.includes(self)) hold(null)
    show(will.heirs)
  }

  function hold(next: Estate | null): void {
    estate = next
    membership.keepEstate(next)
  }

  function inherit(bytes: Uint8Array): boolean {
    const growth = decodeGrowth(bytes)
    const next = growth && grown(estate, growth)
    if (!next) return false
    hold(next)
    learn(next.will)
    return true
  }

  return {
    restore(kept) {
      ;({ will, estate } = kept)
      if (!will) return
      isKept = Promise.resolve(true)
      show(will.heirs)
    },
    will: () => will,
    estate: () =>
      will?.heirs.includes(self) && estate?.will.term === will.term && estate.will.version === will.version
        ? estate
        : null,
    hear(said, attached, reply) {
      switch (said.type) {
        case 'will':
          learn(said.will)
          return void isKept.then((kept) => kept && reply({ type: 'will-known', serial: said.will.serial }))
        case 'estate': {
          const isWhole = attached !== null && sha256Hex(attached) === said.hash
          if (isWhole && inherit(attached)) return reply({ type: 'estate-kept', letter: said.number })
          hold(null)
          return reply({ type: 'estate-lacking' })
        }
      }
    },
  }
}
