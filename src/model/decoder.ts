/**
 * Token by token: a decoder remembers the keys and values of what it has read, so that a further token costs one row
 * instead of the whole text. `trim` forgets from a position on, which is what speculative decoding and a lost peer need.
 * It is a pool of one text (pool.ts), of any length; a model may have many decoders. A decoder runs a stretch of the model:
 * the whole of it, or some layers, which read the rows that an earlier layer gave.
 *
 * Prompts are read in chunks. A row's result does not depend on its company, so reading k tokens at once gives the bits of
 * reading them one by one, and a text that is read again in chunks gives the bits of the first time.
 */
import type { Adapter } from './adapter'
import type { LanguageModel } from './languageModel'
import { Pool, type Readable, rowsAtOnce } from './pool'
import { type Stretch, wholeStretch } from './stretch'

export interface Decoder {
  readonly stretch: Stretch
  /** How many tokens it has read. */
  readonly position: number
  /** How many it can hold. */
  readonly capacity: number
  /**
   * Reads some tokens. What the stretch gives after each of them [n, …], or after the last alone [1, …]: logits, or rows for
   * the layer after. Throws a RangeError beyond the capacity.
   */
  read(input: Readable, wanted: 'each' | 'last'): Promise<Float32Array>
  /** Forgets everything from `position` on. */
  trim(position: number): void
  dispose(): void
}

/** Throws a RangeError where the model does not hold the stretch. */
export function openDecoder(
  model: LanguageModel,
  adapter: Adapter | null,
  stretch: Stretch = wholeStretch(model.config),
): Decoder {
  const pool = new Pool(model, adapter, stretch)
  const slot = pool.take()!
  return {
    stretch,
    get position() {
      return slot.position
    },
    capacity: pool.capacity,
    async read(input, wanted) {
      pool.rowsFor(slot, input)
      const chunk = rowsAtOnce * pool.rowSize
      const results: Float32Array[] = []
      for (let begin = 0; begin < input.length; begin += chunk) {
        const [read] = await pool.read([{ slot, input: input.slice(begin, begin + chunk), wanted }])
        results.push(read)
      }
      return wanted === 'each' && results.length > 1 ? joined(results) : results.at(-1)!
    },
    trim: (to) => pool.trim(slot, to),
    dispose: () => pool.dispose(),
  }
}

/** Rows of several passes as one. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    all.set(piece, offset)
    offset += piece.length
  }
  return all
}
