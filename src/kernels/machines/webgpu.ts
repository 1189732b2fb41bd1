/**
 * Programs on a GPU. Compiling makes what a run needs: one buffer per slot, a pipeline per distinct shader, a bind group
 * per line. A run then writes its inputs and replays the lines in one submission; nothing is created or allocated any more.
 * WebGPU has no reusable command buffer for compute, so each line costs three calls again, a few microseconds.
 *
 * Lines of one pass are ordered by WebGPU itself: each dispatch sees what the ones before it wrote. A run that takes
 * longer than 100 ms is split into several submissions, since the page is drawn by the same GPU and drivers have watchdogs.
 */
import { sleep } from '../../lib/async'
import type { Lifetime } from '../../lib/lifetime'
import { timed } from '../../lib/timed'
import { planArena } from '../arena'
import type { Binding, Dispatch, GpuTraits, Shader } from '../kernel'
import { OutOfMemory } from '../outOfMemory'
import { type Program, rootOf, sizeOf, type Value } from '../program'
import { exactPlanner, productsOf } from '../wgsl/plans'
import { deviceOf, type Gpu } from './gpu'
import { Buffers, GpuWeights } from './gpuMemory'
import { type Inputs, type Machine, MachineLost, type Runnable, type Session } from './machine'
import { Slots } from './slots'

const longSubmissionMs = 100

export function openWebgpuMachine(gpu: Gpu): Machine {
  const pipelines = new Pipelines(gpu)
  const buffers = new Buffers(gpu.device)
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits
  return {
    backend: 'webgpu',
    room: { kind: 'webgpu', maxBufferBytes: maxBufferSize, maxBindingBytes: maxStorageBufferBindingSize },
    device: deviceOf(gpu),
    bytesHeld: () => buffers.bytesHeld,
    openWeights: () => new GpuWeights(buffers, gpu.inTurn),
    openSession: (weights) => new GpuSession(gpu, pipelines, buffers, weights as GpuWeights),
  }
}

