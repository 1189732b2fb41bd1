/**
 * What secure aggregation needs of cryptography, as it is handed in: the protocol itself draws no key and no chance. A
 * browser's tab hands in WebCrypto, a simulation something that repeats itself (network/identity/).
 */
export interface Cryptography {
  randomBytes(count: number): Uint8Array<ArrayBuffer>
  /** The end of an agreement on ciphers with several others. */
  beginAgreement(): Promise<CipherKey>
  makeMaskKey(): Promise<MaskKey>
  /** Rejects where these halves do not belong together. */
  restoreMaskKey(privateKey: Uint8Array, publicKey: Uint8Array): Promise<MaskKey>
  /** Bytes of the endless stream of a key of 32 bytes; `from` is a multiple of 16. */
  keyStream(key: Uint8Array, from: number, byteCount: number): Promise<Uint8Array>
}

export interface CipherKey {
  readonly publicKey: Uint8Array
  agree(
    otherKey: Uint8Array,
    salt: Uint8Array<ArrayBuffer>,
    labels: { readonly outgoing: string; readonly incoming: string },
  ): Promise<Ciphers>
}

interface Ciphers {
  encrypt(nonce: Uint8Array<ArrayBuffer>, message: Uint8Array): Promise<Uint8Array>
  decrypt(nonce: Uint8Array<ArrayBuffer>, sealed: Uint8Array): Promise<Uint8Array>
}

export interface MaskKey {
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 32 bytes that both ends derive alike, others for each label. */
  secretWith(otherKey: Uint8Array, label: string): Promise<Uint8Array>
}
