/**
 * The browser's cryptography: ECDSA and ECDH over P-256, HKDF-SHA-256 and AES-256-GCM (RFC 5869, NIST SP 800-38D), and its
 * source of chance. The only file of the node and its network that names `crypto`.
 */
import { hashOfPublicKey } from './hashOfPublicKey'
import type { Agreement, DirectionLabels, Identity } from './identity'

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

/** WebCrypto copies what it is given at once; its types exclude shared memory, which nothing here is. */
const plain = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>
