/**
 * What lies on a GPU: buffers, counted, and the frozen weights of a model, packed on the processor and uploaded once. A device
 * tells only afterwards that it had no memory, and no browser tells how much there is: so all buffers are asked for at once,
 * and the answer is awaited before a byte of the weights is read.
 */
import { OutOfMemory } from '../outOfMemory'
import { type Rows, rowWords, scaleCount } from '../packing'
import { sizeOfShape } from '../value'
import type { WeightRoom, Weights } from './machine'

/** Work that must not be disturbed by other work on the device, one piece after the other. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Buffers, and how many bytes of them there are. */
export class Buffers {
  readonly device: GPUDevice
  bytesHeld = 0

  constructor(device: GPUDevice) {
    this.device = device
  }

  create(size: number, usage: number): GPUBuffer {
    this.bytesHeld += size
    return this.device.createBuffer({ size, usage })
  }

  destroy(buffer: GPUBuffer): void {
    this.bytesHeld -= buffer.size
    buffer.destroy()
  }
}

interface PackedBuffers {
  readonly words: GPUBuffer
  readonly scales: GPUBuffer | null
}

export class GpuWeights implements Weights {
  readonly buffers = new Map<string, PackedBuffers>()
  bytes = 0
  readonly #rooms = new Map<string, WeightRoom>()
  readonly #buffers: Buffers
  readonly #inTurn: InTurn

  /** Numbers are written by `inTurn`: what is timed on the device meanwhile goes first. */
  constructor(buffers: Buffers, inTurn: InTurn) {
    this.#buffers = buffers
    this.#inTurn = inTurn
  }

  async reserve(rooms: readonly WeightRoom[]): Promise<void> {
    const { device } = this.#buffers
    const before = this.#buffers.bytesHeld
    device.pushErrorScope('out-of-memory')
    for (const room of rooms) this.#make(room)
    const refused = await device.popErrorScope()
    if (!refused) return
    const megabytes = Math.ceil((this.#buffers.bytesHeld - before) / 2 ** 20)
    for (const { name } of rooms) this.#forget(name)
    throw new OutOfMemory(`The GPU has no room for ${megabytes} MB of weights.`)
  }

  /** Waits until the device has taken the numbers, so that few of them lie between here and there. */
  write(name: string, firstRow: number, rows: Rows): Promise<void> {
    const { shape, format } = this.#rooms.get(name)!
    const { words, scales } = this.buffers.get(name)!
    const columns = shape[1] ?? 1
    const { device } = this.#buffers
    const put = (buffer: GPUBuffer, perRow: number, data: Float32Array | Uint32Array) =>
      device.queue.writeBuffer(buffer, 4 * perRow * firstRow, data as GPUAllowSharedBufferSource)
    return this.#inTurn(async () => {
      device.pushErrorScope('out-of-memory')
      if (rows instanceof Float32Array || format === 'float32') put(words, columns, rows as Float32Array)
      else {
        put(words, rowWords(columns, format), rows.words)
        if (scales) put(scales, scaleCount(1, columns, format), rows.scales!)
      }
      if (await device.popErrorScope())
        throw new OutOfMemory(`The GPU’s memory ran out while ${name} was written to it.`)
    })
  }

  dispose(): void {
    for (const name of [...this.buffers.keys()]) this.#forget(name)
  }

  #make(room: WeightRoom): void {
    const { name, shape, format } = room
    const [rows, columns] = [shape[0], shape[1] ?? 1]
    this.#rooms.set(name, room)
    if (format === 'float32') {
      this.buffers.set(name, { words: this.#create(4 * sizeOfShape(shape)), scales: null })
      return
    }
    const count = scaleCount(rows, columns, format)
    this.buffers.set(name, {
      words: this.#create(4 * rows * rowWords(columns, format)),
      scales: count > 0 ? this.#create(4 * count) : null,
    })
  }

  #forget(name: string): void {
    const known = this.buffers.get(name)
    for (const buffer of [known?.words, known?.scales]) {
      if (!buffer) continue
      this.bytes -= buffer.size
      this.#buffers.destroy(buffer)
    }
    this.buffers.delete(name)
  }

  #create(size: number): GPUBuffer {
    this.bytes += size
    return this.#buffers.create(size, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
  }
}
