/**
 * The fastest tiles for matrix products on this GPU, found by trying. GPUs differ too much for a rule: eight sums per
 * invocation more win on one and lose on another. A candidate is checked before it is timed, against products computed
 * here; timed are at least 10 ms of repeats, by the wall clock, since browsers coarsen timestamps. Each layout is tried at
 * the shape of a GPT-2 layer. After three seconds the rest is left at the default.
 *
 * What is found is kept, by device, browser and revision of the shaders, in whatever store the caller has.
 */
import { z } from 'zod'
import type { GpuTraits, ProductLayout, Tile } from '../kernel'
import { matrix } from './matrix'
import { productShader } from './product'
import { fits } from './tiles'

/** To be raised with every change of the shaders that may change which tile is best. */
const revision = 1

const usualTile: Tile = { rows: 64, columns: 64, depth: 16, rowsEach: 4, columnsEach: 4 }

export const defaultTiles: GpuTraits['tiles'] = { NN: usualTile, NT: usualTile, TN: usualTile }

const candidates: readonly Tile[] = [
  usualTile,
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
  { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
  { rows: 32, columns: 64, depth: 32, rowsEach: 4, columnsEach: 4 },
  { rows: 32, columns: 32, depth: 32, rowsEach: 4, columnsEach: 4 },
]

/** Where found tiles are kept between visits. */
export interface TileStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
}

const side = z.number().int().positive().multipleOf(4)
const tileSchema = z.object({ rows: side, columns: side, depth: side, rowsEach: side, columnsEach: side })
const tilesSchema = z.object({ NN: tileSchema, NT: tileSchema, TN: tileSchema })

/** The tiles for this device: those kept in `store`, or else the fastest that three seconds of trying find. */
export async function tuneTiles(
  device: GPUDevice,
  name: string,
  store: TileStore,
): Promise<GpuTraits['tiles']> {
  const key = `tiles of ${name}, browser ${browserVersion()}, revision ${revision}`
  const kept = parsedTiles(await store.get(key), device)
  if (kept) return kept
  const deadlineMs = performance.now() + 3000
  const tiles = {
    NN: await fastestTile(device, 'NN', deadlineMs),
    NT: await fastestTile(device, 'NT', deadlineMs),
    TN: await fastestTile(device, 'TN', deadlineMs),
  }
  await store.set(key, JSON.stringify(tiles))
  return tiles
}

function parsedTiles(text: string | null, device: GPUDevice): GpuTraits['tiles'] | null {
  if (text === null) return null
  try {
    const tiles = tilesSchema.parse(JSON.parse(text))
    return layouts.every((layout) => fits(tiles[layout], layout, limitsOf(device))) ? tiles : null
  } catch {
    return null // of another version, or damaged: it is found again
  }
}

const layouts: readonly ProductLayout[] = ['NN', 'NT', 'TN']

const limitsOf = ({ limits }: GPUDevice) => ({
  maxWorkgroupStorageBytes: limits.maxComputeWorkgroupStorageSize,
  maxInvocations: limits.maxComputeInvocationsPerWorkgroup,
})

/** "Chrome/140" and the like; what stands for the shader compiler. */
const browserVersion = (): string =>
  /(?:Firefox|Chrome|Version)\/\d+/.exec(globalThis.navigator?.userAgent ?? '')?.[0] ?? 'unknown'

const rows = 512
const columns = 768
const depth = 768

async function fastestTile(device: GPUDevice, layout: ProductLayout, deadlineMs: number): Promise<Tile> {
  if (performance.now() > deadlineMs) return usualTile
  const trial = new Trial(device, layout)
  let fastest = { tile: usualTile, durationMs: Number.POSITIVE_INFINITY }
  for (const tile of candidates.filter((candidate) => fits(candidate, layout, limitsOf(device)))) {
    if (performance.now() > deadlineMs) break
    const durationMs = await trial.durationMs(tile, deadlineMs)
    if (durationMs !== null && durationMs < fastest.durationMs) fastest = { tile, durationMs }
  }
  trial.dispose()
  return performance.now() > deadlineMs ? usualTile : fastest.tile
}

