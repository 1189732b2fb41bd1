/**
 * The browser's cryptography: ECDSA and ECDH over P-256, HKDF-SHA-256, AES-256-GCM, AES-256-CTR for streams (RFC 5869, NIST SP
 * 800-38A and D), and its source of chance. The only file of the node and its network that names `crypto`.
 */
import { fromBase64, toBase64 } from '../../lib/base64'
import { hashOfPublicKey } from './hashOfPublicKey'
import type { Agreement, DirectionLabels, Identity, MaskKey } from './identity'

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const agreement = { name: 'ECDH', namedCurve: 'P-256' } as const

export const webIdentity: Identity = {
  get isAvailable() {
    return Boolean(globalThis.crypto?.subtle)
  },
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  makeSigningKey: () => crypto.subtle.generateKey(signing, false, ['sign', 'verify']),
  publicKeyOf: ({ publicKey }) => rawKey(own(publicKey)),
  nameOf: hashOfPublicKey,
  sign: async ({ privateKey }, text) =>
    new Uint8Array(await crypto.subtle.sign(signing, own(privateKey), new TextEncoder().encode(text))),
  async isSignedBy(publicKey, signature, text) {
    try {
      const key = await crypto.subtle.importKey('raw', publicKey, signing, false, ['verify'])
      return await crypto.subtle.verify(signing, key, signature, new TextEncoder().encode(text))
    } catch {
      return false
    }
  },
  async beginAgreement() {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(agreement, false, ['deriveBits'])
    return agreementWith(privateKey, await rawKey(publicKey))
  },
  async makeMaskKey() {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(agreement, true, ['deriveBits'])
    const { d } = await crypto.subtle.exportKey('jwk', privateKey)
    return maskKeyOf(privateKey, fromBase64Url(d!), await rawKey(publicKey))
  },
  async restoreMaskKey(secret, publicKey) {
    const [d, x, y] = [secret, publicKey.subarray(1, 33), publicKey.subarray(33)].map(toBase64Url)
    const jwk = { kty: 'EC', crv: agreement.namedCurve, d, x, y }
    const privateKey = await crypto.subtle.importKey('jwk', jwk, agreement, false, ['deriveBits'])
    const restored = maskKeyOf(privateKey, plain(secret), plain(publicKey))
    // Not every browser looks whether the halves belong together.
    const other = await webIdentity.makeMaskKey()
    const [ours, theirs] = await Promise.all([
      restored.secretWith(other.publicKey, 'fits'),
      other.secretWith(publicKey, 'fits'),
    ])
    if (ours.some((byte, at) => byte !== theirs[at])) throw new Error('These halves are of different keys.')
    return restored
  },
  async keyStream(key, from, byteCount) {
    const imported = await crypto.subtle.importKey('raw', plain(key), 'AES-CTR', false, ['encrypt'])
    const counter = new Uint8Array(16)
    new DataView(counter.buffer).setUint32(12, from / 16)
    const zeros = new Uint8Array(byteCount)
    return new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, imported, zeros),
    )
  },
}

const rawKey = async (key: CryptoKey) => new Uint8Array(await crypto.subtle.exportKey('raw', key))

/** Of a simulation's room nothing can be signed here. */
function own(key: object): CryptoKey {
  if (key instanceof CryptoKey) return key
  throw new TypeError('This key was not made by a browser. Open a new room.')
}

const agreementWith = (privateKey: CryptoKey, publicKey: Uint8Array<ArrayBuffer>): Agreement => ({
  publicKey,
  async agree(otherKey, salt, { outgoing, incoming }: DirectionLabels) {
    const theirs = await crypto.subtle.importKey('raw', plain(otherKey), agreement, false, [])
    const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, privateKey, 256)
    const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
    const keyFor = (label: string) =>
      crypto.subtle.deriveKey(
        { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(label) },
        material,
        { name: 'AES-GCM', length: 256 },
        false,
        ['encrypt', 'decrypt'],
      )
    const [ownKey, peerKey] = await Promise.all([keyFor(outgoing), keyFor(incoming)])
    return {
      encrypt: async (iv, message) =>
        new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, ownKey, plain(message))),
      decrypt: async (iv, sealed) =>
        new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, peerKey, plain(sealed))),
    }
  },
})

const maskKeyOf = (
  key: CryptoKey,
  privateKey: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
): MaskKey => ({
  publicKey,
  privateKey,
  async secretWith(otherKey, label) {
    const theirs = await crypto.subtle.importKey('raw', plain(otherKey), agreement, false, [])
    const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, key, 256)
    const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
    const info = new TextEncoder().encode(label)
    const derived = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }
    return new Uint8Array(await crypto.subtle.deriveBits(derived, material, 256))
  },
})

/** As keys stand in JSON (RFC 7518). */
const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))

/** WebCrypto copies what it is given at once; its types exclude shared memory, which nothing here is. */
const plain = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>
