/**
 * One matrix product, tried with several plans: which are right, and how long does each take? Operands are made on the GPU
 * from integers, so that sums computed here and there agree to the last bit in whatever order they are added. Plans are
 * timed in turn, round after round and without a pause, so that all of them meet the same clocks; of each the shortest time
 * counts. Plans that round factors to float16 are held against the plain product, number by number: the integers are small enough
 * for float16, so that nothing is rounded and a card that is wrong in one tile alone is found out.
 */
import type { Dispatch, ProductPlan, ProductSize } from '../kernel'
import { matrix } from './matrix'
import { exactPlanner } from './plans'
import { productShader } from './productShader'
import { openStopwatch, type RecordPass } from './stopwatch'
import { declare, elementGroups, elementwise } from './text'

export interface Trial {
  /**
   * Of one product by each plan, in milliseconds; null for those whose results are wrong or whose shader fails.
   */
  durationsMs(plans: readonly ProductPlan[]): Promise<readonly (number | null)[]>
  dispose(): Promise<void>
}

const rounds = 3
/** A product that takes so long is timed once. */
const slowMs = 20
/** Before the first round, so that clocks have risen. */
const warmUpMs = 10
/** Longer sums are cut short: what counts is how slices and tiles fit, and operands take memory. */
const mostOperandNumbers = 2 ** 23

export function openTrial(device: GPUDevice, product: ProductSize): Trial {
  const size = { ...product, depth: shortenedDepth(product) }
  const { layout, rows, columns, depth } = size
  const buffers: GPUBuffer[] = []
  const room = (bytes: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ size: bytes, usage })
    buffers.push(buffer)
    return buffer
  }
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const left = room(4 * rows * depth, storage)
  const right = room(4 * columns * depth, storage)
  const out = room(4 * rows * columns, storage)
  const reading = room(4 * rows * columns, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
  const checks = checksOf(size)
  const stopwatch = openStopwatch(device)

  const line = async ({ code, bindings, groups }: Dispatch, partials: GPUBuffer | null): Promise<Line> => {
    const module = device.createShaderModule({ code })
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
    const named: Readonly<Record<string, GPUBuffer | null>> = { left, right, out, partials }
    const entries = bindings.map(({ operand }, binding) => ({
      binding,
      resource: { buffer: named[operand]! },
    }))
    const bindGroup = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
    return { pipeline, bindGroup, groups }
  }
  const filled = Promise.all([
    line(filling('left', rows, depth, layout !== 'TN', leftSeed), null),
    line(filling('right', columns, depth, layout === 'NT', rightSeed), null),
  ]).then((lines) => stopwatch.durationsMs([repeated(lines, 1)]))

  /** The dispatches of a plan, null where a shader fails. */
  const prepare = (plan: ProductPlan): Promise<readonly Line[] | null> => {
    const { split, ...first } = productShader(plainProduct(size), { planFor: () => plan })
    const partials = split ? room(split.partialBytes, storage) : null
    const dispatches = split ? [first, split.combination] : [first]
    return Promise.all(dispatches.map((dispatch) => line(dispatch, partials))).catch(() => null)
  }
  /** What `look` finds in the output. */
  const lookedAt = async <Found>(
    lines: readonly Line[],
    look: (numbers: Float32Array) => Found,
  ): Promise<Found> => {
    const encoder = device.createCommandEncoder()
    encoder.clearBuffer(out)
    const pass = encoder.beginComputePass()
    repeated(lines, 1)(pass)
    pass.end()
    encoder.copyBufferToBuffer(out, 0, reading, 0, reading.size)
    device.queue.submit([encoder.finish()])
    await reading.mapAsync(GPUMapMode.READ)
    const found = look(new Float32Array(reading.getMappedRange()))
    reading.unmap()
    return found
  }
  /** Compares a hundred numbers, from all over the output, with sums computed here. */
  const agrees = (numbers: Float32Array): boolean =>
    [...checks].every(([place, sum]) => numbers[place] === sum)
  /** The whole output of the plain product, null where that is wrong. */
  const plainOutput = async (): Promise<Float32Array | null> => {
    const lines = await prepare(exactPlanner.planFor(size))
    return lines && lookedAt(lines, (numbers) => (agrees(numbers) ? numbers.slice() : null))
  }

  return {
    async durationsMs(plans) {
      await filled
      const durations = plans.map((): number | null => null)
      const right: { readonly index: number; readonly lines: readonly Line[] }[] = []
      const prepared = await Promise.all(plans.map(prepare))
      const plain = plans.some(({ halves }) => halves) ? await plainOutput() : null
      const isProven = (numbers: Float32Array): boolean =>
        plain?.every((number, place) => numbers[place] === number) ?? false
      for (const [index, lines] of prepared.entries())
        if (lines && (await lookedAt(lines, plans[index].halves ? isProven : agrees)))
          right.push({ index, lines })
      if (right.length === 0) return durations

      const [{ lines: some }] = right
      const [, onceMs] = await stopwatch.durationsMs([repeated(some, 1), repeated(some, 4)])
      const shortMs = Math.max(onceMs / 4, 0.002)
      const repeats = Math.ceil(stopwatch.leastMs / shortMs)
      const turns = shortMs < slowMs ? rounds : 1
      const warmUp = repeated(some, Math.ceil(Math.min(warmUpMs, turns * repeats * shortMs) / shortMs))
      const passes = Array.from({ length: turns }, () => right.map(({ lines }) => repeated(lines, repeats)))
      const [, ...times] = await stopwatch.durationsMs([warmUp, ...passes.flat()])
      right.forEach(({ index }, place) => {
        durations[index] = Math.min(...times.filter((_, at) => at % right.length === place)) / repeats
      })
      return durations
    },
    async dispose() {
      await filled
      for (const buffer of buffers) buffer.destroy()
      stopwatch.dispose()
    },
  }
}

