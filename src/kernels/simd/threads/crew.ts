/**
 * The thread that runs programs, and the hands that help it. How many do may change from run to run; with nobody's help calls run whole,
 * as they were written. The results have the same bits either way (cuts.ts).
 */
import { OutOfMemory } from '../../outOfMemory'
import type { SimdModule } from '../load'
import {
  boardBytes,
  encodePlan,
  mostCalls,
  mostPieces,
  nothingToDo,
  ownScratch,
  type PlannedCall,
  pieceOf,
  type RunPiece,
  ticketOf,
  words,
} from './board'
import { piecesOf, type SimdCall } from './cuts'
import { type HandStart, looks } from './hand'

/** A thread that was started for a hand. */
export interface Hand {
  end(): void
}

/** Starts a thread and hands it what it needs (`lendHand`). */
export type StartHand = (start: HandStart) => Hand

/** A hand took a piece and did not bring it back: what the memory holds is worth nothing now. */
export class HandLost extends Error {
  override readonly name = 'HandLost'
}

/**
 * No piece takes so many seconds: a processor that has much else to do comes back to a thread within one or two. They are waited for one
 * by one, since a tab that was suspended, all threads of it, wakes up in one that is over.
 */
const patienceTurns = 30
const turnMs = 1000
/** So many pieces a thread, so that one that is held up has its share done by others. */
const piecesEach = 2

/** Where the crew gets memory. */
export interface CrewRoom {
  allocate(bytes: number): number
  free(address: number): void
}

/** A program as the crew runs it. */
export interface CrewPlan {
  run(): void
  dispose(): void
}

/** Hands sleep for ever beside a memory that nobody uses any more, unless somebody ends them: a crew that is gone takes them along. */
const left = new FinalizationRegistry<readonly Hand[]>((hands) => {
  for (const hand of hands) hand.end()
})

export class Crew {
  readonly most: number
  readonly #module: SimdModule
  readonly #room: CrewRoom
  readonly #startHand: StartHand | null
  readonly #hands: Hand[] = []
  readonly #boardAddress: number
  #scratch = { address: 0, bytes: 0 }
  #threads = 1
  #plans = 0

