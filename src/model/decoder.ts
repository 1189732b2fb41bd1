/**
 * Token by token: a decoder remembers the keys and values of what it has read, so that a further token costs one row
 * instead of the whole text. `trim` forgets from a position on, which is what speculative decoding and a lost peer need.
 * One text at a time; a model may have many decoders. A decoder runs a stretch of the model: the whole of it, or some
 * layers, which read the rows that an earlier layer gave.
 *
 * Rows are read in fixed numbers, padded where fewer are there: prompts in chunks of 64, less in the smallest bucket that
 * holds them. A row's result does not depend on its company, so reading k tokens at once gives the bits of reading them
 * one by one, and a text that is read again in chunks gives the bits of the first time.
 */
import type { Inputs } from '../kernels/machines/machine'
import type { Adapter } from './adapter'
import type { LanguageModel } from './languageModel'
import { lacksFor, type Stretch, wholeStretch } from './stretch'

/** Token ids, or rows [n, width], whichever the decoder's stretch reads. */
export type Readable = readonly number[] | Float32Array

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

/** The longest text that a decoder holds: more would take much memory for models that only boast of a long context. */
const longestText = 2048

/** Rows at once. A GPU is as fast with 16 as with one. */
const rowBuckets = { webgpu: [16, 64], wasm: [1, 4, 8, 16, 32, 64], cpu: [1, 4, 8, 16, 32, 64] }

/** Positions that a decoder of this model holds. */
export const capacityOf = (contextLength: number): number => Math.min(contextLength, longestText)

/** Throws a RangeError where the model does not hold the stretch. */
export function openDecoder(
  model: LanguageModel,
  adapter: Adapter | null,
  stretch: Stretch = wholeStretch(model.config),
): Decoder {
  const lacking = lacksFor(model.part, stretch)
  if (lacking) throw new RangeError(lacking)
  const { vocabulary, contextLength, width } = model.config
  const capacity = capacityOf(contextLength)
  const buckets = rowBuckets[model.backend]
  const inputWidth = stretch.reads === 'ids' ? 1 : width
  const resultWidth = stretch.gives === 'logits' ? vocabulary : width
  const workspace = model.open(adapter)
  let position = 0

  const inputsOf = (input: Readable, rows: number, first: number): Inputs => {
    const span = Int32Array.of(first, input.length / inputWidth)
    if (stretch.reads === 'hidden') {
      const hidden = new Float32Array(rows * width)
      hidden.set(input)
      return { hidden, span }
    }
    return {
      ids: Int32Array.from({ length: rows }, (_, row) => input[row] ?? 0),
      positionIds: Int32Array.from({ length: rows }, (_, row) => Math.min(first + row, capacity - 1)),
      span,
    }
  }

  /** Reads at most one chunk; what comes out of its last row or of all its rows. */
  const readChunk = async (input: Readable, all: boolean): Promise<Float32Array> => {
    const count = input.length / inputWidth
    const rows = buckets.find((bucket) => bucket >= count)!
    const wanted = all || stretch.gives === 'hidden' ? rows : 1
    const runnable = await workspace.decoding({ ...stretch, rows, wanted, capacity })
    const first = position
    position += count
    const rowIndex =
      wanted > 1 ? Int32Array.from({ length: rows }, (_, row) => row) : Int32Array.of(count - 1)
    const result = await runnable.run({ ...inputsOf(input, rows, first), rowIndex }, [stretch.gives])
    const numbers = result[stretch.gives]
    if (wanted === 1) return numbers
    return numbers.subarray((all ? 0 : count - 1) * resultWidth, count * resultWidth)
  }

  return {
    stretch,
    get position() {
      return position
    },
    capacity,
    async read(input, wanted) {
      const count = input.length / inputWidth
      if (!Number.isInteger(count))
        throw new RangeError(`Rows of ${width} numbers cannot be ${input.length}.`)
      if (count === 0 || position + count > capacity)
        throw new RangeError(
          `A decoder of ${capacity} positions cannot read ${count} more after ${position}.`,
        )
      const chunk = buckets.at(-1)! * inputWidth
      const all = wanted === 'each'
      const results: Float32Array[] = []
      for (let begin = 0; begin < input.length; begin += chunk)
        results.push(await readChunk(input.slice(begin, begin + chunk), all))
      return all && results.length > 1 ? joined(results) : results.at(-1)!
    },
    trim(to) {
      if (to < 0 || to > position) throw new RangeError(`Cannot trim ${position} positions to ${to}.`)
      position = to
    },
    dispose: () => workspace.session.dispose(),
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
