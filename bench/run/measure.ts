/**
 * One run: prepare a peer, warm it up, time its steps. It runs inside a worker or a process that does nothing else.
 * Counters are read between steps, so that a count belongs to one step; what is compiled or allocated in the first steps
 * is reported apart.
 */
import { openGenerator, openTrainer } from '../peers'
import type { Surroundings } from '../peers/peer'
import type { Job, Run } from '../plan'
import { generation, promptLength } from '../shapes'
import { batchOfStep, firstAdapter, promptOf, randomWeights, streamLength } from '../weights'
import { type Counters, type Counts, difference } from './counters'
import type { Profiler } from './profile'

/** `profiler` is there where the job asks for one. */
export function measure(
  job: Job,
  surroundings: Surroundings,
  counters: Counters,
  profiler: Profiler | null,
): Promise<Run> {
  switch (job.kind) {
    case 'training':
      return measureTraining(job, surroundings, counters, profiler)
    case 'generation':
      return measureGeneration(job, surroundings, counters)
  }
}

/** A GPU raises its clocks only after some work, and steps of a small model are over before. */
const leastWarmUpMs = { wasm: 0, webgpu: 1000 } as const

async function measureTraining(
  { shape, targets, peer: name, warmUp, steps, runAhead }: Extract<Job, { kind: 'training' }>,
  surroundings: Surroundings,
  counters: Counters,
  profiler: Profiler | null,
): Promise<Run> {
  const weights = randomWeights(shape)
  const peer = await openTrainer(name)
  const batches = Array.from({ length: streamLength }, (_, step) => batchOfStep(shape, step))
  const task = {
    shape,
    targets,
    weights,
    adapter: firstAdapter(shape, targets),
    batch: (step: number) => batches[step % batches.length],
  }
  const prepareBegan = performance.now()
  const device = await peer.prepare(task, surroundings)
  const prepareMs = performance.now() - prepareBegan

  const losses: number[] = []
  const allMs: number[] = []
  let before = counters.total()
  let counts = before
  let began = performance.now()
  const finish = async (step: Promise<number>): Promise<void> => {
    losses.push(await step)
    const now = performance.now()
    allMs.push(now - began)
    began = now
    counts = difference(counters.total(), before)
    before = counters.total()
  }
  const underWay: Promise<number>[] = []
  const warmAtMs = performance.now() + leastWarmUpMs[surroundings.backend]
  for (let step = 0, timed = 0; timed < steps; step++) {
    if (timed > 0 || (step >= warmUp && performance.now() >= warmAtMs)) timed++
    if (timed === 1) profiler?.start()
    underWay.push(peer.step())
    if (!runAhead || step > 0) await finish(underWay.shift()!)
  }
  // Nothing ran beside the last step of a run-ahead: its time is no step's time.
  for (const last of underWay) losses.push(await last)
  const { peak } = counters.gpuBytes()
  const profile = (await profiler?.finish()) ?? []
  const run: Run = {
    device,
    prepareMs,
    losses,
    counts,
    ids: [],
    firstMs: allMs[0],
    timesMs: allMs.slice(-steps),
    toFirstMs: [],
    gpuPeakBytes: peak,
    wasmBytes: counters.wasmBytes(),
    profile,
  }
  await peer.dispose()
  return run
}

async function measureGeneration(
  { shape, peer: name, warmUp, steps }: Extract<Job, { kind: 'generation' }>,
  surroundings: Surroundings,
  counters: Counters,
): Promise<Run> {
  const weights = randomWeights(shape)
  const peer = await openGenerator(name)
  const task = { shape, weights, prompt: promptOf(shape, promptLength(shape)), tokens: generation.tokens }
  const prepareBegan = performance.now()
  const device = await peer.prepare(task, surroundings)
  const prepareMs = performance.now() - prepareBegan

  let ids: number[] = []
  let firstMs = 0
  const timesMs: number[] = []
  const toFirstMs: number[] = []
  let counts = counters.total()
  for (let text = 0; text < warmUp + steps; text++) {
    const before = counters.total()
    ids = []
    const began = performance.now()
    let [first, last] = [began, began]
    await peer.generate((id) => {
      last = performance.now()
      if (ids.length === 0) first = last
      ids.push(id)
    })
    if (text === 0) firstMs = first - began
    // Several tokens may come at once: what one costs is known of the whole text.
    if (text >= warmUp) {
      timesMs.push((last - first) / (ids.length - 1))
      toFirstMs.push(first - began)
    }
    counts = perToken(difference(counters.total(), before))
  }
  const run: Run = {
    device,
    prepareMs,
    firstMs,
    timesMs,
    toFirstMs,
    ids,
    counts,
    losses: [],
    gpuPeakBytes: counters.gpuBytes().peak,
    wasmBytes: counters.wasmBytes(),
    profile: [],
  }
  await peer.dispose()
  return run
}

const perToken = (counts: Counts): Counts => {
  const shares = Object.entries(counts).map(([key, count]) => [key, count / generation.tokens])
  return Object.fromEntries(shares) as unknown as Counts
}
