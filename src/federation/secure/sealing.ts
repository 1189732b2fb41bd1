/**
 * A device's shares on their way to the others: they pass through the hands of whoever merges, so each is sealed for the one
 * that it is for, under a key that the two derive from their cipher keys and the roster's name. One key seals one message.
 */
import type { CipherKey } from './cryptography'
import type { Roster } from './roster'

const secretBytes = 32
const nonce = () => new Uint8Array(12)

/** A share of a device's own mask, and one of its mask key. */
export type Shares = readonly [ofMask: Uint8Array, ofKey: Uint8Array]

export interface Sealing {
  seal(other: string, shares: Shares): Promise<Uint8Array>
  /** @throws what is not sealed so, or holds something else */
  open(other: string, sealed: Uint8Array): Promise<Shares>
}

export function sealingOf(cipherKey: CipherKey, self: string, { parties }: Roster, name: string): Sealing {
  const keys = new Map(parties.map((party) => [party.device, party.cipherKey]))
  const ciphersWith = (other: string) =>
    cipherKey.agree(keys.get(other)!, new TextEncoder().encode(name), {
      outgoing: `shares from ${self} to ${other}`,
      incoming: `shares from ${other} to ${self}`,
    })
  return {
    async seal(other, [ofMask, ofKey]) {
      const ciphers = await ciphersWith(other)
      return ciphers.encrypt(nonce(), Uint8Array.of(...ofMask, ...ofKey))
    },
    async open(other, sealed) {
      const ciphers = await ciphersWith(other)
      const shares = await ciphers.decrypt(nonce(), sealed)
      if (shares.length !== 2 * secretBytes) throw new RangeError('These are no two shares.')
      return [shares.slice(0, secretBytes), shares.slice(secretBytes)]
    },
  }
}
