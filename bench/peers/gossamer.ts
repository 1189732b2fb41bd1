/**
 * Gossamer itself: its loader, its training loop and its decoder, as the page's worker calls them. All that the
 * benchmark knows of Gossamer's interfaces stands in this file. The training loop runs by itself and reads each loss
 * while the next step is under way; a step lasts from one report to the next.
 */

import { openDecoder } from '../../src/model/decoder'
import { loadGpt2 } from '../../src/model/gpt2'
import type { Tensor } from '../../src/model/safetensors'
import { argMax } from '../../src/model/sampling'
import { startBackend } from '../../src/training/backend'
import type { Batch } from '../../src/training/batches'
import { Stopped, train } from '../../src/training/train'
import { checkpointFiles } from '../files'
import { adam, adapter } from '../shapes'
import type { Peer, Generator as TextGenerator, TrainingTask } from './peer'

export function gossamerTrainer(): Peer {
  let begin: () => Promise<unknown>
  let training: Promise<unknown> | null = null
  let stopped = false
  const losses: number[] = []
  let wake = () => {}
  return {
    name: 'gossamer',
    async prepare(task, { backend: choice, wasm }) {
      const { backend, device } = await startBackend(choice, wasm)
      const model = loadGpt2(checkpointFiles(task.shape, task.weights), backend)
      begin = () =>
        train({
          model,
          adapter: { config: { ...adapter, targets: task.targets }, tensors: peftTensors(task) },
          batches: batchesOf(task),
          steps: Number.MAX_SAFE_INTEGER,
          learningRate: adam.learningRate,
          stopped: () => stopped,
          onStep({ loss }) {
            losses.push(loss)
            wake()
          },
        })
      return `Gossamer, ${device}`
    },
    async step() {
      const reported = new Promise<void>((resolve) => {
        wake = resolve
      })
      training ??= begin()
      if (losses.length === 0) await Promise.race([reported, training])
      return losses.shift()!
    },
    async dispose() {
      stopped = true
      await training?.catch((problem: unknown) => {
        if (!(problem instanceof Stopped)) throw problem
      })
    },
  }
}

export function gossamerGenerator(): TextGenerator {
  let generate: TextGenerator['generate']
  return {
    name: 'gossamer',
    async prepare({ shape, weights, prompt, tokens }, { backend: choice, wasm }) {
      const { backend, device } = await startBackend(choice, wasm)
      const model = loadGpt2(checkpointFiles(shape, weights), backend)
      generate = async (onToken) => {
        const decoder = openDecoder(model, null)
        let logits = await decoder.prefill(prompt)
        for (let count = 1; count <= tokens; count++) {
          const id = argMax(logits)
          onToken(id)
          if (count < tokens) logits = await decoder.step(id)
        }
        decoder.dispose()
      }
      return `Gossamer, ${device}`
    },
    generate: (onToken) => generate(onToken),
    dispose() {},
  }
}

const peftTensors = ({ adapter: pairs }: TrainingTask): Map<string, Tensor> =>
  new Map(
    pairs.flatMap(({ layer, a, b }) => [
      [`base_model.model.transformer.${layer}.lora_A.weight`, a],
      [`base_model.model.transformer.${layer}.lora_B.weight`, b],
    ]),
  )

function* batchesOf({ shape: { batch, time }, batch: batchOf }: TrainingTask): Generator<Batch, never> {
  const tokens = batch * time
  for (let step = 0; ; step++)
    yield { batch, time, ...batchOf(step), counts: new Uint8Array(tokens).fill(1), tokens }
}
