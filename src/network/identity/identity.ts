/**
 * What makes a tab somebody: chance that nobody can guess, keys, signatures, and secrets agreed on with another tab. The
 * network asks for all of it here and nowhere else, so that a whole room can also live in a simulation that repeats itself
 * (`seeded.ts`); a browser's is `web-crypto.ts`. Which texts are signed and what is sealed is not decided here.
 */
export interface Identity {
  /** False where the browser withholds its cryptography: on pages that came over plain http. */
  readonly isAvailable: boolean
  randomBytes(count: number): Uint8Array<ArrayBuffer>
  makeSigningKey(): Promise<SigningKey>
  /** 65 bytes that others may see. */
  publicKeyOf(key: SigningKey): Promise<Uint8Array<ArrayBuffer>>
  /** What a key's owner is called in every message: the key's hash. In a simulation the word that it was made for. */
  nameOf(publicKey: Uint8Array): string
  /** 64 bytes. */
  sign(key: SigningKey, text: string): Promise<Uint8Array<ArrayBuffer>>
  /** False for a wrong signature and for bytes that are no key at all. */
  isSignedBy(
    publicKey: Uint8Array<ArrayBuffer>,
    signature: Uint8Array<ArrayBuffer>,
    text: string,
  ): Promise<boolean>
  /** One end of an agreement, for one link only, or for one round with several others, each under labels of its own. */
  beginAgreement(): Promise<Agreement>
  /** A pair whose private half its owner can share out among others; for one round of secure aggregation only. */
  makeMaskKey(): Promise<MaskKey>
  /** The same pair, from a private half that others have put together again. Rejects where the halves do not fit. */
  restoreMaskKey(privateKey: Uint8Array, publicKey: Uint8Array): Promise<MaskKey>
  /** Bytes of the endless stream of this key (32 bytes); `from` is a multiple of 16, and one key gives one stream. */
  keyStream(key: Uint8Array, from: number, byteCount: number): Promise<Uint8Array<ArrayBuffer>>
}

export interface MaskKey {
  /** 65 bytes that others may see. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** 32 bytes that nobody may see. */
  readonly privateKey: Uint8Array<ArrayBuffer>
  /** 32 bytes that both ends derive alike, others for each label. Rejects when the other's bytes are no key. */
  secretWith(otherKey: Uint8Array, label: string): Promise<Uint8Array<ArrayBuffer>>
}

/** Its halves are the implementation's own; the private one cannot be read where cryptography is real. */
export interface SigningKey {
  readonly privateKey: object
  readonly publicKey: object
}

export interface Agreement {
  /** 65 bytes that the other end must get. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /**
   * Two ciphers, each under a key of its own that both ends derive alike. Rejects when the other's bytes are no key.
   * @param salt what both have said
   */
  agree(otherKey: Uint8Array, salt: Uint8Array<ArrayBuffer>, labels: DirectionLabels): Promise<Ciphers>
}

/** Each end's outgoing label is the other's incoming one. */
export interface DirectionLabels {
  readonly outgoing: string
  readonly incoming: string
}

/** `nonce`: 12 bytes that never come twice under one key. Sealing adds 16 bytes. */
export interface Ciphers {
  encrypt(nonce: Uint8Array<ArrayBuffer>, message: Uint8Array): Promise<Uint8Array>
  /** Rejects what was not encrypted so by the other end. */
  decrypt(nonce: Uint8Array<ArrayBuffer>, sealed: Uint8Array): Promise<Uint8Array>
}

/** 128 of these bits are a secret. */
export const randomHex = ({ randomBytes }: Pick<Identity, 'randomBytes'>, byteCount: number): string =>
  Array.from(randomBytes(byteCount), (byte) => byte.toString(16).padStart(2, '0')).join('')
