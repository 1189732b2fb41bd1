/**
 * Programs on the CPU, by our SIMD functions (simd/). Weights, states and slots are addresses in one WebAssembly memory,
 * fixed when a program is compiled. What functions its lines call, and with which numbers, is written down when it first runs; a run
 * copies its inputs in and makes those calls, by one thread or by several (simd/threads/), and allocates nothing.
 */
import { planArena } from '../arena'
import type { Addresses } from '../kernel'
import { type Rows, unpackRows } from '../packing'
import { type Program, rootOf, sizeOf, sizeOfShape, type Value } from '../program'
import { Heap } from '../simd/heap'
import type { SimdModule } from '../simd/load'
import { ownScratch } from '../simd/threads/board'
import { Crew, type CrewPlan, HandLost, type StartHand } from '../simd/threads/crew'
import { type SimdCall, writtenDown } from '../simd/threads/cuts'
import { Worth } from '../simd/threads/worth'
import {
  type Inputs,
  type Machine,
  MachineLost,
  type Runnable,
  type Session,
  type WeightRoom,
  type Weights,
} from './machine'
import { Slots } from './slots'

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

/** @param cores null: its own thread does all; so it does where the module's memory cannot be shared */
export function openWasmMachine(module: SimdModule, device: string, cores: Cores | null = null): Machine {
  const memory = new Room(module, cores)
  return {
    backend: 'wasm',
    device,
    room: { kind: 'wasm', maxBytes: 2 ** 32 }, // 32-bit addresses
    bytesHeld: () => memory.bytesHeld,
    openWeights: () => new WasmWeights(memory),
    openSession: (weights) => new WasmSession(memory, weights as WasmWeights),
  }
}

/** The module's memory: allocation, and copying numbers in and out. The buffer changes whenever the memory grows. */
class Room {
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

interface KeptWeight extends WeightRoom {
  readonly address: number
}

class WasmWeights implements Weights {
  readonly addresses = new Map<string, number>()
  readonly #kept = new Map<string, KeptWeight>()
  bytes = 0
  #isDisposed = false
  readonly #room: Room

  constructor(room: Room) {
    this.#room = room
    room.opened()
  }

  async reserve(rooms: readonly WeightRoom[]): Promise<void> {
    const made: KeptWeight[] = []
    try {
      for (const room of rooms)
        made.push({ ...room, address: this.#room.allocate(4 * sizeOfShape(room.shape)) })
    } catch (problem) {
      for (const { address } of made) this.#room.free(address)
      throw problem
    }
    for (const weight of made) {
      this.addresses.set(weight.name, weight.address)
      this.#kept.set(weight.name, weight)
      this.bytes += 4 * sizeOfShape(weight.shape)
    }
  }

  /** Numbers are kept unpacked. */
  async write(name: string, firstRow: number, rows: Rows): Promise<void> {
    const { shape, format, address } = this.#kept.get(name)!
    const columns = shape[1] ?? 1
    this.#room.write(address + 4 * firstRow * columns, unpackRows(rows, columns, format))
  }

  dispose(): void {
    if (!this.#isDisposed) this.#room.closed()
    this.#isDisposed = true
    for (const address of this.addresses.values()) this.#room.free(address)
    this.addresses.clear()
    this.#kept.clear()
    this.bytes = 0
  }
}

interface State {
  readonly address: number
  readonly size: number
}

class WasmSession implements Session {
  readonly #room: Room
  readonly #weights: WasmWeights
  readonly #states = new Map<string, State>()
  readonly #inputs = new Map<string, State>()
  readonly #slots: Slots<number>
  readonly #runnables: WasmRunnable[] = []

  constructor(room: Room, weights: WasmWeights) {
    this.#room = room
    this.#weights = weights
    this.#slots = new Slots(
      (bytes) => room.allocate(bytes),
      (address) => room.free(address),
    )
  }

  async compile(program: Program): Promise<Runnable> {
    const { slots, slotOf } = planArena(program)
    const blocks = this.#slots.take(slots)
    for (const [name, value] of program.states) this.#state(name, sizeOf(value))
    const inputs = new Map<string, State>()
    for (const [name, value] of program.inputs) inputs.set(name, this.#inputRoom(name, sizeOf(value)))

    const rootAddress = ({ id, source }: Value): number => {
      switch (source.kind) {
        case 'input':
          return inputs.get(source.name)!.address
        case 'state':
          return this.#states.get(source.name)!.address
        case 'weight':
          return this.#weights.addresses.get(source.name)!
        case 'computed':
          return blocks[slotOf.get(id)!]
        case 'part':
          throw new Error('The root of a value is no part.')
      }
    }
    const addressOf = (value: Value | null | undefined): number => {
      if (!value) return 0
      const { root, offset } = rootOf(value)
      return rootAddress(root) + 4 * offset
    }
    const at: Addresses = Object.assign(addressOf, {
      scratch: (bytes: number) => {
        this.#room.crew.needScratch(bytes)
        return ownScratch
      },
      between: (bytes: number) => this.#room.between(bytes),
    })
    const runnable = new WasmRunnable(this.#room, program, inputs, at)
    this.#runnables.push(runnable)
    return runnable
  }

  write(state: string, data: Float32Array | Int32Array): void {
    this.#room.write(this.#state(state, data.length).address, data)
  }

  async read(state: string): Promise<Float32Array> {
    const { address, size } = this.#states.get(state)!
    return this.#room.read(address, size)
  }

  dispose(): void {
    for (const runnable of this.#runnables.splice(0)) runnable.dispose()
    const named = [...this.#states.values(), ...this.#inputs.values()]
    for (const { address } of named) this.#room.free(address)
    for (const address of this.#slots.all()) this.#room.free(address)
    this.#states.clear()
    this.#inputs.clear()
  }

  #state(name: string, size: number): State {
    const known = this.#states.get(name)
    if (known) return known
    const state = { address: this.#room.allocate(4 * size), size }
    this.#states.set(name, state)
    this.#room.write(state.address, new Float32Array(size))
    return state
  }

  /** Inputs of the same name and size share their room among the session's programs. */
  #inputRoom(name: string, size: number): State {
    const key = `${name} ${size}`
    if (!this.#inputs.has(key)) this.#inputs.set(key, { address: this.#room.allocate(4 * size), size })
    return this.#inputs.get(key)!
  }
}

class WasmRunnable implements Runnable {
  readonly #room: Room
  readonly #program: Program
  readonly #inputs: ReadonlyMap<string, State>
  readonly #at: Addresses
  #plan: CrewPlan | null = null
  readonly #worth = new Worth()

  constructor(room: Room, program: Program, inputs: ReadonlyMap<string, State>, at: Addresses) {
    this.#room = room
    this.#program = program
    this.#inputs = inputs
    this.#at = at
  }

  async run(inputs: Inputs, wanted: readonly string[] = []): Promise<Record<string, Float32Array>> {
    for (const [name, { address }] of this.#inputs) this.#room.write(address, inputs[name])
    this.#plan ??= this.#room.crew.plan(this.#calls())
    this.#room.run(this.#plan, this.#worth)
    const { results } = this.#program
    return Object.fromEntries(
      wanted.map((name) => [name, this.#room.read(this.#at(results.get(name)), sizeOf(results.get(name)!))]),
    )
  }
  dispose(): void {
    this.#plan?.dispose()
    this.#plan = null
  }

  #calls(): readonly SimdCall[] {
    const { functions } = this.#room
    return writtenDown(functions, (module) => {
      for (const call of this.#program.calls) call.simd(this.#at, module)
    })
  }
}
