/**
 * A seat on the server belongs to a key. A tab that enrols under an id shows the key whose hash stands in that id, and its
 * signature of the id: so nobody sits on an id of somebody else's key, and ids on the list of a room are no mere claims.
 * Only that server sees the token, so it is also the word by which a tab comes back to its seat. Ids of pages from before
 * ids named keys have tokens that prove nothing. Pure text: whoever checks a signature brings the means.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Identity } from './identity/identity'
import type { OwnKey } from './keys'
import type { PeerId } from './network'

/** What is signed. */
export const seatText = (id: PeerId) => `gossamer-seat-1 ${id}`

export interface SeatProof {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

const pattern = /^([0-9a-f]{130})_([0-9a-f]{128})$/

export async function seatTokenOf(
  identity: Identity,
  { signingKey, publicKey }: Pick<OwnKey, 'signingKey' | 'publicKey'>,
  id: PeerId,
): Promise<string> {
  return `${bytesToHex(publicKey)}_${bytesToHex(await identity.sign(signingKey, seatText(id)))}`
}

/** Null where a token proves nothing. */
export function readSeatToken(token: string): SeatProof | null {
  const [, publicKey, signature] = pattern.exec(token) ?? []
  return publicKey ? { publicKey: hexToBytes(publicKey), signature: hexToBytes(signature) } : null
}
