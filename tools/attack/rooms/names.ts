/**
 * Real keys under readable names: a room to attack has the browser's cryptography, and whoever reads what was found in it
 * wants words. A word is whoever's key took it first; whoever claims it with another key lies.
 */
import type { Identity, SigningKey } from '../../../src/network/identity/identity'
import { webIdentity } from '../../../src/network/identity/web-crypto'

export interface NamedKeys {
  readonly identity: Identity
  /** The key of whoever is called so. */
  keyOf(word: string): Promise<SigningKey>
  /** A fresh key. It takes the word where that is free, and else only claims it. */
  claim(word: string): Promise<{ readonly identity: Identity; readonly signingKey: SigningKey }>
}

export function namedKeys(): NamedKeys {
  const words = new Map<string, string>()
  const keys = new Map<string, Promise<SigningKey>>()
  const identity: Identity = {
    ...webIdentity,
    nameOf: (publicKey) => words.get(webIdentity.nameOf(publicKey)) ?? webIdentity.nameOf(publicKey),
  }
  async function make(word: string): Promise<SigningKey> {
    const key = await webIdentity.makeSigningKey()
    words.set(webIdentity.nameOf(await webIdentity.publicKeyOf(key)), word)
    return key
  }
  function keyOf(word: string): Promise<SigningKey> {
    const key = keys.get(word) ?? make(word)
    keys.set(word, key)
    return key
  }
  return {
    identity,
    keyOf,
    async claim(word) {
      const signingKey = keys.has(word) ? await webIdentity.makeSigningKey() : await keyOf(word)
      const own = webIdentity.nameOf(await webIdentity.publicKeyOf(signingKey))
      const nameOf = (publicKey: Uint8Array) =>
        webIdentity.nameOf(publicKey) === own ? word : identity.nameOf(publicKey)
      return { identity: { ...identity, nameOf }, signingKey }
    },
  }
}
