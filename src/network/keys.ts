/**
 * What a room is made of: its code (public, for people), its secret (for guests) and the coordinator's signing key (who
 * is the right coordinator). The link's fragment carries the secret and the key's hash; the key itself never moves.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { hashOfPublicKey } from './identity/hashOfPublicKey'
import { type Identity, randomHex, type SigningKey } from './identity/identity'
import { canonicalCode, codeAlphabet } from './ids'
import type { RoomKeys } from './network'

export { hashOfPublicKey } from './identity/hashOfPublicKey'
export { canonicalCode, shownCode } from './ids'

const codeLength = 6
const secretBytes = 16

/** A new room. What is given (by a URL, say) is kept, what is missing is made up. */
export async function makeRoomKeys(
  identity: Identity,
  code?: string | null,
  secret?: string | null,
  made?: SigningKey,
): Promise<RoomKeys> {
  const signingKey = made ?? (await identity.makeSigningKey())
  return {
    code: code && canonicalCode(code) ? code : randomCode(identity),
    secret: secret || randomHex(identity, secretBytes),
    signingKey,
    publicKeyHash: hashOfPublicKey(await identity.publicKeyOf(signingKey)),
  }
}

function randomCode({ randomBytes }: Identity): string {
  return Array.from(randomBytes(codeLength), (pick) => codeAlphabet[pick % codeAlphabet.length]).join('')
}

/** A tab's own key, and what others call its owner by it. */
export interface OwnKey {
  readonly signingKey: SigningKey
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly name: string
}

export async function ownKeyOf(identity: Identity, signingKey: SigningKey): Promise<OwnKey> {
  const publicKey = await identity.publicKeyOf(signingKey)
  return { signingKey, publicKey, name: identity.nameOf(publicKey) }
}

const edgeText = (code: string) => `gossamer-edge-1 ${code}`

/** What an invitation for edges carries: the coordinator's signature, which nobody else in the room can make. */
export const edgePassOf = async (identity: Identity, { code, signingKey }: RoomKeys): Promise<string> =>
  bytesToHex(await identity.sign(signingKey, edgeText(code)))

export async function isEdgePass(
  identity: Identity,
  { code, signingKey }: RoomKeys,
  pass: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{128}$/.test(pass)) return false
  const signature = new Uint8Array(hexToBytes(pass))
  return identity.isSignedBy(await identity.publicKeyOf(signingKey), signature, edgeText(code))
}
