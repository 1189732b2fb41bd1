/**
 * How a machine computes, in one number and one time. Two machines whose arithmetic is the same give the same bits for the
 * same text; others may differ in the last ones, and a near tie between two tokens may then fall otherwise. What is hashed is
 * a fixed computation in the model's own shape, one layer with made-up weights: it depends on the machine, on the precision and
 * on nothing that a tab may hold only in part.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { upload } from '../kernels/machines/machine'
import { sizeOfShape } from '../kernels/value'
import { sha256Hex } from '../lib/hash'
import { random } from '../lib/rng'
import { openDecoder } from '../model/decoder'
import { LanguageModel } from '../model/languageModel'
import { wholePart } from '../model/stretch'
import { weightSlots } from '../model/weights'
import type { Arithmetic } from './session'

const tokens = [3, 1, 4, 1, 5, 9, 2, 6]
/** Rows of the made-up embedding: the head's products are the same kernels however many tokens there are. */
const vocabulary = 64
const timedTokens = 8

export async function measureArithmetic({ config, machine, format }: LanguageModel): Promise<Arithmetic> {
  const probed = { ...config, layers: 1, vocabulary }
  const weights = machine.openWeights()
  const { next } = random(2503)
  for (const { name, shape, matrix, compute } of weightSlots(probed)) {
    const data = compute?.() ?? Float32Array.from({ length: sizeOfShape(shape) }, () => 0.2 * (next() - 0.5))
    await upload(weights, name, shape, data, matrix ? format : 'float32')
  }
  const model = new LanguageModel(machine, {
    config: probed,
    tokenizer: { encode: () => [], decode: () => '', eosIds: [] },
    weights,
    format,
    shardRows: vocabulary,
    parameters: 0,
    part: wholePart(probed),
  })
  const decoder = openDecoder(model, null)
  try {
    const logits = [await decoder.read(tokens, 'each')]
    for (const id of tokens) logits.push(await decoder.read([id], 'last'))
    decoder.trim(0)
    const layer = await fastest(async (at) => {
      decoder.trim(Math.min(decoder.position, at))
      await decoder.read([1], 'last')
    })
    return { fingerprint: hashOf(logits), millisecondsPerLayer: layer }
  } finally {
    decoder.dispose()
    model.dispose()
  }
}

/** The least of some, since whatever else the machine does adds to it. */
async function fastest(work: (nth: number) => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let nth = 0; nth < timedTokens; nth++) {
    const beganAtMs = performance.now()
    await work(nth)
    least = Math.min(least, performance.now() - beganAtMs)
  }
  return least
}

function hashOf(numbers: readonly Float32Array[]): string {
  const hashes = numbers.map((some) => sha256Hex(new Uint8Array(some.slice().buffer)))
  return sha256Hex(hexToBytes(hashes.join(''))).slice(0, 16)
}
