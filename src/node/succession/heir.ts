/**
 * What a device knows of its coordinator's will, and, where it is an heir, what it has been given to carry the room on. It keeps
 * this for as long as its tab lives; a tab that is loaded anew is given it again by a coordinator that is there.
 */
import { isLater, type SignedWill } from '../../federation/succession/will'
import type { DeviceKey } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import type { Reply } from '../device/outbox'
import type { FromCoordinator } from '../wire/messages'
import { decodeGrowth, type Estate, grown } from './estate'

export interface Heir {
  /** The newest; null: none was heard. */
  will(): SignedWill | null
  /** All that is needed, as far as the will says the run has come; null: this device is no heir, or lacks some of it. */
  estate(): Estate | null
  /** The will's signature has been checked, and so has the letter's that an estate came with. */
  hear(
    said: FromCoordinator & { readonly type: 'will' | 'estate' },
    attached: Uint8Array | null,
    reply: Reply,
  ): void
}

/** @param show hears who is named, whenever that is news */
export function heirOf(self: DeviceKey, show: (heirs: readonly DeviceKey[]) => void): Heir {
  let will: SignedWill | null = null
  let estate: Estate | null = null

  function learn(newer: SignedWill): void {
    if (!isLater(newer, will)) return
    will = newer
    show(will.heirs)
  }

  function inherit(bytes: Uint8Array): boolean {
    const growth = decodeGrowth(bytes)
    const next = growth && grown(estate, growth)
    if (!next) return false
    estate = next
    learn(next.will)
    return true
  }

  return {
    will: () => will,
    estate: () =>
      will?.heirs.includes(self) && estate?.will.term === will.term && estate.will.version === will.version
        ? estate
        : null,
    hear(said, attached, reply) {
      switch (said.type) {
        case 'will':
          learn(said.will)
          return reply({ type: 'will-known', serial: said.will.serial })
        case 'estate': {
          const isWhole = attached !== null && sha256Hex(attached) === said.hash
          if (isWhole && inherit(attached)) return reply({ type: 'estate-kept', letter: said.number })
          estate = null
          return reply({ type: 'estate-lacking' })
        }
      }
    },
  }
}
