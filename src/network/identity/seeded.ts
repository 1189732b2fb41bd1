/**
 * Identities for simulations: everything follows from a seed, and every promise settles at once, so that no cryptography is
 * under way while a virtual clock runs. A signature is a MAC that only this simulation can check, because it knows all its
 * keys; a seal shows what was changed or left out, and hides nothing. It protects nobody and is not for real rooms.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { random } from '../../lib/rng'

import { hashOfPublicKey } from './hashOfPublicKey'
import type { Agreement, Identity, MaskKey, SigningKey } from './identity'

const publicKeyBytes = 65
const tagBytes = 16

export interface SeededIdentities {
  /** Each draws from a stream of its own. */
  (name: string): Identity
  /** The key of whoever is called by this word in that world, in all its lives. */
  keyOf(word: string): SigningKey
}

/** All identities of one simulated world: they know each other's keys. */
export function seededIdentities(seed: number): SeededIdentities {
  /** Of each public key the private half, and the word that it was made for. */
  const privateKeys = new Map<string, Uint8Array>()
  const words = new Map<string, string>()

  function keyFrom(privateKey: Uint8Array): {
    readonly privateKey: Uint8Array
    readonly publicKey: Uint8Array
  } {
    const publicKey = publicKeyFor(privateKey)
    privateKeys.set(bytesToHex(publicKey), privateKey)
    return { privateKey, publicKey }
  }

  const identityOf = (name: string): Identity => {
    const randomBytes = drawnFor(seed, 'identity', name)
    return {
      isAvailable: true,
      randomBytes,
      makeSigningKey: async () => keyFrom(randomBytes(32)),
      publicKeyOf: async ({ publicKey }) => own(publicKey),
      nameOf: (publicKey) => words.get(bytesToHex(publicKey)) ?? hashOfPublicKey(publicKey),
      sign: async ({ privateKey }, text) => signatureOf(own(privateKey), text),
      async isSignedBy(publicKey, signature, text) {
        const privateKey = privateKeys.get(bytesToHex(publicKey))
        return privateKey !== undefined && isEqual(signatureOf(privateKey, text), signature)
      },
      beginAgreement: async () => agreementOf(publicKeyFor(randomBytes(32))),
      async makeMaskKey() {
        const privateKey = randomBytes(32)
        privateKeys.set(bytesToHex(publicKeyFor(privateKey)), privateKey)
        return maskKeyOf(privateKey, privateKeys)
      },
      async restoreMaskKey(privateKey, publicKey) {
        if (!isEqual(publicKeyFor(privateKey), publicKey))
          throw new Error('These halves are of different keys.')
        return maskKeyOf(new Uint8Array(privateKey), privateKeys)
      },
      keyStream: async (key, from, byteCount) => streamOf(key, from, byteCount),
    }
  }

  const keyOf = (word: string): SigningKey => {
    const key = keyFrom(drawnFor(seed, 'key', word)(32))
    words.set(bytesToHex(key.publicKey), word)
    return key
  }
  return Object.assign(identityOf, { keyOf })
}

function drawnFor(seed: number, kind: string, name: string) {
  const dice = random(seed, kind, name)
  return (count: number) => Uint8Array.from({ length: count }, () => dice.int(256))
}

/** For simulations of what lies above the network. */
export const publicHalfOf = ({ publicKey }: SigningKey): Uint8Array<ArrayBuffer> => own(publicKey)

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

/** What two have in common follows from both private halves, as it does where cryptography is real. */
const maskKeyOf = (
  privateKey: Uint8Array<ArrayBuffer>,
  privateKeys: ReadonlyMap<string, Uint8Array>,
): MaskKey => ({
  publicKey: publicKeyFor(privateKey),
  privateKey,
  async secretWith(otherKey, label) {
    const theirs = privateKeys.get(bytesToHex(otherKey))
    if (!theirs) throw new Error('These bytes are no key.')
    const both = [privateKey, theirs].map((half) => bytesToHex(half)).sort()
    return new Uint8Array(
      hmac(sha256, new TextEncoder().encode(both.join(' ')), new TextEncoder().encode(label)),
    )
  },
})

/** A stream for each block of 16 bytes, as a counter would have it. */
function streamOf(key: Uint8Array, from: number, byteCount: number): Uint8Array<ArrayBuffer> {
  const name = bytesToHex(key)
  const bytes = new Uint8Array(byteCount)
  for (let at = 0; at < byteCount; at += 16) {
    const dice = random(0, 'key stream', name, (from + at) / 16)
    for (let place = at; place < Math.min(at + 16, byteCount); place++) bytes[place] = dice.int(256)
  }
  return bytes
}

const tagOf = (key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array =>
  hmac.create(sha256, key).update(nonce).update(message).digest().subarray(0, tagBytes)

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
