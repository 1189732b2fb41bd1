/** For tests of threads: a module's memory to put numbers into. */
import { Heap } from '../heap'
import type { SimdModule } from '../load'
import { gaussians } from '../testing'
import { ownScratch } from './board'
import type { SimdName } from './cuts'

export const drawn = (size: number, label: string) => gaussians(size, 'threads', label)

/** A memory of numbers, and a room behind them for scratch. */
export class Bench {
  readonly module: SimdModule
  readonly heap: Heap
  readonly scratch: number
  constructor(module: SimdModule) {
    this.module = module
    this.heap = new Heap(module.memory, module.heapBase)
    this.scratch = this.heap.allocate(2 ** 20)
  }
  put(numbers: ArrayLike<number>, type: typeof Float32Array | typeof Int32Array = Float32Array): number {
    const address = this.heap.allocate(4 * numbers.length)
    new type(this.module.memory.buffer, address, numbers.length).set(numbers)
    return address
  }
  get(address: number, size: number): Float32Array {
    return new Float32Array(this.module.memory.buffer, address, size).slice()
  }
  run(name: SimdName, args: readonly number[]): void {
    const own = args.at(-1) === ownScratch ? [...args.slice(0, -1), this.scratch] : args
    ;(this.module.functions[name] as (...args: readonly number[]) => void)(...own)
  }
}
