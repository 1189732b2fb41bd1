/**
 * How a call of our SIMD functions is cut, so that several threads can do a piece each. Every function computes rows, columns, heads or
 * lone numbers that know nothing of each other, and takes each sum in one order, however many of them a call has (assembly/index.ts
 * says so). So a piece is the same call with a smaller count and moved addresses, and what all pieces leave has the bits of the whole.
 * What adds up over its whole range, and what changes a cache, is not cut.
 */
import type { Simd } from '../functions'

/** A function that leaves something in the memory; the others only count bytes. */
export type SimdName = Exclude<keyof Simd, `${string}ScratchBytes`>

export interface SimdCall {
  readonly name: SimdName
  readonly args: readonly number[]
}

/** The calls that `write` makes, which are not done. What only counts bytes is. */
export function writtenDown(functions: Simd, write: (module: Simd) => void): readonly SimdCall[] {
  const calls: SimdCall[] = []
  const entries = Object.entries(functions).map(([name, run]) => [
    name,
    name.endsWith('ScratchBytes')
      ? run
      : (...args: number[]) => void calls.push({ name: name as SimdName, args }),
  ])
  write(Object.fromEntries(entries))
  return calls
}

/** One way to cut a call: so many equal units, of which a piece takes a stretch. */
interface Cut {
  readonly units: number
  /** Pieces begin at multiples of it. */
  readonly grain: number
  /** Multiplications, roughly, that one unit costs. */
  readonly work: number
  piece(from: number, count: number): number[]
}

/** A piece that costs less than this, some microseconds, is not worth another thread's while. */
export const leastWork = 150_000

const bytes = 4

/** Cuts one count among the arguments; `moved` says by how many numbers each address moves with a unit. 0 stands for no operand. */
function along(
  args: readonly number[],
  count: number,
  moved: Readonly<Record<number, number>>,
  { grain = 1, work }: { readonly grain?: number; readonly work: number },
): Cut {
  return {
    units: args[count],
    grain,
    work,
    piece(from, size) {
      const piece = [...args]
      piece[count] = size
      for (const [place, numbers] of Object.entries(moved))
        if (piece[Number(place)] !== 0) piece[Number(place)] += bytes * numbers * from
      return piece
    },
  }
}

/** Numbers one by one, in whole vectors. What an exponential costs stands for all of them. */
const numbers = (args: readonly number[], count: number, addresses: readonly number[]): Cut =>
  along(args, count, Object.fromEntries(addresses.map((place) => [place, 1])), { grain: 16, work: 16 })

/** Rows of a width. */
const rows = (
  args: readonly number[],
  count: number,
  width: number,
  moved: Readonly<Record<number, number>>,
): Cut => along(args, count, moved, { work: 16 * width })

/**
 * Of a product the longer side: cutting rows packs the right factor again for each piece, cutting columns the left one.
 * @param right by how many numbers the right factor moves with a column, and `left` the left one with a row
 */
function product(args: readonly number[], left: number, right: number): Cut {
  const [M, N, K, , , , , , ldy] = args
  const [x, w, y, bias, residual] = [3, 5, 7, 11, 12]
  const isNT = args.length === 14
  return M >= N
    ? along(args, 0, { [x]: left, [y]: ldy, ...(isNT && { [residual]: ldy }) }, { grain: 4, work: N * K })
    : along(
        args,
        1,
        { [w]: right, [y]: 1, ...(isNT && { [bias]: 1, [residual]: 1 }) },
        { grain: 8, work: M * K },
      )
}

/** Heads of keys and values, text by text: a range instead of a count. */
function heads(args: readonly number[], from: number): Cut {
  const [first, end, time, queries, keyValues, width] = args.slice(from)
  const group = queries / keyValues
  return {
    units: end - first,
    grain: 1,
    work: 2 * group * time * time * width,
    piece: (begin, count) => args.with(from, first + begin).with(from + 1, first + begin + count),
  }
}

/** How each function is cut; null where it is not. */
const cuts: { readonly [Name in SimdName]: ((args: readonly number[]) => Cut) | null } = {
  productNT: (args) => product(args, args[4], args[6]),
  productNN: (args) => product(args, args[4], 1),
  productTN: (args) => product(args, 1, 1),
  attention: (args) => heads(args, 4),
  attentionGradient: (args) => heads(args, 6),
  gelu: (args) => numbers(args, 2, [0, 1]),
  geluGradient: (args) => numbers(args, 3, [0, 1, 2]),
  gated: (args) => rows(args, 2, args[3], { 0: 2 * args[3], 1: args[3] }),
  gatedGradient: (args) => rows(args, 3, args[4], { 0: args[4], 1: 2 * args[4], 2: 2 * args[4] }),
  crossEntropy: (args) => rows(args, 5, args[6], { 0: args[1], 2: 1, 3: 1, 4: 1 }),
  embed: (args) => rows(args, 5, args[6], { 0: 1, 1: 1, 4: args[6] }),
  // A row is looked for by its index, where there are indices, and follows the one before otherwise.
  norm: (args) => rows(args, 5, args[6], { 0: args[3] ? 0 : args[6], 3: 1, 4: args[6] }),
  normGradient: (args) =>
    rows(args, 6, args[7], { 0: args[4] ? 0 : args[7], 1: args[7], 3: args[7], 4: 1, 5: args[7] }),
  normOfHeads: (args) =>
    rows(args, 3, rowOfHeads(args, 4), { 0: rowOfHeads(args, 4), 2: rowOfHeads(args, 4) }),
  normOfHeadsGradient: (args) =>
    rows(args, 4, rowOfHeads(args, 5), {
      0: rowOfHeads(args, 5),
      1: rowOfHeads(args, 5),
      3: rowOfHeads(args, 5),
    }),
  adam: (args) => numbers(args, 6, [0, 1, 2, 3]),
  proximal: (args) => numbers(args, 4, [0, 1, 2]),
  sumOfSquares: null,
  weightedSum: null,
  cacheRows: null,
  chooseToken: null,
  cachedAttention: null,
  rowTimesEight: null,
  tileOfFour: null,
}

/** Numbers of a row of queries, keys and values; heads, heads of keys and values, and their width stand from `place` on. */
const rowOfHeads = (args: readonly number[], place: number): number =>
  (args[place] + 2 * args[place + 1]) * args[place + 2]

/** The same call in at most so many pieces that are worth it; in one where it is not cut. Pieces may run in any order, or at once. */
export function piecesOf({ name, args }: SimdCall, most: number): readonly (readonly number[])[] {
  const cut = cuts[name]?.(args)
  if (!cut) return [args]
  const { units, grain, work } = cut
  const count = Math.max(1, Math.min(most, Math.ceil(units / grain), Math.floor((units * work) / leastWork)))
  const each = grain * Math.ceil(units / grain / count)
  return Array.from({ length: Math.max(1, Math.ceil(units / each)) }, (_, index) =>
    cut.piece(index * each, Math.min(each, units - index * each)),
  )
}