  /**
   * @param startHand null: nobody can help, as where threads may not share a memory
   * @param most threads there will ever be, this one among them
   */
  constructor(module: SimdModule, room: CrewRoom, startHand: StartHand | null, most: number) {
    this.most = most
    this.#module = module
    this.#room = room
    this.#startHand = module.shared ? startHand : null
    left.register(this, this.#hands)
    this.#boardAddress = room.allocate(boardBytes)
    new Uint8Array(module.memory.buffer, this.#boardAddress, boardBytes).fill(0)
  }

  /** How many threads work on the next run. */
  get threads(): number {
    return this.#threads
  }

  set threads(wanted: number) {
    this.#threads = this.#startHand ? Math.max(1, Math.min(wanted, this.most)) : 1
    const { shared, memory } = this.#module
    while (shared && this.#startHand && this.#hands.length < this.#threads - 1) {
      const index = this.#hands.length + 1
      this.#hands.push(this.#startHand({ module: shared, memory, board: this.#boardAddress, index }))
    }
    const board = this.#board()
    Atomics.store(board, words.active, this.#threads)
    Atomics.notify(board, words.active)
  }

  /** Pieces that hands have done so far, modulo 2^32. */
  get helped(): number {
    return Atomics.load(this.#board(), words.helped) >>> 0
  }

  /** Room for every thread's own use. */
  needScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return
    const before = this.#scratch
    this.#scratch = { address: 0, bytes: 0 } // should there be no room, nobody goes on with what was freed
    if (before.bytes > 0) this.#room.free(before.address)
    const each = 64 * Math.ceil(bytes / 64)
    this.#scratch = { address: this.#room.allocate(each * (this.#startHand ? this.most : 1)), bytes: each }
  }

  /** Calls in the order in which they were written. */
  plan(calls: readonly SimdCall[]): CrewPlan {
    const whole = calls.map(({ name, args }) => this.#runnable(name, args))
    let shared: SharedPlan | null = null
    let hasRoom = true
    return {
      run: () => {
        if (this.#threads > 1 && hasRoom && !shared) {
          shared = this.#share(calls)
          hasRoom = shared !== null
        }
        if (this.#threads > 1 && shared) return this.#runTogether(shared, whole)
        for (const call of whole) call()
      },
      dispose: () => {
        if (shared) this.#room.free(shared.address)
        shared = null
      },
    }
  }

  dispose(): void {
    for (const hand of this.#hands.splice(0)) hand.end()
    this.#threads = 1
  }

  #board(): Int32Array {
    return new Int32Array(this.#module.memory.buffer, this.#boardAddress, boardBytes / 4)
  }

  /** A call in this thread alone. Its scratch may move between runs. */
  #runnable(name: SimdCall['name'], given: readonly number[]): RunPiece {
    const run = this.#module.functions[name] as (...args: readonly number[]) => void // it gives nothing back
    if (given.at(-1) !== ownScratch) return () => run(...given)
    const args = [...given]
    return () => {
      args[args.length - 1] = this.#scratch.address
      run(...args)
    }
  }

  /**
   * Writes a program's pieces into the memory, for all threads; null where there is no room for them. Where a ticket could not name
   * all calls, the rest is not cut.
   */
  #share(calls: readonly SimdCall[]): SharedPlan | null {
    const most = Math.min(mostPieces, piecesEach * this.most)
    const planned = calls.map(
      (call, index): PlannedCall => ({
        name: call.name,
        pieces: index < mostCalls ? piecesOf(call, most) : [call.args],
      }),
    )
    const numbers = encodePlan(planned, this.#module.functions)
    const address = this.#allocated(numbers.byteLength)
    if (address === null) return null
    new Float64Array(this.#module.memory.buffer, address, numbers.length).set(numbers)
    return {
      address,
      number: ++this.#plans,
      pieces: planned.map(({ name, pieces }) => pieces.map((args) => this.#runnable(name, args))),
    }
  }

  #allocated(bytes: number): number | null {
    try {
      return this.#room.allocate(bytes)
    } catch (problem) {
      if (problem instanceof OutOfMemory) return null
      throw problem
    }
  }

  #runTogether({ address, number, pieces }: SharedPlan, whole: readonly RunPiece[]): void {
    const board = this.#board()
    Atomics.store(board, words.ticket, nothingToDo)
    Atomics.store(board, words.plan, number)
    Atomics.store(board, words.planAddress, address)
    Atomics.store(board, words.scratch, this.#scratch.address)
    Atomics.store(board, words.scratchBytes, this.#scratch.bytes)
    for (let call = 0; call < pieces.length; call++) {
      const count = pieces[call].length
      if (count === 1) {
        whole[call]()
        continue
      }
      Atomics.store(board, words.remaining, count)
      Atomics.store(board, words.ticket, ticketOf(call, count))
      Atomics.notify(board, words.ticket)
      for (;;) {
        const taken = pieceOf(Atomics.add(board, words.ticket, 1))
        if (!taken) break
        pieces[call][taken.piece]()
        Atomics.sub(board, words.remaining, 1)
      }
      waitForTheOthers(board)
    }
  }
}

interface SharedPlan {
  readonly address: number
  readonly number: number
  /** [call][piece], as this thread runs them */
  readonly pieces: readonly (readonly RunPiece[])[]
}

/** Throws `HandLost` where somebody does not finish. */
function waitForTheOthers(board: Int32Array): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(board, words.remaining) === 0) return
  for (let silent = 0; ; ) {
    const remaining = Atomics.load(board, words.remaining)
    if (remaining === 0) return
    silent = Atomics.wait(board, words.remaining, remaining, turnMs) === 'timed-out' ? silent + 1 : 0
    if (silent >= patienceTurns) throw new HandLost('A thread of this tab did not finish its part.')
  }
}