const repeated =
  (lines: readonly Line[], repeats: number): RecordPass =>
  (pass) => {
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const { pipeline, bindGroup, groups } of lines) {
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, bindGroup)
        pass.dispatchWorkgroups(...groups)
      }
  }

interface Line {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly groups: Dispatch['groups']
}

const shortenedDepth = ({ rows, columns, depth }: ProductSize): number =>
  Math.min(depth, Math.max(1024, 64 * Math.floor(mostOperandNumbers / (rows + columns) / 64)))

/** A product without any ending. */
export function plainProduct({ layout, rows, columns, depth }: ProductSize) {
  const dense = (width: number) => ({ base: 0, stride: width, columns: width })
  return {
    layout,
    rows,
    columns,
    depth,
    terms: [{ left: 'left', right: 'right', depth }],
    factors: [
      matrix('left', 'read', { left: dense(layout === 'TN' ? rows : depth) }),
      matrix('right', 'read', { right: dense(layout === 'NT' ? depth : columns) }),
    ],
    operands: [matrix('out', 'write', { out: dense(columns) })],
    finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeOut(row, column, product); }',
  }
}

const [leftSeed, rightSeed] = [0x9e3779b1, 0x85ebca77]

/**
 * The number of an operand at a line and a place along the summed axis: a multiple of 1/128 in ±0.5 without a pattern, so
 * that 32 bits hold products and their sums exactly.
 */
function operandAt(seed: number, line: number, k: number): number {
  let hash = Math.imul(line, seed) + Math.imul(k, 0xc2b2ae3d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (((hash ^ (hash >>> 12)) >>> 3) & 127) / 128 - 0.5
}

/** The same on the GPU, for a whole operand. */
function filling(operand: string, lines: number, depth: number, isAlong: boolean, seed: number): Dispatch {
  const declaration = { operand, access: 'read_write', type: 'f32' } as const
  const [line, k] = isAlong
    ? [`index / ${depth}u`, `index % ${depth}u`]
    : [`index % ${lines}u`, `index / ${lines}u`]
  const code = `${declare([declaration])}${elementwise(
    lines * depth,
    `  var hash = (${line}) * ${seed}u + (${k}) * ${0xc2b2ae3d}u;
  hash = (hash ^ (hash >> 15u)) * ${0x2c1b3c6d}u;
  ${operand}[index] = f32(((hash ^ (hash >> 12u)) >> 3u) & 127u) / 128.0 - 0.5;`,
  )}`
  return { code, bindings: [declaration], groups: elementGroups(lines * depth) }
}

/** Places of the output, and what must stand there. */
function checksOf({ rows, columns, depth }: ProductSize): Map<number, number> {
  const checks = new Map<number, number>()
  const step = Math.max(1, Math.floor((rows * columns) / 100) | 1)
  for (let place = 0; place < rows * columns; place += step) {
    const [row, column] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let k = 0; k < depth; k++) sum += operandAt(leftSeed, row, k) * operandAt(rightSeed, column, k)
    checks.set(place, sum)
  }
  return checks
}
