/**
 * Programs on the CPU, by our SIMD functions (simd/). Weights, states and slots are addresses in one WebAssembly memory,
 * fixed when a program is compiled. What functions its lines call, and with which numbers, is written down when it first runs; a run
 * copies its inputs in and makes those calls, by one thread or by several (simd/threads/), and allocates nothing.
 */
import { planArena } from '../arena'
import type { Addresses } from '../kernel'
import { type Rows, unpackRows } from '../packing'
import { type Program, rootOf, sizeOf, sizeOfShape, type Value } from '../program'
import type { SimdModule } from '../simd/load'
import { ownScratch } from '../simd/threads/board'
import type { CrewPlan } from '../simd/threads/crew'
import { type SimdCall, writtenDown } from '../simd/threads/cuts'
import { Worth } from '../simd/threads/worth'
import type { Inputs, Machine, Runnable, Session, WeightRoom, Weights } from './machine'
import { Slots } from './slots'
import { type Cores, WasmMemory } from './wasmMemory'

/** @param cores null: its own thread does all; so it does where the module's memory cannot be shared */
export function openWasmMachine(module: SimdModule, device: string, cores: Cores | null = null): Machine {
  const memory = new WasmMemory(module, cores)
  return {
    backend: 'wasm',
    device,
    room: { kind: 'wasm', maxBytes: 2 ** 32 }, // 32-bit addresses
    bytesHeld: () => memory.bytesHeld,
    openWeights: () => new WasmWeights(memory),
    openSession: (weights) => new WasmSession(memory, weights as WasmWeights),
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
  readonly #room: WasmMemory

  constructor(room: WasmMemory) {
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
  readonly #room: WasmMemory
  readonly #weights: WasmWeights
  readonly #states = new Map<string, State>()
  readonly #inputs = new Map<string, State>()
  readonly #slots: Slots<number>
  readonly #runnables: WasmRunnable[] = []

  constructor(room: WasmMemory, weights: WasmWeights) {
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
  readonly #room: WasmMemory
  readonly #program: Program
  readonly #inputs: ReadonlyMap<string, State>
  readonly #at: Addresses
  #plan: CrewPlan | null = null
  readonly #worth = new Worth()

  constructor(room: WasmMemory, program: Program, inputs: ReadonlyMap<string, State>, at: Addresses) {
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
