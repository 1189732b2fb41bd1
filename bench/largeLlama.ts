/**
 * A random checkpoint of LLaMA-7B's shape, as such models come: 13.5 GB of bfloat16 in 33 shards with their index. It is
 * written tensor by tensor and piece by piece, so that it takes a disk and no memory, and is not stored anywhere:
 * `npx tsx bench/largeLlama.ts --out DIR`. To be read by a card (docs/performance.md); `--layers 2` writes a shorter one.
 */
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { parseFlags, text, UsageError } from '../src/cli/flags'
import { random } from '../src/lib/rng'
import { parseConfig } from '../src/model/config'
import { beginningOf } from '../src/model/safetensors'
import { type StoredTensor, weightSlots } from '../src/model/weights'
import { tokenizerConfig, tokenizerJson } from '../tools/pretrain/bpe'
import { byteTokenizer } from './files'

export const llama7B = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 32_000,
  max_position_embeddings: 2048,
  hidden_size: 4096,
  intermediate_size: 11_008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  bos_token_id: 0,
  eos_token_id: 0,
  tie_word_embeddings: false,
}

/** Numbers that are drawn; a larger tensor repeats them, which no format and no machine notices. */
const drawn = 2 ** 18

/** Writes the directory: a shard for each layer, and one for what is left. Returns the bytes of all shards. */
export async function writeLargeLlama(directory: string, config: typeof llama7B): Promise<number> {
  await mkdir(directory, { recursive: true })
  const json = (name: string, value: object) => writeFile(join(directory, name), `${JSON.stringify(value)}\n`)
  const tokenizer = tokenizerJson(byteTokenizer(config.vocab_size))
  await Promise.all([
    json('config.json', config),
    json('tokenizer.json', tokenizer),
    json('tokenizer_config.json', tokenizerConfig(config.max_position_embeddings)),
  ])
  const shards = new Map<string, StoredTensor[]>()
  const count = config.num_hidden_layers + 1
  for (const tensor of weightSlots(parseConfig(config)).flatMap((slot) => slot.tensors)) {
    const layer = /^layers\.(\d+)\./.exec(tensor.name)?.[1]
    const place = layer === undefined ? count : Number(layer) + 1
    const shard = `model-${String(place).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.safetensors`
    shards.set(shard, [...(shards.get(shard) ?? []), tensor])
  }
  let bytes = 0
  const map: Record<string, string> = {}
  for (const [shard, tensors] of shards) {
    for (const { name } of tensors) map[fullName(name)] = shard
    bytes += await writeShard(join(directory, shard), tensors)
  }
  await json('model.safetensors.index.json', { metadata: { total_size: bytes }, weight_map: map })
  return bytes
}

const fullName = (name: string): string => (name.startsWith('lm_head') ? name : `model.${name}`)

async function writeShard(path: string, tensors: readonly StoredTensor[]): Promise<number> {
  const sides = tensors.map(({ name, shape }) => [fullName(name), shape] as const)
  const { header, size } = beginningOf(sides, 'BF16')
  const file = await open(path, 'w')
  try {
    await file.writeFile(header)
    for (const [name, shape] of sides) {
      const some = new Uint8Array(halvesOf(name, shape).buffer)
      const bytes = 2 * shape.reduce((product, side) => product * side, 1)
      for (let done = 0; done < bytes; done += some.length)
        await file.writeFile(some.subarray(0, Math.min(some.length, bytes - done)))
    }
  } finally {
    await file.close()
  }
  return size
}

/** Gains lie about one; the rows of matrices are so small that activations keep their size. */
function halvesOf(name: string, shape: readonly number[]): Uint16Array {
  const { next } = random(1, name)
  const [mean, bound] = shape.length === 1 ? [1, 0.05] : [0, Math.sqrt(3 / shape[1])]
  const numbers = Float32Array.from({ length: drawn }, () => mean + bound * (2 * next() - 1))
  return Uint16Array.from(new Uint32Array(numbers.buffer), (word) => word >>> 16)
}

const flags = z.object({ out: text, layers: z.coerce.number().int().min(1).max(32).default(32) })

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  try {
    const { out, layers } = parseFlags(flags, process.argv.slice(2))
    const bytes = await writeLargeLlama(out, { ...llama7B, num_hidden_layers: layers })
    console.log(`${out}: ${layers} layers of LLaMA-7B, ${(bytes / 1e9).toFixed(1)} GB of random weights.`)
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    console.error(`${problem.message}\nUsage: npx tsx bench/largeLlama.ts --out DIR [--layers 32]`)
    process.exitCode = 2
  }
