/**
 * PyTorch as a peer on the processor: not in a browser, but with the same weights, tokens and first adapter, which are written to files
 * for it (peers/pytorch.py). It is what a step without a GPU is held against.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { encodeSafetensors } from '../src/model/safetensors'
import { pythonWithTorch } from '../tools/pretrain/python'
import { checkpointFiles } from './files'
import type { Answer, Job } from './plan'
import { adam, adapter } from './shapes'
import { batchOfStep, firstAdapter, randomWeights, streamLength } from './weights'

const script = fileURLToPath(new URL('peers/pytorch.py', import.meta.url))

const answer = z.object({
  device: z.string(),
  prepareMs: z.number(),
  losses: z.array(z.number()),
  timesMs: z.array(z.number()),
})

/** Whether a process of Python runs this job, and no browser. */
export const isPytorch = ({ peer }: Job): boolean => peer === 'pytorch' || peer === 'pytorch-threads'

export async function runPytorch(job: Extract<Job, { kind: 'training' }>): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-pytorch-'))
  try {
    await writeTask(folder, job)
    const { status, stdout, stderr } = spawnSync(pythonWithTorch(), [script, folder], { encoding: 'utf8' })
    if (status !== 0)
      return { problem: `PyTorch stopped with status ${status}: ${stderr.trim().split('\n').at(-1)}` }
    const { device, prepareMs, losses, timesMs } = answer.parse(JSON.parse(stdout.trim().split('\n').at(-1)!))
    const nothing = { dispatches: 0, submits: 0, buffers: 0, bufferBytes: 0, pipelines: 0, maps: 0 }
    return {
      run: {
        device,
        prepareMs,
        firstMs: timesMs[0],
        timesMs: timesMs.slice(-job.steps),
        toFirstMs: [],
        losses,
        ids: [],
        counts: nothing,
        gpuPeakBytes: 0,
        wasmBytes: 0,
        profile: [],
      },
    }
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeTask(folder: string, job: Extract<Job, { kind: 'training' }>): Promise<void> {
  const { shape, targets, warmUp, steps, peer } = job
  const weights = randomWeights(shape)
  const { config, weights: body } = checkpointFiles(shape, weights)
  const factors = firstAdapter(shape, targets).flatMap(({ layer, a, b }) => [
    [`${layer}.lora_A.weight`, a] as const,
    [`${layer}.lora_B.weight`, b] as const,
  ])
  const batches = Array.from({ length: streamLength }, (_, step) => {
    const { ids, targets } = batchOfStep(shape, step)
    const rows = (all: Int32Array) =>
      Array.from({ length: shape.batch }, (_, row) => [
        ...all.subarray(row * shape.time, (row + 1) * shape.time),
      ])
    return { ids: rows(ids), targets: rows(targets) }
  })
  const threads = peer === 'pytorch' ? 1 : availableParallelism()
  await writeFile(join(folder, 'model.safetensors'), body)
  await writeFile(join(folder, 'adapter.safetensors'), encodeSafetensors(new Map(factors)))
  await writeFile(
    join(folder, 'job.json'),
    JSON.stringify({ config, targets, batches, threads, warmUp, steps, adam, ...adapter }),
  )
}
