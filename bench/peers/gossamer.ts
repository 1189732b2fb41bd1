/**
 * Gossamer itself: its loader, its machines, its training program and its continuation of a text. All that the benchmark knows of
 * Gossamer's interfaces stands in this file. Weights are kept as float32, like the peers', where the model is theirs. A step is what the training
 * loop does per batch, except that the loss is read after every step, as of every peer; the loop itself reads ten at once.
 */
import type { Session } from '../../src/kernels/machines/machine'
import { loadSimd } from '../../src/kernels/simd/load'
import { startHandInBrowser } from '../../src/kernels/simd/threads/inBrowser'
import { type PlanStore, tuningPlanner } from '../../src/kernels/wgsl/autotune'
import { Continuation } from '../../src/model/continuation'
import type { LanguageModel } from '../../src/model/languageModel'
import { targetsFor } from '../../src/model/lora'
import { Pool, rowsAtOnce } from '../../src/model/pool'
import { lossRingSize } from '../../src/model/programs/training'
import type { Tensor, TensorMap } from '../../src/model/safetensors'
import { choose } from '../../src/model/sampling'
import { fileAtHand } from '../../src/model/source/atHand'
import type { ModelSource } from '../../src/model/source/source'
import { wholeStretch } from '../../src/model/stretch'
import { ownCores } from '../../src/training/cores'
import { inputsOf } from '../../src/training/inputs'
import { loadModel } from '../../src/training/loadModel'
import { openMachine } from '../../src/training/openMachine'
import { breathe } from '../../src/training/pace'
import { scheduleOf } from '../../src/training/train'
import { checkpointFiles } from '../files'
import { adam, adapter, type Shape, weightFormat } from '../shapes'
import type { Batch, Pair } from '../weights'
import type { Generator, Peer, Surroundings } from './peer'

/** @param name `gossamer` computes with one thread, as its peers do, `gossamer-threads` with one for each core */
export function gossamerTrainer(name: 'gossamer' | 'gossamer-threads' = 'gossamer'): Peer {
  let session: Session
  let step: () => Promise<number>
  return {
    name,
    async prepare({ shape, weights, targets, adapter: pairs, batch: batchOf }, surroundings) {
      const threads = name === 'gossamer' ? 1 : navigator.hardwareConcurrency
      const model = await open(shape, weights, surroundings, threads)
      const own = targetsFor(model.config.family, targets)
      const workspace = model.open({ config: { ...adapter, targets: own }, tensors: peftTensors(pairs) })
      session = workspace.session
      const { size } = workspace.layout!
      for (const state of ['first', 'second', 'gradient']) session.write(state, new Float32Array(size))

      const inputs = (step: number) => inputsOf(wholeBatch(shape, batchOf(step)))
      const options = { learns: { a: true, b: true }, checkpointing: false, proximal: false, clips: false }
      const runnable = await workspace.training(inputs(0).shape, options)
      let steps = 0
      let mayStart: Promise<unknown> = Promise.resolve()
      step = async () => {
        const number = steps++
        const { reading, learning } = inputs(number)
        const schedule = scheduleOf(number + 1, adam.learningRate)
        mayStart = mayStart.then(() =>
          runnable.run({ ...reading, ...learning, step: Int32Array.of(number), schedule }),
        )
        await mayStart
        const losses = await session.read('losses')
        await breathe() // as the loop does between steps; threads that are starting need it, too
        return losses[number % lossRingSize]
      }
      return `Gossamer, ${model.machine.device}`
    },
    step: () => step(),
    dispose: () => session.dispose(),
  }
}

export function gossamerGenerator(): Generator {
  let generate: Generator['generate']
  return {
    name: 'gossamer',
    async prepare({ shape, weights, prompt, tokens }, surroundings) {
      const model = await open(shape, weights, surroundings)
      const pool = new Pool(model, null, wholeStretch(model.config))
      const slot = pool.take()!
      const position = prompt.length
      generate = async (onToken) => {
        pool.trim(slot, 0)
        let row: Float32Array = new Float32Array()
        for (let begin = 0; begin < prompt.length; begin += rowsAtOnce)
          [row] = await pool.read([{ slot, input: prompt.slice(begin, begin + rowsAtOnce), wanted: 'last' }])
        const { id } = choose(row, { ...greedy, position })
        onToken(id)
        const continuation = new Continuation(pool, slot, id, { ...greedy, position: position + 1 })
        for (let left = tokens - 1; left > 0; left--) onToken((await continuation.next(left - 1)).id)
      }
      return `Gossamer, ${model.machine.device}`
    },
    generate: (onToken) => generate(onToken),
    dispose() {},
  }
}

const greedy = { temperature: 0, seed: 0 }

async function open(
  shape: Shape,
  weights: TensorMap,
  { backend, wasm }: Surroundings,
  threads = 1,
): Promise<LanguageModel> {
  const bytesOf = async (name: string) => (await fetch(wasm[name])).arrayBuffer()
  const machine = await openMachine(backend, {
    wasmPaths: wasm,
    async loadSimd(isShared) {
      const names = isShared
        ? ['simd-shared.wasm', 'simd-relaxed-shared.wasm']
        : ['simd.wasm', 'simd-relaxed.wasm']
      const [plain, relaxed] = await Promise.all(names.map(bytesOf))
      return loadSimd({ plain, relaxed }, isShared)
    },
    cores: threads > 1 ? ownCores(threads, startHandInBrowser) : null,
    findGpu: async () => navigator.gpu ?? null,
    withoutGpu: { why: 'there is none', problem: 'There is no WebGPU here.' },
    withoutAdapter: 'start the browser with one',
    openPlanner: (device, name, offered) => tuningPlanner(device, name, offered, forgetful),
  })
  return loadModel(sourceOf(shape, weights), machine, { precision: weightFormat(shape) })
}

/** Plans for products are found again in every run. */
const forgetful: PlanStore = { get: async () => null, set: async () => {} }

/** The checkpoint as a directory in memory. */
function sourceOf(shape: Shape, weights: TensorMap): ModelSource {
  const { config, tokenizer, tokenizerSettings, weights: body } = checkpointFiles(shape, weights)
  const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
  const files = new Map([
    ['config.json', json(config)],
    ['tokenizer.json', json(tokenizer)],
    ['tokenizer_config.json', json(tokenizerSettings)],
    ['model.safetensors', body],
  ])
  return {
    name: shape.name,
    isListed: true,
    has: async (file) => files.has(file),
    async open(file) {
      const bytes = files.get(file)!
      return fileAtHand(file, { size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) })
    },
  }
}

/** PEFT names a GPT-2's blocks after the model around them. */
const peftTensors = (pairs: readonly Pair[]): Map<string, Tensor> =>
  new Map(
    pairs.flatMap(({ layer, a, b }) => {
      const name = `base_model.model.${layer.startsWith('h.') ? 'transformer.' : ''}${layer}`
      return [
        [`${name}.lora_A.weight`, a],
        [`${name}.lora_B.weight`, b],
      ]
    }),
  )

/** A batch in which every token counts. */
function wholeBatch({ batch, time }: Shape, { ids, targets }: Batch) {
  const tokens = batch * time
  return {
    batch,
    time,
    ids,
    targets,
    weights: new Float32Array(tokens).fill(1 / tokens),
    tokens,
    rehearsed: 0,
  }
}