/** Pipelines by the text of their shaders. */
class Pipelines {
  readonly #gpu: Gpu
  readonly #known = new Map<string, Promise<GPUComputePipeline>>()

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  /** The label is for profiles and error messages. */
  get(code: string, label = ''): Promise<GPUComputePipeline> {
    const known = this.#known.get(code)
    if (known) return known
    const { device } = this.#gpu
    const pipeline = device.createComputePipelineAsync({
      label,
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
    this.#known.set(code, pipeline)
    return pipeline
  }
}

const dispatchesOf = (shader: Shader): readonly Dispatch[] =>
  shader.split ? [shader, shader.split.combination] : [shader]

/** One dispatch, ready to be replayed. */
interface Line {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly groups: readonly [number, number, number]
}

class GpuSession implements Session {
  readonly #gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #buffers: Buffers
  readonly #weights: GpuWeights
  readonly #states = new Map<string, GPUBuffer>()
  readonly #inputs = new Map<string, GPUBuffer>()
  readonly #readers = new Map<number, GPUBuffer[]>()
  readonly #slots: Slots<GPUBuffer>

  constructor(gpu: Gpu, pipelines: Pipelines, buffers: Buffers, weights: GpuWeights) {
    this.#gpu = gpu
    this.#pipelines = pipelines
    this.#buffers = buffers
    this.#weights = weights
    this.#slots = new Slots(
      (bytes) => this.#createBuffer(bytes),
      (buffer) => this.#buffers.destroy(buffer),
    )
  }

  async compile(program: Program, onProgress?: (done: number, total: number) => void): Promise<Runnable> {
    const { traits, planner, inTurn } = this.#gpu
    if (!program.exact) await inTurn(() => planner.prepare(productsOf(program, traits)))
    const chosen: GpuTraits = program.exact ? { ...traits, planFor: exactPlanner.planFor } : traits
    const shaders = program.calls.map((call) => call.shader(chosen))
    const { slots, slotOf, ownSlotOf } = planArena(
      program,
      shaders.map(({ split }) => split?.partialBytes ?? 0),
    )
    const texts = new Map<string, string>()
    shaders.forEach((shader, index) => {
      for (const { code, label } of dispatchesOf(shader))
        texts.set(code, [program.calls[index].kernel, label].filter(Boolean).join(', '))
    })
    let done = 0
    const compiling = [...texts].map(async ([code, label]) => {
      await this.#pipelines.get(code, label)
      onProgress?.(++done, texts.size)
    })
    await timed('compiling', () => Promise.all(compiling))

    const blocks = await this.#takeSlots(slots)
    const inputs = new Map<string, GPUBuffer>()
    for (const [name, value] of program.inputs)
      inputs.set(name, this.#named(this.#inputs, `${name} ${sizeOf(value)}`, sizeOf(value)))
    for (const [name, value] of program.states) this.#named(this.#states, name, sizeOf(value))

    const bufferOf = (root: Value, part: 'words' | 'scales' | undefined): GPUBuffer => {
      const { source } = root
      if (source.kind === 'input') return inputs.get(source.name)!
      if (source.kind === 'state') return this.#states.get(source.name)!
      if (source.kind === 'computed') return blocks[slotOf.get(root.id)!]
      if (source.kind === 'part') throw new Error('The root of a value is no part.')
      const { words, scales } = this.#weights.buffers.get(source.name)!
      return part === 'scales' ? scales! : words
    }
    const resource = (value: Value, part?: 'words' | 'scales'): GPUBufferBinding => {
      const { root, offset } = rootOf(value)
      const buffer = bufferOf(root, part)
      // A weight's packed words are addressed by the shader itself, from the row its part begins with.
      if (root.source.kind === 'weight') return { buffer }
      return { buffer, offset: 4 * offset, size: 4 * sizeOf(value) }
    }
    const lines = await Promise.all(
      program.calls.flatMap(({ inputs, outputs }, index) => {
        const bound = ({ operand, buffer }: Binding): GPUBufferBinding =>
          buffer === 'partials'
            ? { buffer: blocks[ownSlotOf.get(index)!], size: shaders[index].split!.partialBytes }
            : resource((outputs[operand] ?? inputs[operand])!, buffer)
        return dispatchesOf(shaders[index]).map(async ({ code, bindings, groups }): Promise<Line> => {
          const pipeline = await this.#pipelines.get(code)
          const entries = bindings.map((one, binding) => ({ binding, resource: bound(one) }))
          const layout = pipeline.getBindGroupLayout(0)
          return { pipeline, groups, bindGroup: this.#gpu.device.createBindGroup({ layout, entries }) }
        })
      }),
    )
    const read = (value: Value) => {
      const { buffer, offset = 0 } = resource(value)
      return this.#read(buffer, offset, sizeOf(value))
    }
    return new GpuRunnable(this.#gpu, program, inputs, lines, read)
  }

  write(state: string, data: Float32Array | Int32Array): void {
    const buffer = this.#named(this.#states, state, data.length)
    this.#gpu.device.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource)
  }

  async read(state: string): Promise<Float32Array> {
    const buffer = this.#states.get(state)!
    return this.#read(buffer, 0, buffer.size / 4)
  }

  dispose(): void {
    const all = [
      ...this.#states.values(),
      ...this.#inputs.values(),
      ...this.#slots.all(),
      ...[...this.#readers.values()].flat(),
    ]
    for (const buffer of all) this.#buffers.destroy(buffer)
    this.#states.clear()
    this.#inputs.clear()
    this.#readers.clear()
  }

  /** A device tells only afterwards that it had no memory for a buffer. */
  async #takeSlots(sizes: readonly number[]): Promise<GPUBuffer[]> {
    const { device } = this.#gpu
    const before = new Set(this.#slots.all())
    device.pushErrorScope('out-of-memory')
    const blocks = this.#slots.take(sizes)
    if (!(await device.popErrorScope())) return blocks
    this.#slots.keepOnly(before)
    const megabytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20)
    throw new OutOfMemory(
      `The GPU has no ${megabytes} MB left for this step. Choose a smaller batch or shorter rows.`,
    )
  }

  #named(all: Map<string, GPUBuffer>, key: string, size: number): GPUBuffer {
    if (!all.has(key)) all.set(key, this.#createBuffer(4 * size))
    return all.get(key)!
  }

  #createBuffer(bytes: number): GPUBuffer {
    const { device } = this.#gpu
    const limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize)
    if (bytes > limit)
      throw new RangeError(
        `This step needs a buffer of ${bytes} bytes, the GPU allows ${limit}. Choose a smaller batch or shorter rows.`,
      )
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    return this.#buffers.create(bytes, usage)
  }

  /** Copies numbers out, through a reading buffer that is kept for the next time. */
  async #read(source: GPUBuffer, offset: number, size: number): Promise<Float32Array> {
    const { device, life } = this.#gpu
    const kept = this.#readers.get(size) ?? []
    this.#readers.set(size, kept)
    const reader =
      kept.pop() ?? this.#buffers.create(4 * size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(source, offset, reader, 0, 4 * size)
    device.queue.submit([encoder.finish()])
    await orLost(reader.mapAsync(GPUMapMode.READ), life)
    const numbers = new Float32Array(reader.getMappedRange().slice(0))
    reader.unmap()
    kept.push(reader)
    return numbers
  }
}

class GpuRunnable implements Runnable {
  readonly #gpu: Gpu
  readonly #program: Program
  readonly #inputs: ReadonlyMap<string, GPUBuffer>
  readonly #lines: readonly Line[]
  readonly #readValue: (value: Value) => Promise<Float32Array>
  #underWay: Promise<undefined>[] = []
  #submissions = 1

