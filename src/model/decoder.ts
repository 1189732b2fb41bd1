/**
 * Token by token: a decoder remembers the keys and values of what it has read, so that a further token costs one row
 * instead of the whole text. `trim` forgets from a position on, which is what speculative decoding and a lost peer need.
 * One text at a time; a model may have many decoders.
 *
 * Rows are read in fixed numbers, padded where fewer are there: prompts in chunks of 64, less in the smallest bucket that
 * holds them. A row's result does not depend on its company, so reading k tokens at once gives the bits of reading them
 * one by one.
 */
import type { Adapter } from './adapter'
import type { LanguageModel } from './languageModel'

export interface Decoder {
  /** How many tokens it has read. */
  readonly position: number
  /** How many it can hold. */
  readonly capacity: number
  /** Reads some tokens; the logits [vocabulary] of the token that follows the last of them. */
  prefill(ids: readonly number[]): Promise<Float32Array>
  /** Reads one token. */
  step(id: number): Promise<Float32Array>
  /** Reads some tokens; the logits [vocabulary] after each of them. */
  readEach(ids: readonly number[]): Promise<Float32Array[]>
  /** Forgets everything from `position` on. */
  trim(position: number): void
  dispose(): void
}

/** The longest text that a decoder holds: more would take much memory for models that only boast of a long context. */
const longestText = 2048

/** Rows at once. A GPU is as fast with 16 as with one. */
const rowBuckets = { webgpu: [16, 64], wasm: [1, 4, 16, 64], cpu: [1, 4, 16, 64] }

export function openDecoder(model: LanguageModel, adapter: Adapter | null): Decoder {
  const { vocabulary, contextLength } = model.config
  const capacity = Math.min(contextLength, longestText)
  const buckets = rowBuckets[model.backend]
  const workspace = model.open(adapter)
  let position = 0

  /** Reads at most one chunk; the logits of its last row or of all rows. */
  const readChunk = async (ids: readonly number[], all: boolean): Promise<Float32Array> => {
    const rows = buckets.find((bucket) => bucket >= ids.length)!
    const wanted = all ? rows : 1
    const runnable = await workspace.decoding({ rows, wanted, capacity })
    const first = position
    position += ids.length
    const { logits } = await runnable.run(
      {
        ids: Int32Array.from({ length: rows }, (_, row) => ids[row] ?? 0),
        positionIds: Int32Array.from({ length: rows }, (_, row) => Math.min(first + row, capacity - 1)),
        span: Int32Array.of(first, ids.length),
        rowIndex: all ? Int32Array.from({ length: rows }, (_, row) => row) : Int32Array.of(ids.length - 1),
      },
      ['logits'],
    )
    return logits
  }

  const read = async (ids: readonly number[], all: boolean): Promise<Float32Array[]> => {
    if (ids.length === 0 || position + ids.length > capacity)
      throw new RangeError(
        `A decoder of ${capacity} positions cannot read ${ids.length} more after ${position}.`,
      )
    const chunk = buckets.at(-1)!
    const logits: Float32Array[] = []
    for (let begin = 0; begin < ids.length; begin += chunk) {
      const some = ids.slice(begin, begin + chunk)
      const numbers = await readChunk(some, all)
      const rows = all ? some.length : 1
      for (let row = 0; row < rows; row++)
        logits.push(numbers.subarray(row * vocabulary, (row + 1) * vocabulary))
    }
    return logits
  }

  const prefill = async (ids: readonly number[]): Promise<Float32Array> => (await read(ids, false)).at(-1)!
  return {
    get position() {
      return position
    },
    capacity,
    prefill,
    step: (id) => prefill([id]),
    readEach: (ids) => read(ids, true),
    trim(to) {
      if (to < 0 || to > position) throw new RangeError(`Cannot trim ${position} positions to ${to}.`)
      position = to
    },
    dispose: () => workspace.session.dispose(),
  }
}
