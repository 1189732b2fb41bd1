/**
 * A few sounds for two people to compare, where a guest's link names no key: each page shows what it has heard of this
 * connection, and only where nobody sits in between do both show the same. It is 32 bits of a hash over the whole transcript
 * (both keys, both nonces, the fingerprints) and the guest's opening.
 *
 * So few bits are enough because of the opening. With the hello the guest has sent only its hash; the number itself follows
 * when the host's nonce is on the table. Whoever sits in between has to choose all it says before it can know either phrase,
 * and has one try in four milliards (a commitment, as in ZRTP, RFC 6189, section 4.4.1.1). Written as proquints (Wilkerson,
 * arXiv:0901.4016): sixteen bits are a word of five letters that can be said in most languages.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { sha256Hex } from '../../lib/hash'

const consonants = 'bdfghjklmnprstvz'
const vowels = 'aiou'
const words = 2

/** What a hello says of an opening: 16 bytes, in hex. */
export const commitmentTo = (opening: string): string => sha256Hex(hexToBytes(opening)).slice(0, 32)

/** Two words with a space between them. */
export function phraseOf(written: string, opening: string): string {
  const hash = sha256(new TextEncoder().encode(`phrase ${opening} ${written}`))
  const spoken = Array.from({ length: words }, (_, at) => wordOf(hash[2 * at] * 256 + hash[2 * at + 1]))
  return spoken.join(' ')
}

/** @param bits sixteen */
export function wordOf(bits: number): string {
  const [first, second, third] = [bits >> 12, bits >> 6, bits].map((part) => consonants[part & 15])
  const [one, other] = [bits >> 10, bits >> 4].map((part) => vowels[part & 3])
  return first + one + second + other + third
}
