/**
 * A model's weight files as one: `model.safetensors`, or the shards that `model.safetensors.index.json` names. Only headers
 * are read, and everything that can be known from them is checked against the configuration, before a body is downloaded.
 */
import { z } from 'zod'
import { firstComplaint, readBy } from '../../lib/schema'
import { type ModelConfig, ModelError } from '../config'
import { isFloatType } from '../floats'
import { type Entry, fetchHeader, mostTensors, SafetensorsError } from '../safetensors'
import { type ModelSource, readJson, type SourceFile } from '../source/source'
import { weightSlots } from '../weights'

/** Where a tensor lies. */
export interface Located extends Entry {
  /** Index into the checkpoint's files. */
  readonly file: number
}

export interface Checkpoint {
  /** In the order of their names. */
  readonly files: readonly SourceFile[]
  /** By names without a leading `transformer.` or `model.`. */
  readonly tensors: ReadonlyMap<string, Located>
}

const singleFile = 'model.safetensors'
const indexFile = 'model.safetensors.index.json'
/** The names of shards lead nowhere but into the same directory. */
const shardName = /^[\w.-]+\.safetensors$/
const maxShards = 1000
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** Reads the headers. Throws a `ModelError` or a `SafetensorsError`. */
export async function openCheckpoint(source: ModelSource): Promise<Checkpoint> {
  if (await source.has(singleFile)) return readHeaders([await source.open(singleFile)])
  if (!(await source.has(indexFile)))
    throw new ModelError(`${source.name} has no ${singleFile}. Choose a model in the safetensors format.`)
  const parsed = readBy(indexSchema, await readJson(source, indexFile))
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    throw new ModelError(
      `${indexFile} names no shards: ${place || 'the file'} ${what}. Download the model again.`,
    )
  }
  const shardOf = Object.entries(parsed.data.weight_map)
  const names = [...new Set(shardOf.map(([, shard]) => shard))].sort()
  if (names.length > maxShards) throw new ModelError(`${indexFile} names ${names.length} shards: too many.`)

  const files: SourceFile[] = []
  for (const name of names) {
    if (!shardName.test(name))
      throw new ModelError(
        `${indexFile} names a shard "${name.slice(0, 80)}", which is no file of this model. Download the model again.`,
      )
    if (!(await source.has(name)))
      throw new ModelError(
        `${indexFile} names ${name}, but ${source.name} has no such file. Download all shards.`,
      )
    files.push(await source.open(name))
  }
  const checkpoint = await readHeaders(files)
  const places = new Map(names.map((name, place) => [name, place]))
  for (const [tensor, shard] of shardOf)
    if (checkpoint.tensors.get(plainName(tensor))?.file !== places.get(shard))
      throw new ModelError(
        `${indexFile} says that ${shard} holds "${tensor.slice(0, 120)}", but it does not. Download both again.`,
      )
  return checkpoint
}

/** Throws a `ModelError` unless the files hold exactly the tensors that the configuration asks for. */
export function checkTensors({ tensors }: Checkpoint, config: ModelConfig): void {
  const wanted = weightSlots(config).flatMap((slot) => slot.tensors)
  for (const { name, shape } of wanted) {
    const found = tensors.get(name)
    if (!found)
      throw new ModelError(`The weights have no tensor "${name}". They are no whole ${config.type} model.`)
    if (found.shape.join() !== shape.join())
      throw new ModelError(
        `"${name}" is [${found.shape}], but config.json says [${shape}]. The files do not belong together.`,
      )
    if (!isFloatType(found.dtype))
      throw new ModelError(
        `"${name}" is of type ${found.dtype}; only F32, F16 and BF16 can be read. Choose the unquantised model.`,
      )
  }
  const known = new Set(wanted.map(({ name }) => name))
  for (const name of tensors.keys())
    if (!known.has(name) && !isRedundant(name, config))
      throw new ModelError(
        `The weights hold a tensor "${name}" that this engine would not use, so its results would be wrong. Choose another model.`,
      )
}

/** Causal masks and angles that older files hold, and a head that is the token embedding again. */
const isRedundant = (name: string, { tiedHead }: ModelConfig): boolean =>
  /\.attn\.(masked_)?bias$|\.rotary_emb\.inv_freq$/.test(name) || (tiedHead && name === 'lm_head.weight')

const plainName = (name: string): string => name.replace(/^(transformer|model)\./, '')

async function readHeaders(files: readonly SourceFile[]): Promise<Checkpoint> {
  const tensors = new Map<string, Located>()
  for (const [index, file] of files.entries()) {
    const { entries } = await fetchHeader(file).catch((problem) => {
      throw problem instanceof SafetensorsError
        ? new SafetensorsError(`${file.name}: ${problem.message}`)
        : problem
    })
    if (tensors.size + entries.size > mostTensors)
      throw new ModelError(`The weights hold more than ${mostTensors} tensors. Choose another model.`)
    for (const [name, entry] of entries) {
      if (tensors.has(plainName(name)))
        throw new ModelError(`The weights hold "${plainName(name)}" twice. Download the model again.`)
      tensors.set(plainName(name), { ...entry, file: index })
    }
  }
  return { files, tensors }
}
