/**
 * For tests of the SIMD functions: operands in the module's memory, each followed by a few marks that no function may
 * touch, and oracles in 64 bits to compare with.
 */
import { random } from '../../lib/rng'
import { Heap } from './heap'
import { loadSimdInNode, type SimdModule } from './load'

const marks = 16
const mark = -123.25

export class Bench {
  readonly #module: SimdModule
  readonly #heap: Heap
  readonly #rooms: { readonly address: number; readonly size: number }[] = []

  private constructor(module: SimdModule) {
    this.#module = module
    this.#heap = new Heap(module.memory, module.heapBase)
  }

  static async open(): Promise<Bench> {
    return new Bench(await loadSimdInNode())
  }

  get functions(): SimdModule['functions'] {
    return this.#module.functions
  }

  /** Numbers put into the memory. */
  put(numbers: ArrayLike<number>): number {
    const address = this.room(numbers.length)
    new Float32Array(this.#module.memory.buffer, address, numbers.length).set(numbers)
    return address
  }

  putIntegers(numbers: ArrayLike<number>): number {
    const address = this.room(numbers.length)
    new Int32Array(this.#module.memory.buffer, address, numbers.length).set(numbers)
    return address
  }

  /** Room for a result, filled with NaN. */
  room(size: number): number {
    const address = this.#heap.allocate(4 * (size + marks))
    const floats = new Float32Array(this.#module.memory.buffer, address, size + marks)
    floats.fill(Number.NaN).fill(mark, size)
    this.#rooms.push({ address, size })
    return address
  }

  scratch(bytes: number): number {
    return this.room(Math.ceil(bytes / 4))
  }

  /** Numbers read from the memory. Throws if anything was written beyond any room's end. */
  get(address: number, size: number): Float32Array {
    const { buffer } = this.#module.memory
    for (const room of this.#rooms)
      if (new Float32Array(buffer, room.address + 4 * room.size, marks).some((value) => value !== mark))
        throw new Error(`Something was written behind the ${room.size} numbers at ${room.address}.`)
    return new Float32Array(buffer, address, size).slice()
  }
}

/** Standard normal numbers as 32-bit floats. */
export const gaussians = (size: number, ...labels: (string | number)[]): Float32Array =>
  Float32Array.from({ length: size }, random(1, ...labels).gaussian)

/** The largest difference, relative to the largest of the expected numbers. NaN if there is any among them. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new RangeError(`${actual.length} numbers for ${expected.length}.`)
  const differences = Array.from(expected, (value, index) => Math.abs(actual[index] - value))
  return Math.max(...differences) / Math.max(...Array.from(expected, Math.abs), 1e-30)
}
