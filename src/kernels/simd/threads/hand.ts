/**
 * A thread that helps: it has the same functions over the same memory, watches the board, and does pieces of whatever is posted there.
 * It is told nothing else, and may come late, be slow or sleep: what it does not take, others do.
 */
import type { Simd } from '../functions'
import { decodePlan, pieceOf, type RunPiece, words } from './board'

/** What a hand is given to begin. */
export interface HandStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Byte address of the board. */
  readonly board: number
  /** From 1 on; 0 is the thread that posts. */
  readonly index: number
}

/**
 * It looks so often before it sleeps, about half a millisecond: longer than what one thread does alone between two calls that are shared.
 * To be woken takes longer than most pieces do.
 */
export const looks = 100_000

/** Works until its thread is ended. */
export async function lendHand({ module, memory, board: address, index }: HandStart): Promise<never> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  const { heapBase: _, ...exported } = instance.exports
  const functions = exported as unknown as Simd // the binary of whoever posts
  const board = new Int32Array(memory.buffer, address)
  const plans = new Plans(memory, board, functions, index)
  for (;;) {
    waitUntilActive(board, index)
    const seen = Atomics.load(board, words.ticket)
    if (!pieceOf(seen)) {
      waitForTicket(board, seen)
      continue
    }
    const taken = pieceOf(Atomics.add(board, words.ticket, 1))
    if (!taken) continue
    plans.current()[taken.call][taken.piece]()
    Atomics.add(board, words.helped, 1)
    if (Atomics.sub(board, words.remaining, 1) === 1) Atomics.notify(board, words.remaining)
  }
}

/** Plans as this thread runs them, read from the memory when a piece of one is first taken. */
class Plans {
  readonly #known = new Map<number, readonly (readonly RunPiece[])[]>()
  readonly #memory: WebAssembly.Memory
  readonly #board: Int32Array
  readonly #functions: Simd
  readonly #index: number
  #scratch = 0

  constructor(memory: WebAssembly.Memory, board: Int32Array, functions: Simd, index: number) {
    this.#memory = memory
    this.#board = board
    this.#functions = functions
    this.#index = index
  }

  /** Of the piece that was just taken. */
  current(): readonly (readonly RunPiece[])[] {
    const read = (word: number): number => Atomics.load(this.#board, word) >>> 0
    const scratch = read(words.scratch) + this.#index * read(words.scratchBytes)
    if (scratch !== this.#scratch || this.#known.size > mostKnown) this.#known.clear()
    this.#scratch = scratch
    const plan = read(words.plan)
    const known = this.#known.get(plan)
    if (known) return known
    this.#memory.grow(0) // the memory may have grown in another thread, which this one's `buffer` need not know yet
    const decoded = decodePlan(this.#memory.buffer, read(words.planAddress), this.#functions, scratch)
    this.#known.set(plan, decoded)
    return decoded
  }
}

/** Plans of programs that are gone are not kept for ever. */
const mostKnown = 64

/** Sleeps while no more than `index` threads are wanted. */
function waitUntilActive(board: Int32Array, index: number): void {
  for (;;) {
    const active = Atomics.load(board, words.active)
    if (active > index) return
    Atomics.wait(board, words.active, active)
  }
}

function waitForTicket(board: Int32Array, seen: number): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(board, words.ticket) !== seen) return
  // Not for ever: it may be wanted no more in the meantime.
  Atomics.wait(board, words.ticket, seen, longestSleepMs)
}

const longestSleepMs = 1000
