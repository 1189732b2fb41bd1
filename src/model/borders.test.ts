/** Whatever comes from outside and does not fit is refused in words that a person understands: field, value, what to do. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomModelFiles } from '../training/testing'
import { openCheckpoint } from './checkpoint/checkpoint'
import { parseConfig } from './config'
import { decodePeft } from './peft/peft'
import { decodeSafetensors } from './safetensors'
import { memoryStore } from './source/download/store'
import { folderSource } from './source/folder'
import { hubSource } from './source/hub'
import { openTokenizer } from './tokenizer'

/** zod's, JSON.parse's and tfjs's. */
const librariesWords =
  /expected|received|invalid input|invalid (type|option|key|element)|unrecognized|unexpected (token|end)|not valid JSON|cannot read prop|undefined|NaN is not|tensor passed to/i
const advice =
  /(Choose|choose|Download|Export|Fetch|Give|Convert|Train|convert|train|Write|Try|Set|Lower|take it out|Name the layers|can be read)/

const { config, tokenizer } = randomModelFiles()
const model = parseConfig(config)
const read = (name: string) => JSON.parse(readFileSync(`public/models/toy/${name}`, 'utf8'))
const peft = { peft_type: 'LORA', r: 3, lora_alpha: 6, target_modules: ['c_attn'] }
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    -1,
    0.5,
    1e12,
    '',
    'x',
    null,
    [],
    {},
    true,
    false,
    [[]],
    { a: 1 },
    'x'.repeat(300),
  ),
)
/** One field of a file is something else, or one is added. */
const changed = (file: object) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(file), 'surprise'), odd)
    .map(([field, value]) => ({ ...file, [field]: value }))

async function problemOf(use: () => unknown): Promise<string | null> {
  try {
    await use()
    return null
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem)
  }
}

const borders: Readonly<Record<string, [file: object, use: (file: object) => unknown]>> = {
  'a GPT-2’s config.json': [read('config.json'), parseConfig],
  'a LLaMA’s config.json': [
    JSON.parse(readFileSync('src/model/fixtures/oracle/llama-tied-sharded/config.json', 'utf8')),
    parseConfig,
  ],
  ...Object.fromEntries(
    ['qwen2-tied-sharded', 'qwen3-tied-sharded'].map((name) => [
      `${name}’s config.json`,
      [JSON.parse(readFileSync(`src/model/fixtures/oracle/${name}/config.json`, 'utf8')), parseConfig],
    ]),
  ),
  'adapter_config.json': [
    peft,
    (file) => decodePeft({ config: JSON.stringify(file), weights: new Uint8Array() }, model),
  ],
  'tokenizer.json': [tokenizer as object, (file) => openTokenizer(file, null, model)],
  'tokenizer_config.json': [
    { eos_token: '<|end|>', unk_token: null },
    (file) => openTokenizer(tokenizer, file, model),
  ],
  'model.safetensors.index.json': [
    { weight_map: {} },
    (file) => {
      const name = 'model.safetensors.index.json'
      return openCheckpoint(
        folderSource([
          { path: 'config.json', file: new Blob(['{}']) },
          { path: name, file: new Blob([JSON.stringify(file)]) },
        ]),
      )
    },
  ],
  'a safetensors header': [
    { x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } },
    (file) => {
      const header = new TextEncoder().encode(JSON.stringify(file))
      const bytes = new Uint8Array(8 + header.length + 4)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
      bytes.set(header, 8)
      return decodeSafetensors(bytes)
    },
  ],
}

describe.each(Object.entries(borders))('%s', (_, [file, use]) => {
  it('is refused in plain words that say what to do, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed(file), odd), async (json) => {
        const problem = await problemOf(() => use(json as object))
        if (problem === null) return
        // What the file itself says is quoted, and may be anything.
        const own = problem.replaceAll(/"[^"]*"/g, '""')
        expect(own).not.toMatch(librariesWords)
        expect(own).toMatch(advice)
        expect(problem.length).toBeLessThan(700)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the hub', () => {
  it('that answers something else is quoted by the field that is wrong', async () => {
    const answers = [{}, { sha: 'abc', siblings: [] }, { sha: 'a'.repeat(40), siblings: 7 }, [], 3]
    for (const answer of answers) {
      const url = `data:application/json,${encodeURIComponent(JSON.stringify(answer))}#`
      const problem = await problemOf(() => hubSource('owner/name', memoryStore(), url).has('config.json'))
      expect(problem).toMatch(/^The hub's answer about owner\/name is not understood: (sha|siblings|it) /)
      expect(problem).toMatch(/Try again later/)
      expect(problem).not.toMatch(librariesWords)
    }
  })
})
