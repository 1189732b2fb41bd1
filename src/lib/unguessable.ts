/**
 * Chance that nobody can guess, for noise that hides something: unlike `rng.ts` it follows from no seed. Whoever uses it is handed a
 * source of bytes (`network/identity/`); where a thread has none of its own, 32 bytes of one are stretched into as many as it takes by
 * BLAKE3's output, which nobody can tell from chance without them.
 */
import { blake3 } from '@noble/hashes/blake3.js'

export type RandomBytes = (count: number) => Uint8Array

/** @param secret 32 bytes, used for one thing only */
export function bytesFrom(secret: Uint8Array): RandomBytes {
  const stream = blake3.create({ key: secret })
  return (count) => stream.xof(count)
}

/** In [0, 1), of 53 bits. */
export function uniform(randomBytes: RandomBytes): number {
  const { buffer, byteOffset } = randomBytes(8)
  return uniformAt(new DataView(buffer, byteOffset, 8), 0)
}

const bytesAtOnce = 4096

/** Standard normal numbers by Box and Muller, without end. */
export function* gaussians(randomBytes: RandomBytes): Generator<number, never> {
  for (;;) {
    const { buffer, byteOffset } = randomBytes(bytesAtOnce)
    const view = new DataView(buffer, byteOffset, bytesAtOnce)
    for (let at = 0; at < bytesAtOnce; at += 16) {
      // Of (0, 1], so that the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(view, at)))
      const angle = 2 * Math.PI * uniformAt(view, at + 8)
      yield radius * Math.cos(angle)
      yield radius * Math.sin(angle)
    }
  }
}

const uniformAt = (view: DataView, at: number): number =>
  (view.getUint32(at, true) * 2 ** 21 + (view.getUint32(at + 4, true) >>> 11)) / 2 ** 53
