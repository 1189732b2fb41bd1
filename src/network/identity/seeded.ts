/**
 * Identities for simulations: everything follows from a seed, and every promise settles at once, so that no cryptography is
 * under way while a virtual clock runs. A signature is a MAC that only this simulation can check, because it knows all its
 * keys; a seal shows what was changed or left out, and hides nothing. It protects nobody and is not for real rooms.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { random } from '../../lib/rng'
import type { Agreement, Identity } from './identity'

const publicKeyBytes = 65
const tagBytes = 16

/** All identities of one simulated world: they know each other's keys, and each draws from a stream of its own. */
export function seededIdentities(seed: number): (name: string) => Identity {
  /** Of each public key the private half. */
  const privateKeys = new Map<string, Uint8Array>()
  return (name) => {
    const dice = random(seed, 'identity', name)
    const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => dice.int(256))
    return {
      isAvailable: true,
      randomBytes,
      async makeSigningKey() {
        const privateKey = randomBytes(32)
        const publicKey = publicKeyFor(privateKey)
        privateKeys.set(bytesToHex(publicKey), privateKey)
        return { privateKey, publicKey }
      },
      publicKeyOf: async ({ publicKey }) => own(publicKey),
      sign: async ({ privateKey }, text) => signatureOf(own(privateKey), text),
      async isSignedBy(publicKey, signature, text) {
        const privateKey = privateKeys.get(bytesToHex(publicKey))
        return privateKey !== undefined && isEqual(signatureOf(privateKey, text), signature)
      },
      beginAgreement: async () => agreementOf(publicKeyFor(randomBytes(32))),
    }
  }
}

function own(key: object): Uint8Array<ArrayBuffer> {
  if (key instanceof Uint8Array) return new Uint8Array(key)
  throw new TypeError('This key was not made by a simulation.')
}

function publicKeyFor(privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(publicKeyBytes)
  key.set(sha512(privateKey), 1)
  key[0] = 4 // as that of an uncompressed point
  return key
}

const signatureOf = (privateKey: Uint8Array, text: string) =>
  new Uint8Array(hmac(sha512, privateKey, new TextEncoder().encode(text)))

const agreementOf = (publicKey: Uint8Array<ArrayBuffer>): Agreement => ({
  publicKey,
  async agree(otherKey, salt, { outgoing, incoming }) {
    if (otherKey.length !== publicKeyBytes || otherKey[0] !== 4) throw new Error('These bytes are no key.')
    const keyFor = (label: string) => hmac(sha256, salt, new TextEncoder().encode(label))
    const [ownKey, peerKey] = [keyFor(outgoing), keyFor(incoming)]
    return {
      async encrypt(nonce, message) {
        const sealed = new Uint8Array(message.length + tagBytes)
        sealed.set(message)
        sealed.set(tagOf(ownKey, nonce, message), message.length)
        return sealed
      },
      async decrypt(nonce, sealed) {
        const message = sealed.slice(0, Math.max(0, sealed.length - tagBytes))
        if (!isEqual(tagOf(peerKey, nonce, message), sealed.subarray(message.length)))
          throw new Error('This was not sealed so.')
        return message
      },
    }
  },
})

const tagOf = (key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array =>
  hmac.create(sha256, key).update(nonce).update(message).digest().subarray(0, tagBytes)

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
