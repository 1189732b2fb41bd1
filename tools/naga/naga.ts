/**
 * All shaders of GPT-2-small, of a small LLaMA and of a small Qwen3, in all weight formats and three tilings, through a second compiler: naga,
 * which is Firefox's, by way of Deno (fetched from the npm registry at first use). Dawn, which is Chrome's, compiles them in
 * the unit tests. What one accepts the other may refuse. Those that compute with float16 are sent where Deno's adapter does, too; those of
 * subgroup matrices (halves/matrixProduct.ts) never, since naga does not know the draft that they are written in.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GpuTraits, ProductPlan, ProductSize, Tile } from '../../src/kernels/kernel'
import type { WeightFormat } from '../../src/kernels/program'
import { exactPlanner, plannerByRule } from '../../src/kernels/wgsl/plans'
import { parseConfig } from '../../src/model/config'
import { adapterLayout, targetsOf } from '../../src/model/lora'
import { continuingProgram } from '../../src/model/programs/continuing'
import { decodingProgram } from '../../src/model/programs/decoding'
import { fillingProgram } from '../../src/model/programs/filling'
import { evaluationProgram } from '../../src/model/programs/reading'
import { trainingProgram } from '../../src/model/programs/training'
import { wholeStretch } from '../../src/model/stretch'
import { vulkanEnvironment } from '../test/vulkan'

const models = [
  parseConfig({
    model_type: 'gpt2',
    vocab_size: 50_257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 1,
    n_head: 12,
  }),
  parseConfig({
    model_type: 'llama',
    vocab_size: 49_152,
    max_position_embeddings: 8192,
    hidden_size: 576,
    num_hidden_layers: 1,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    intermediate_size: 1536,
  }),
  parseConfig({
    model_type: 'qwen3',
    vocab_size: 151_936,
    max_position_embeddings: 40_960,
    hidden_size: 1024,
    num_hidden_layers: 1,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    intermediate_size: 3072,
  }),
]
const formats: readonly WeightFormat[] = ['float32', 'float16', 'int8', 'nf4']
const halvedTile: Tile = { rows: 64, columns: 64, depth: 32, rowsEach: 8, columnsEach: 4 }
/** Rounds factors to float16 wherever it may. */
const halvedPlanner = {
  planFor: (product: ProductSize): ProductPlan =>
    product.mayRound
      ? { tile: halvedTile, slices: 1, halves: { kind: 'numbers' } }
      : plannerByRule.planFor(product),
}
const sequences = { batch: 2, time: 128, counted: 128 }

/** Distinct shaders, each with a name for the report. */
function shaders(): Map<string, string> {
  const names = new Map<string, string>()
  for (const config of models)
    for (const format of formats)
      for (const { planFor } of [plannerByRule, exactPlanner, halvedPlanner]) {
        const gpu: GpuTraits = { name: '', planFor, maxWorkgroupStorageBytes: 16_384, maxInvocations: 256 }
        const layout = adapterLayout(config, { rank: 8, alpha: 16, targets: targetsOf(config.family) })
        // One format also with a vocabulary cut into shards, as a GPU with small bindings needs it.
        const shape = { config, format, shardRows: format === 'nf4' ? 16_384 : config.vocabulary }
        const both = { learns: { a: true, b: true }, checkpointing: true, proximal: true, clips: true }
        const programs = [
          trainingProgram(shape, sequences, { layout, ...both }),
          evaluationProgram(shape, sequences, null),
          decodingProgram(
            shape,
            { ...wholeStretch(config), rows: 16, wanted: 16, slots: 4, capacity: 512 },
            layout,
          ),
          continuingProgram(shape, { layers: { from: 0, to: 1 }, slots: 4, capacity: 512 }, layout),
          fillingProgram(shape, { layers: { from: 0, to: 1 }, rows: 16, slots: 4, capacity: 512 }, layout),
        ]
        for (const call of programs.flatMap(({ calls }) => calls)) {
          const { code, split } = call.shader(gpu)
          const name = `${config.type} ${format} ${call.kernel}`
          names.set(code, name)
          if (split) names.set(split.combination.code, `${name}, combined`)
        }
      }
  return names
}

/** Runs in Deno: prints what each refused shader is refused for, and ends with 1 if there is any. */
const script = `
const texts = JSON.parse(await Deno.readTextFile(Deno.args[0]))
const adapter = await navigator.gpu.requestAdapter()
const requiredFeatures = ['shader-f16'].filter((feature) => adapter.features.has(feature))
const device = await adapter.requestDevice({ requiredFeatures })
let [refused, unsent] = [0, 0]
for (const [code, name] of texts) {
  if (code.includes('enable f16;') && requiredFeatures.length === 0) {
    unsent++
    continue
  }
  device.pushErrorScope('validation')
  device.createShaderModule({ code })
  const error = await device.popErrorScope()
  if (error && ++refused) console.error(name + ': ' + error.message)
}
console.log(texts.length - unsent + ' shaders, ' + refused + ' refused by naga')
if (unsent) console.log(unsent + ' that compute with float16 were not sent: this adapter has no shader-f16')
console.log('none of subgroup matrices was sent: naga does not know them')
Deno.exit(refused ? 1 : 0)
`

const folder = mkdtempSync(join(tmpdir(), 'gossamer-naga-'))
writeFileSync(join(folder, 'shaders.json'), JSON.stringify([...shaders()]))
writeFileSync(join(folder, 'check.js'), script)
const { status } = spawnSync(
  'npx',
  [
    '--yes',
    'deno@2.9.6',
    'run',
    '--unstable-webgpu',
    '--allow-read',
    join(folder, 'check.js'),
    join(folder, 'shaders.json'),
  ],
  { stdio: 'inherit', env: { ...process.env, ...vulkanEnvironment() } },
)
process.exitCode = status ?? 1
