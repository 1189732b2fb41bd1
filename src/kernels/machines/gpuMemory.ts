/**
 * What lies on a GPU: buffers, counted, and the frozen weights of a model, packed on the processor and uploaded once.
 */
import { packMatrix } from '../packing'
import type { Shape, WeightFormat } from '../value'
import type { Weights } from './machine'

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
  readonly #buffers: Buffers

  constructor(buffers: Buffers) {
    this.#buffers = buffers
  }

  upload(name: string, shape: Shape, data: Float32Array, format: WeightFormat): void {
    const { words, scales } =
      format === 'float32'
        ? { words: data, scales: null }
        : packMatrix(data, shape[0], shape[1] ?? 1, format, name)
    this.#forget(name)
    this.buffers.set(name, { words: this.#create(words), scales: scales && this.#create(scales) })
  }

  dispose(): void {
    for (const name of [...this.buffers.keys()]) this.#forget(name)
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

  #create(data: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.#buffers.create(data.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    this.#buffers.device.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource)
    this.bytes += data.byteLength
    return buffer
  }
}
