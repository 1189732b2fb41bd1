/**
 * The memory of a machine that computes on the processor: room in it, numbers in and out, and the threads that run programs over it.
 */
import { Heap } from '../simd/heap'
import type { SimdModule } from '../simd/load'
import { Crew, type CrewPlan, HandLost, type StartHand } from '../simd/threads/crew'
import type { Worth } from '../simd/threads/worth'
import { MachineLost } from './machine'

/** The cores that a machine may use. */
export interface Cores {
  /** So many threads at most, the machine's own among them. */
  readonly most: number
  readonly startHand: StartHand
  /** Asked before each run: so many are free for it now. */
  threads(): number
  /** A run is over, which may have taken seconds. */
  ran(): void
  /** A thread did not do its part: from now on the machine's own is enough. */
  lost(): void
}

/** The module's memory: allocation, and copying numbers in and out. The buffer changes whenever the memory grows. */
export class WasmMemory {
  readonly functions: SimdModule['functions']
  readonly crew: Crew
  readonly #memory: WebAssembly.Memory
  readonly #heap: Heap
  readonly #cores: Cores | null
  readonly #sizes = new Map<number, number>()
  #between = { address: 0, bytes: 0 }
  #models = 0
  /** What the memory holds is worth nothing any more. */
  #lost: MachineLost | null = null

  constructor(module: SimdModule, cores: Cores | null) {
    const { memory, functions, heapBase } = module
    this.functions = functions
    this.#memory = memory
    this.#cores = cores
    this.#heap = new Heap(memory, heapBase)
    this.crew = new Crew(module, this.#heap, cores?.startHand ?? null, cores?.most ?? 1)
  }

  allocate(bytes: number): number {
    const address = this.#heap.allocate(bytes)
    this.#sizes.set(address, bytes)
    return address
  }

  free(address: number): void {
    this.#heap.free(address)
    this.#sizes.delete(address)
  }

  get bytesHeld(): number {
    return [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  /** One buffer for everybody: lines run one after the other. */
  between(bytes: number): number {
    if (bytes > this.#between.bytes) {
      const { address, bytes: had } = this.#between
      this.#between = { address: 0, bytes: 0 } // should there be no room, nobody goes on with what was freed
      if (had > 0) this.free(address)
      this.#between = { address: this.allocate(bytes), bytes }
    }
    return this.#between.address
  }

  /** @param worth of this program */
  run(plan: CrewPlan, worth: Worth): void {
    if (this.#lost) throw this.#lost
    const threads = worth.threads(this.#cores?.threads() ?? 1)
    this.crew.threads = threads
    const { helped } = this.crew
    const began = performance.now()
    try {
      plan.run()
      // Threads that are still starting say nothing about what their help is worth.
      if (threads === 1 || this.crew.helped !== helped) worth.ran(threads, performance.now() - began)
    } catch (problem) {
      if (!(problem instanceof HandLost)) throw problem
      this.#cores?.lost()
      this.crew.dispose()
      this.#lost = new MachineLost(problem.message, { cause: problem })
      throw this.#lost
    } finally {
      this.#cores?.ran()
    }
  }

  /** Threads end with the last model that lies here, and are started again for the next. */
  opened(): void {
    this.#models++
  }

  closed(): void {
    if (--this.#models === 0) this.crew.dispose()
  }

  write(address: number, data: Float32Array | Int32Array): void {
    const view = data instanceof Float32Array ? Float32Array : Int32Array
    new view(this.#memory.buffer, address, data.length).set(data)
  }

  read(address: number, size: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, size).slice()
  }
}
