/**
 * From a source to everything that an engine needs of a model. First what is small, all of it checked: configuration,
 * tokenizer, the weights' headers. Then, when the caller has found that the model fits, the weights.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { sha256Hex } from '../../lib/hash'
import { firstComplaint, readBy } from '../../lib/schema'
import { type ModelConfig, ModelError, parseConfig } from '../config'
import { ends } from '../configFields'
import { atDepth } from '../depth'
import { Unreachable } from '../source/download/http'
import { type ModelSource, type Progress, type Remark, readJson, type WholeFile } from '../source/source'
import { openTokenizer, type Tokenizer } from '../tokenizer'
import { parameterCount } from '../weights'
import { type Checkpoint, checkTensors, openCheckpoint } from './checkpoint'
import { readWeights, type WeightRows } from './readWeights'

export interface FoundModel {
  readonly name: string
  readonly config: ModelConfig
  /** More than the configuration's where only the first were asked for. */
  readonly layersInFile: number
  readonly tokenizer: Tokenizer
  readonly parameters: number
  /** Length of the weights' files. */
  readonly bytes: number
  /** Brings the weights to hand. Progress counts bytes of all files. */
  fetchWeights(onProgress?: Progress, onRemark?: Remark): Promise<FetchedWeights>
}

export interface FetchedWeights {
  /**
   * SHA-256 of the weights' file; of several, that of their SHA-256s (32 bytes each) in the order of their names. Best asked for
   * after reading: what is not known beforehand is made of what was read.
   */
  hash(): Promise<string>
  /** The engine's weights by rows; only those of which `isWanted` says so. */
  read(onProgress?: Progress, isWanted?: (name: string) => boolean): AsyncGenerator<WeightRows>
}

/**
 * Throws a `ModelError` or a `SafetensorsError` whose message says what to do.
 * @param depth its first layers alone, as a shorter model; null: all of it
 */
export async function findModel(source: ModelSource, depth: number | null = null): Promise<FoundModel> {
  // First and alone: of a directory without a model, the message then always names the same file.
  const whole = parseConfig(await readJson(source, 'config.json'))
  const eosIds = [...new Set([...whole.eosIds, ...(await endsForGeneration(source))])]
  const config = { ...atDepth(whole, depth), eosIds }
  const tokenizer = await findTokenizer(source, config)
  const checkpoint = await openCheckpoint(source)
  checkTensors(checkpoint, whole)
  return {
    name: source.name,
    config,
    layersInFile: whole.layers,
    tokenizer,
    parameters: parameterCount(config),
    bytes: checkpoint.files.reduce((sum, { size }) => sum + size, 0),
    fetchWeights: (onProgress, onRemark) => fetchWeights(config, checkpoint, onProgress, onRemark),
  }
}

const generationSchema = z.looseObject({ eos_token_id: ends.nullish() })

/**
 * Models that talk in turns name more ends of a text for generation than their configuration does. Without a connection those
 * of the configuration must do.
 */
async function endsForGeneration(source: ModelSource): Promise<readonly number[]> {
  const name = 'generation_config.json'
  if (!source.isListed || !(await source.has(name))) return []
  const file = await readJson(source, name).catch((problem: unknown) => {
    if (problem instanceof Unreachable) return {}
    throw problem
  })
  const read = readBy(generationSchema, file)
  if (read.success) return [read.data.eos_token_id ?? []].flat()
  const { place, what } = firstComplaint(read.error)
  throw new ModelError(`generation_config.json: ${place || 'the file'}: ${what}. Download the model again.`)
}

/** The largest that are used take about 35 MB. */
const maxTokenizerBytes = 64 << 20

async function findTokenizer(source: ModelSource, config: ModelConfig): Promise<Tokenizer> {
  if (!(await source.has('tokenizer.json')))
    throw new ModelError(
      `${source.name} has no tokenizer.json. Choose a model with one, or save it with a fast tokenizer of transformers.`,
    )
  const settings = (await source.has('tokenizer_config.json'))
    ? await readJson(source, 'tokenizer_config.json')
    : null
  return openTokenizer(await readJson(source, 'tokenizer.json', maxTokenizerBytes), settings, config)
}

async function fetchWeights(
  config: ModelConfig,
  checkpoint: Checkpoint,
  onProgress: Progress = () => {},
  onRemark?: Remark,
): Promise<FetchedWeights> {
  const total = checkpoint.files.reduce((sum, { size }) => sum + size, 0)
  const files: WholeFile[] = []
  let before = 0
  for (const file of checkpoint.files) {
    files.push(await file.fetch((done) => onProgress(before + done, total), onRemark))
    before += file.size
  }
  return {
    hash: async () => hashOfAll(await Promise.all(files.map((file) => file.hash()))),
    read: (onRead, isWanted) => readWeights(config, checkpoint, files, onRead, isWanted),
  }
}

const hashOfAll = (hashes: readonly string[]): string =>
  hashes.length === 1 ? hashes[0] : sha256Hex(hexToBytes(hashes.join('')))
