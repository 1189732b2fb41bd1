/** How a key is named where the key itself would be too long: the first 16 bytes of its SHA-256, in hex. */
import { sha256Hex } from '../../lib/hash'

const keyHashBytes = 16

/** @param raw 65 bytes, an uncompressed point. @returns 32 hex digits */
export const hashOfPublicKey = (raw: Uint8Array): string => sha256Hex(raw).slice(0, 2 * keyHashBytes)
