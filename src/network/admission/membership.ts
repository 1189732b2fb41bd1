/**
 * That a tab is of a coordinator's room, in a form that it can show to others: the coordinator's signature of the room's code
 * and the tab's name, which comes with its welcome. The secret alone proves less: whoever was sent away knows it too, and so
 * does whom the coordinator has not let in because the room is locked. Tabs of a room of equals have nobody to sign.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Identity } from '../identity/identity'
import { parsePeerId } from '../ids'
import type { Membership, PeerId } from '../network'

export type Standing =
  /** Of a room that nobody coordinates. */
  | { readonly kind: 'equal' }
  /** Still at the coordinator's door. */
  | { readonly kind: 'stranger' }
  | ({ readonly kind: 'member' } & Membership)

const passText = (code: string, deviceKey: string) => `gossamer-member-1 ${code} ${deviceKey}`
const roomOf = (self: PeerId): string => parsePeerId(self)?.room ?? ''

/** @param sign with the coordinator's key */
export const passFor = async (
  self: PeerId,
  deviceKey: string,
  sign: (text: string) => Promise<Uint8Array>,
): Promise<string> => bytesToHex(await sign(passText(roomOf(self), deviceKey)))

/** Whether whoever is called so may speak with a tab of this standing. */
export async function isFellow(
  identity: Identity,
  self: PeerId,
  standing: Standing,
  deviceKey: string,
  pass: string | null,
): Promise<boolean> {
  switch (standing.kind) {
    case 'equal':
      return true
    case 'stranger':
      return false
    case 'member': {
      if (pass === null) return false
      const signature = new Uint8Array(hexToBytes(pass))
      return identity.isSignedBy(standing.coordinatorKey, signature, passText(roomOf(self), deviceKey))
    }
  }
}
