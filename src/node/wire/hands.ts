/**
 * Whose the keys of a secure round are. They pass through the hands of whoever merges, who could put others in their place and read
 * what is sealed for them; so each device signs its own with the key that it is named by, for one session, and takes no list in
 * which somebody's are not signed so. Whoever makes up devices makes up their keys, too: those are devices like others.
 */
import { fromBase64, toBase64 } from '../../lib/base64'
import type { Identity, SigningKey } from '../../network/identity/identity'
import type { Hand } from './secureMessages'

interface SessionKeys {
  readonly device: string
  /** In base64, as they travel. */
  readonly cipherKey: string
  readonly maskKey: string
}

const keysText = (session: string, { device, cipherKey, maskKey }: SessionKeys): string =>
  JSON.stringify(['gossamer-secure-keys-1', session, device, cipherKey, maskKey])

/** @param signingKey the device's own */
export async function handUnder(
  identity: Identity,
  signingKey: SigningKey,
  session: string,
  keys: SessionKeys,
): Promise<Hand> {
  const publicKey = await identity.publicKeyOf(signingKey)
  const signature = await identity.sign(signingKey, keysText(session, keys))
  return { publicKey: toBase64(publicKey), signature: toBase64(signature) }
}

/** Whether these keys are those of the device that they are said to be of. */
export async function isOwnHand(
  identity: Identity,
  session: string,
  { hand, ...keys }: SessionKeys & { readonly hand: Hand },
): Promise<boolean> {
  const publicKey = fromBase64(hand.publicKey)
  return (
    identity.nameOf(publicKey) === keys.device &&
    identity.isSignedBy(publicKey, fromBase64(hand.signature), keysText(session, keys))
  )
}
