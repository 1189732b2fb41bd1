import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 of some bytes as 64 lower-case hex digits. Synchronous, and the same in a page, a worker and Node. */
export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes))

/** SHA-256 of bytes that arrive piece by piece. `hex` ends it. */
export interface RunningHash {
  update(bytes: Uint8Array): void
  hex(): string
}

export function startSha256(): RunningHash {
  const hash = sha256.create()
  return { update: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) }
}
