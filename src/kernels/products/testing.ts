/** For tests of products: seeded operands, plain loops in 64 bits, and one program asked of all machines. */
import { expect } from 'vitest'
import { random } from '../../lib/rng'
import type { Inputs } from '../machines/machine'
import { machines, relativeError, runOn } from '../machines/testing'
import { packMatrix, unpackMatrix } from '../packing'
import type { ProgramBuilder, Value, WeightFormat } from '../program'
import type { Segment } from './segments'

/** Normal numbers that depend on the seed and their count alone. */
export const gaussians = (seed: number, size: number): Float32Array =>
  Float32Array.from({ length: size }, random(seed, size).gaussian)

/** The numbers that a format keeps of a matrix. */
export const keptAs = (
  format: WeightFormat,
  data: Float32Array,
  rows: number,
  columns: number,
): Float32Array =>
  format === 'float32' ? data : unpackMatrix(packMatrix(data, rows, columns, format), rows, columns, format)

/** Σ_k left(row, k) right(k, column) for all rows and columns, in 64 bits. */
export function sums(
  [rows, columns, depth]: readonly [number, number, number],
  left: (row: number, k: number) => number,
  right: (k: number, column: number) => number,
): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let k = 0; k < depth; k++) sum += left(row, k) * right(k, column)
    return sum
  })
}

/** A fused layer of three times 16 outputs, adapted in its first and last third, with different ranks. */
export const queriesAndValues: readonly Segment[] = [
  { from: 0, size: 16, rank: 4, bOffset: 0, uColumn: 0 },
  { from: 32, size: 16, rank: 8, bOffset: 64, uColumn: 4 },
]

/** The same with nothing divisible by four: 37 outputs. */
export const oddSegments: readonly Segment[] = [
  { from: 1, size: 15, rank: 3, bOffset: 0, uColumn: 0 },
  { from: 22, size: 13, rank: 6, bOffset: 45, uColumn: 3 },
]

/** B of all segments as one matrix: the number at (output, inner column). */
export function factorAt(b: Float32Array, segments: readonly Segment[]) {
  return (output: number, inner: number): number => {
    const segment = segments.find(
      ({ from, size, rank, uColumn }) =>
        output >= from && output < from + size && inner >= uColumn && inner < uColumn + rank,
    )
    if (!segment) return 0
    const { from, rank, bOffset, uColumn } = segment
    return b[bOffset + (output - from) * rank + inner - uColumn]
  }
}

/** Expects the same results from every machine of this computer. */
export async function expectEverywhere(
  build: (program: ProgramBuilder) => Readonly<Record<string, Value | null>>,
  inputs: Inputs,
  expected: Readonly<Record<string, ArrayLike<number>>>,
  tolerance = 1e-5,
): Promise<void> {
  for (const [name, machine] of await machines()) {
    const results = await runOn(machine, build, inputs)
    for (const [result, numbers] of Object.entries(expected))
      expect(relativeError(results[result], numbers), `${result} on ${name}`).toBeLessThan(tolerance)
  }
}
