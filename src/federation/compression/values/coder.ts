/** How a list of numbers is written. The reader knows how many there are. */
import type { Random } from '../../../lib/rng'

export interface ValueCoder {
  bytesFor(count: number): number
  encode(values: Float32Array, random: Random): Uint8Array
  /** `bytes` has the length that `bytesFor` says. Throws a `CompressionError` on what no encoder writes. */
  decode(bytes: Uint8Array, count: number): Float32Array
}