  constructor(
    gpu: Gpu,
    program: Program,
    inputs: ReadonlyMap<string, GPUBuffer>,
    lines: readonly Line[],
    readValue: (value: Value) => Promise<Float32Array>,
  ) {
    this.#gpu = gpu
    this.#program = program
    this.#inputs = inputs
    this.#lines = lines
    this.#readValue = readValue
  }

  async run(inputs: Inputs, wanted: readonly string[] = []): Promise<Record<string, Float32Array>> {
    const { device, life } = this.#gpu
    if (this.#underWay.length >= this.#program.mostUnderWay) await orLost(this.#underWay.shift()!, life)
    for (const [name, buffer] of this.#inputs)
      device.queue.writeBuffer(buffer, 0, inputs[name] as GPUAllowSharedBufferSource)
    const startedAtMs = performance.now()
    const perSubmission = Math.ceil(this.#lines.length / this.#submissions)
    for (let begin = 0; begin < this.#lines.length; begin += perSubmission)
      this.#submit(this.#lines.slice(begin, begin + perSubmission))
    const isAlone = this.#underWay.length === 0
    this.#underWay.push(
      device.queue.onSubmittedWorkDone().then(() => {
        if (isAlone) this.#submissions = Math.ceil((performance.now() - startedAtMs) / longSubmissionMs)
        return undefined
      }),
    )
    const reading = wanted.map((name) => this.#readValue(this.#program.results.get(name)!))
    const numbers = await Promise.all(reading)
    return Object.fromEntries(wanted.map((name, index) => [name, numbers[index]]))
  }

  #submit(lines: readonly Line[]): void {
    const { device } = this.#gpu
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    for (const { pipeline, bindGroup, groups } of lines) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindGroup)
      pass.dispatchWorkgroups(...groups)
    }
    pass.end()
    device.queue.submit([encoder.finish()])
  }
}

/** How long a device may take to say that it is lost after something failed because of it. */
const lossShowsWithinMs = 200

/** What `promise` gives. Throws `MachineLost` where the device is lost before, or where that is why it failed. */
async function orLost<Result>(promise: Promise<Result>, life: Lifetime): Promise<Result> {
  try {
    return await life.within(promise)
  } catch (problem) {
    if (!(problem instanceof MachineLost)) await life.within(sleep(lossShowsWithinMs))
    throw problem
  }
}