/** Products of one layout, with operands that a formula gives. */
class Trial {
  readonly #device: GPUDevice
  readonly #layout: ProductLayout
  readonly #left: GPUBuffer
  readonly #right: GPUBuffer
  readonly #out: GPUBuffer
  readonly #reading: GPUBuffer

  constructor(device: GPUDevice, layout: ProductLayout) {
    this.#device = device
    this.#layout = layout
    const create = (numbers: number, usage: number): GPUBuffer =>
      device.createBuffer({ size: 4 * numbers, usage })
    this.#left = create(rows * depth, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    this.#right = create(columns * depth, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    this.#out = create(rows * columns, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC)
    this.#reading = create(rows * columns, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    device.queue.writeBuffer(this.#left, 0, operand(rows, leftAt, layout !== 'TN'))
    device.queue.writeBuffer(this.#right, 0, operand(columns, rightAt, layout === 'NT'))
  }

  /** Of one product; null for a tile whose results are wrong, whose shader fails, or that there is no time left for. */
  async durationMs(tile: Tile, deadlineMs: number): Promise<number | null> {
    const run = await this.#prepare(tile)
    if (!run) return null
    await run(1)
    if (!(await this.#isRight())) return null
    for (let repeats = 1; performance.now() < deadlineMs; repeats *= 2) {
      const startedAtMs = performance.now()
      await run(repeats)
      const tookMs = performance.now() - startedAtMs
      if (tookMs >= 10) return tookMs / repeats
    }
    return null
  }

  dispose(): void {
    for (const buffer of [this.#left, this.#right, this.#out, this.#reading]) buffer.destroy()
  }

  async #prepare(tile: Tile): Promise<((repeats: number) => Promise<undefined>) | null> {
    const layout = (width: number) => ({ base: 0, stride: width, columns: width })
    const { code, groups } = productShader({
      layout: this.#layout,
      tile,
      rows,
      columns,
      terms: [{ left: 'left', right: 'right', depth }],
      operands: [
        matrix('left', 'read', { left: layout(this.#layout === 'TN' ? rows : depth) }),
        matrix('right', 'read', { right: layout(this.#layout === 'NT' ? depth : columns) }),
        matrix('out', 'write', { out: layout(columns) }),
      ],
      finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeOut(row, column, product); }',
    })
    const module = this.#device.createShaderModule({ code })
    const pipeline = await this.#device
      .createComputePipelineAsync({ layout: 'auto', compute: { module } })
      .catch(() => null)
    if (!pipeline) return null
    const bindGroup = this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [this.#left, this.#right, this.#out].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    })
    return (repeats) => {
      const encoder = this.#device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindGroup)
      for (let repeat = 0; repeat < repeats; repeat++) pass.dispatchWorkgroups(...groups)
      pass.end()
      this.#device.queue.submit([encoder.finish()])
      return this.#device.queue.onSubmittedWorkDone()
    }
  }

  /** Compares some hundred numbers, from all over the output, with sums computed here. */
  async #isRight(): Promise<boolean> {
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(this.#out, 0, this.#reading, 0, 4 * rows * columns)
    this.#device.queue.submit([encoder.finish()])
    await this.#reading.mapAsync(GPUMapMode.READ)
    const out = new Float32Array(this.#reading.getMappedRange().slice(0))
    this.#reading.unmap()
    for (let place = 0; place < out.length; place += 1499) {
      let sum = 0
      for (let k = 0; k < depth; k++)
        sum += leftAt(Math.floor(place / columns), k) * rightAt(place % columns, k)
      if (out[place] !== sum) return false
    }
    return true
  }
}

// Multiples of 1/128 in ±0.5: 32 bits hold their products and sums exactly, in whatever order they are added.
const leftAt = (row: number, k: number): number => ((row * 29 + k * 31) % 128) / 128 - 0.5
const rightAt = (column: number, k: number): number => ((column * 37 + k * 23 + 64) % 128) / 128 - 0.5

/** An operand whose summed axis is the contiguous one, or the other. */
function operand(lines: number, at: (line: number, k: number) => number, isDepthContiguous: boolean) {
  const numbers = new Float32Array(lines * depth)
  for (let line = 0; line < lines; line++)
    for (let k = 0; k < depth; k++)
      numbers[isDepthContiguous ? line * depth + k : k * lines + line] = at(line, k)
  return numbers
}
