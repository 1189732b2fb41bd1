/**
 * What threads of one memory tell each other while a program runs. A program is written into the memory once, as a plan: its calls in
 * their order, each in pieces. Then a single word, the ticket, says which call is next and how many of its pieces are taken; whoever
 * is free takes one by adding one to it. When all pieces of a call are done the next call is posted, so a call sees all that those
 * before it have left. Nothing is sent and nothing allocated: a call costs a store and a few additions.
 *
 * A ticket carries its call and the number of its pieces, so one that is taken late, after the last piece, is worth nothing and harms
 * nothing; and one that is worth something holds its call, and so its plan, until that piece is done.
 */
import type { Simd } from '../functions'
import type { SimdName } from './cuts'

/** Words of the board; those that are written often lie in cache lines of their own. */
export const words = {
  ticket: 0,
  remaining: 16,
  active: 32,
  plan: 33,
  planAddress: 34,
  scratch: 35,
  scratchBytes: 36,
  helped: 48,
} as const
export const boardBytes = 4 * 64

const takenBits = 9
const piecesBits = 8
/** Of one call, and so many calls of a plan, fit a ticket. */
export const mostPieces = 2 ** piecesBits - 1
export const mostCalls = 2 ** 14

/** No piece of this call is taken yet. */
export const ticketOf = (call: number, pieces: number): number =>
  (call << (takenBits + piecesBits)) | (pieces << takenBits)

export const nothingToDo = ticketOf(0, 0)

export interface Piece {
  readonly call: number
  readonly piece: number
}

/** The piece that a ticket, as it was before one was added, is worth; null: all are taken. */
export function pieceOf(ticket: number): Piece | null {
  const piece = ticket & (2 ** takenBits - 1)
  const pieces = (ticket >>> takenBits) & mostPieces
  return piece < pieces ? { call: ticket >>> (takenBits + piecesBits), piece } : null
}

/** Stands in a call for the room that each thread has of its own: always its last argument. */
export const ownScratch = -1

/** The functions in an order that all threads know. */
const namesOf = (functions: Simd): SimdName[] => Object.keys(functions).sort() as SimdName[]

export interface PlannedCall {
  readonly name: SimdName
  readonly pieces: readonly (readonly number[])[]
}

/** A plan as numbers: how many calls; of each how many pieces; of each which function, how many arguments, and these. */
export function encodePlan(calls: readonly PlannedCall[], functions: Simd): Float64Array {
  const names = namesOf(functions)
  const numbers: number[] = [calls.length]
  for (const { name, pieces } of calls) {
    numbers.push(pieces.length)
    for (const args of pieces) {
      numbers.push(names.indexOf(name), args.length)
      for (const each of args) numbers.push(each)
    }
  }
  return Float64Array.from(numbers)
}

export type RunPiece = () => void

/** The same, ready to run in a thread whose own room lies at `scratch`. [call][piece] */
export function decodePlan(
  buffer: ArrayBufferLike,
  address: number,
  functions: Simd,
  scratch: number,
): readonly (readonly RunPiece[])[] {
  const names = namesOf(functions)
  const numbers = new Float64Array(buffer, address)
  let at = 0
  const piece = (): RunPiece => {
    const [name, length] = [names[numbers[at]], numbers[at + 1]]
    const args = Array.from(numbers.subarray(at + 2, at + 2 + length))
    at += 2 + length
    if (args.at(-1) === ownScratch) args[length - 1] = scratch
    const run = functions[name] as (...args: number[]) => void // SimdName: it gives nothing back
    return () => run(...args)
  }
  return Array.from({ length: numbers[at++] }, () => Array.from({ length: numbers[at++] }, piece))
}
