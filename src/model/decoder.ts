/**
 * Token by token: a decoder remembers the keys and values of what it has read, so that a further token costs one row
 * instead of the whole text. `trim` forgets from a position on, which is what speculative decoding and a lost peer need.
 * One text at a time; a model may have many decoders.
 */
import * as tf from '@tensorflow/tfjs-core'
import { activate } from '../kernels/activate'
import { cachedAttention, causalMask } from '../kernels/attention'
import { type Attend, embed, finalNorm, type Gpt2, type Lora, logits, runBlocks } from './gpt2'

export interface Decoder {
  /** How many tokens it has read. */
  readonly position: number
  /** Reads some tokens; the logits [vocabulary] of the token that follows the last of them. */
  prefill(ids: readonly number[]): Promise<Float32Array>
  /** Reads one token. */
  step(id: number): Promise<Float32Array>
  /** Forgets everything from `position` on. */
  trim(position: number): void
  dispose(): void
}

/** One block's keys and values. */
type Memory = {
  readonly keys: tf.Tensor2D // [position, channel]
  readonly values: tf.Tensor2D // [position, channel]
}

export function openDecoder(model: Gpt2, lora: Lora): Decoder {
  const { layers, heads, contextLength, width } = model.config
  let memory: readonly Memory[] = []
  let position = 0

  const replace = (next: readonly Memory[], nextPosition: number): void => {
    for (const { keys, values } of memory) tf.dispose([keys, values])
    memory = next
    position = nextPosition
  }

  const prefill = async (ids: readonly number[]): Promise<Float32Array> => {
    if (ids.length === 0 || position + ids.length > contextLength)
      throw new RangeError(
        `A decoder of ${contextLength} positions cannot read ${ids.length} more after ${position}.`,
      )
    activate(model.backend)
    const { next, last } = tf.tidy(() => {
      const mask = ids.length === 1 ? null : causalMask(ids.length, position + ids.length)
      const next: Memory[] = []
      const attend: Attend = (qkv, block) => {
        const [q, newKeys, newValues] = tf.split(qkv, 3, 1) as tf.Tensor2D[] // each [new, channel]
        const past = memory[block]
        const keys = past ? tf.concat2d([past.keys, newKeys], 0) : newKeys // [position, channel]
        const values = past ? tf.concat2d([past.values, newValues], 0) : newValues
        next.push({ keys, values })
        return cachedAttention(q, keys, values, mask, heads)
      }
      const embedded = embed(model, tf.tensor1d([...ids], 'int32'), { batch: 1, time: ids.length }, position)
      const rows = runBlocks(model, 0, layers, embedded, attend, lora) // [new, channel]
      const lastRow = tf.slice2d(rows, [ids.length - 1, 0], [1, width])
      return { next, last: logits(model, finalNorm(model, lastRow)) } // last [1, vocabulary]
    })
    replace(next, position + ids.length)
    const values = await last.data<'float32'>()
    last.dispose()
    return values
  }

  return {
    get position() {
      return position
    },
    prefill,
    step: (id) => prefill([id]),
    trim(to) {
      if (to < 0 || to > position) throw new RangeError(`Cannot trim ${position} positions to ${to}.`)
      if (to === position) return
      activate(model.backend)
      const shorten = (x: tf.Tensor2D) => tf.slice2d(x, [0, 0], [to, width])
      const next =
        to === 0 ? [] : memory.map(({ keys, values }) => ({ keys: shorten(keys), values: shorten(values) }))
      replace(next, to)
    },
    dispose: () => replace([], 0),
  }
}
