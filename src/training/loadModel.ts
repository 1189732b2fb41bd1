/**
 * From a source of files to a model on a machine: everything small is read and checked first, then the model must fit the
 * machine, and only then its weights are downloaded, unpacked one by one, and uploaded in the format that they are kept in.
 * Whoever has more to check before that takes the two steps one by one.
 */
import type { Machine } from '../kernels/machines/machine'
import { matrixBytes } from '../kernels/packing'
import { partAlignment, type WeightFormat } from '../kernels/program'
import { requireFit } from '../model/checkpoint/fit'
import { type FoundModel, findModel } from '../model/checkpoint/openModel'
import type { ModelConfig } from '../model/config'
import { LanguageModel } from '../model/languageModel'
import { shardsOf } from '../model/programs/values'
import type { ModelSource } from '../model/source/source'
import { type HeldPart, holdsWeight, wholePart } from '../model/stretch'
import type { LoadProgress, Precision } from './compute'

type OnProgress = (progress: LoadProgress) => void

/** Which part of a model of this configuration is to lie in memory. */
export type PartOf = (config: ModelConfig) => HeldPart

/** How a model's weights are to lie in memory; `auto` and all of them where it is not said. */
export interface Loading {
  readonly precision?: Precision
  readonly partOf?: PartOf
}

/**
 * Throws a `ModelError` or a `SafetensorsError` whose message says what to do.
 * @param loading `depth`: the first layers alone, as a shorter model
 */
export async function loadModel(
  source: ModelSource,
  machine: Machine,
  { depth = null, ...loading }: Loading & { readonly depth?: number | null } = {},
  onProgress: OnProgress = () => {},
): Promise<LanguageModel> {
  return loadFound(await findModel(source, depth), machine, loading, onProgress)
}

/** The second step: the weights of what was found, or of a part of it. */
export async function loadFound(
  { config, tokenizer, parameters, fetchWeights }: FoundModel,
  machine: Machine,
  { precision = 'auto', partOf = wholePart }: Loading = {},
  onProgress: OnProgress = () => {},
): Promise<LanguageModel> {
  const part = partOf(config)
  const format = precision === 'auto' ? usualFormat(machine, parameters) : precision
  requireFit(config, format, machine.room, part)
  const fetched = await fetchWeights((done, total) => onProgress({ stage: 'downloading', done, total }))
  const weights = machine.openWeights()
  const shardRows = rowsPerShard(machine, config, format)
  try {
    const progress = (done: number, total: number) => onProgress({ stage: 'starting', done, total })
    for await (const { name, shape, matrix, data } of fetched.read(progress, (name) =>
      holdsWeight(part, name),
    )) {
      const kept = matrix ? format : 'float32'
      if (name !== 'tokens' && name !== 'head') weights.upload(name, shape, data, kept)
      else
        for (const shard of shardsOf(name, config.vocabulary, shardRows)) {
          const begin = shard.firstRow * config.width
          const rows = data.subarray(begin, begin + shard.rows * config.width)
          weights.upload(shard.name, [shard.rows, config.width], rows, kept)
        }
    }
  } catch (problem) {
    weights.dispose()
    throw problem
  }
  const { hash } = fetched
  return new LanguageModel(machine, { config, tokenizer, weights, format, shardRows, hash, parameters, part })
}

/** Models up to this size are kept as they are; larger ones in 16 bits, which a GPU reads twice as fast. */
const smallModel = 5e7

const usualFormat = ({ backend }: Machine, parameters: number): WeightFormat =>
  backend === 'webgpu' && parameters > smallModel ? 'float16' : 'float32'

/** So many rows of the token embedding that a GPU can bind them at once. */
function rowsPerShard({ room }: Machine, { vocabulary, width }: ModelConfig, format: WeightFormat): number {
  if (room.kind !== 'webgpu') return vocabulary
  const limit = Math.min(room.maxBufferBytes, room.maxBindingBytes)
  if (matrixBytes(vocabulary, width, format) <= limit) return vocabulary
  return partAlignment * Math.floor(limit / matrixBytes(partAlignment, width, format))
}
