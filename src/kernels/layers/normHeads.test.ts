import { describe, expect, it } from 'vitest'
import { blocksOf, type HeadShape } from '../attention/heads'
import { expectEverywhere, gaussians } from '../products/testing'
import { ProgramBuilder } from '../program'
import { type NormAttributes, norm } from './norm'
import { normGradient } from './normGradient'

const epsilon = 1e-5
const rows = 3
/** Also rows without queries, as layers keep them that a token skips, and heads that four does not divide. */
const shapes: readonly HeadShape[] = [
  { heads: 4, keyValueHeads: 2, headWidth: 8 },
  { heads: 3, keyValueHeads: 1, headWidth: 6 },
  { heads: 0, keyValueHeads: 2, headWidth: 8 },
  { heads: 2, keyValueHeads: 2, headWidth: 128 },
]
const attributesOf = (heads: HeadShape): NormAttributes => ({ kind: 'rms', epsilon, heads })

const numbersFor = (shape: HeadShape) => {
  const size = rows * blocksOf(shape) * shape.headWidth
  return {
    x: gaussians(1, size).map((number) => 3 * number + 1),
    gain: gaussians(2, 2 * shape.headWidth).map((number) => 1 + number / 4),
    dy: gaussians(3, size),
  }
}
const operands = (p: ProgramBuilder, shape: HeadShape, columns = blocksOf(shape) * shape.headWidth) => ({
  x: p.input('x', [rows, columns]),
  gain: p.weight('gain', [2 * shape.headWidth]),
})

/** What becomes of a head, in 64 bits; null: one of values. */
function headOf(numbers: readonly number[], gain: Float32Array | null): readonly number[] {
  if (!gain) return numbers
  const squares = numbers.reduce((sum, number) => sum + number ** 2, 0)
  return numbers.map((number, at) => (number / Math.sqrt(squares / numbers.length + epsilon)) * gain[at])
}

/** `compute` for each head of all rows. */
function eachHead(
  { x, gain, dy }: ReturnType<typeof numbersFor>,
  shape: HeadShape,
  compute: (numbers: number[], gain: Float32Array | null, dy: Float32Array) => readonly number[],
): number[] {
  const { heads, keyValueHeads, headWidth } = shape
  return Array.from({ length: x.length / headWidth }, (_, place) => {
    const [block, from] = [place % blocksOf(shape), place * headWidth]
    const own = block < heads ? gain.subarray(0, headWidth) : gain.subarray(headWidth)
    const numbers = [...x.subarray(from, from + headWidth)]
    return compute(numbers, block < heads + keyValueHeads ? own : null, dy.subarray(from, from + headWidth))
  }).flat()
}

/** By central differences. */
const slopeOf = (numbers: readonly number[], gain: Float32Array | null, dy: Float32Array): number[] =>
  numbers.map((_, moved) => {
    const [up, down] = [1e-4, -1e-4].map((by) =>
      headOf(
        numbers.map((number, at) => (at === moved ? number + by : number)),
        gain,
      ),
    )
    return dy.reduce((sum, weight, at) => sum + (weight * (up[at] - down[at])) / 2e-4, 0)
  })

describe.each(shapes)('heads ($heads of queries, $keyValueHeads of keys, $headWidth wide)', (shape) => {
  const numbers = numbersFor(shape)
  const attributes = attributesOf(shape)

  it('are normalised each by itself, with the gain of its kind, and values stay', async () => {
    const y = eachHead(numbers, shape, headOf)
    await expectEverywhere((p) => ({ y: norm(p, operands(p, shape), attributes) }), numbers, { y })
  })

  it('have the slope of that as their gradient', async () => {
    const build = (p: ProgramBuilder) => {
      const { x, gain } = operands(p, shape)
      return { dx: normGradient(p, { dy: p.input('dy', x.shape), x, gain }, attributes) }
    }
    await expectEverywhere(build, numbers, { dx: eachHead(numbers, shape, slopeOf) })
  })
})

describe('a split of rows into heads', () => {
  const [shape] = shapes
  const attributes = attributesOf(shape)
  it.each<[string, (p: ProgramBuilder) => unknown, RegExp]>([
    [
      'rows of another width',
      (p) => norm(p, operands(p, shape, 63), attributes),
      /63 columns are not 8 heads of 8/,
    ],
    [
      'one gain for both',
      (p) => norm(p, { ...operands(p, shape), gain: p.weight('one', [8]) }, attributes),
      /8 gains are not those of queries and keys of 8/,
    ],
    [
      'a norm of layers',
      (p) => norm(p, operands(p, shape), { ...attributes, kind: 'layer' }),
      /by an RMS norm of all rows/,
    ],
    [
      'chosen rows',
      (p) => norm(p, { ...operands(p, shape), rowIndex: p.input('i', [1], 'int32') }, attributes),
      /by an RMS norm of all rows/,
    ],
    [
      'a residual',
      (p) => {
        const { x, gain } = operands(p, shape)
        return normGradient(p, { dy: x, x, gain, residual: x }, attributes)
      },
      /by an RMS norm of all rows/,
    ],
  ])('is refused for %s', (_, build, message) => {
    expect(() => build(new ProgramBuilder())).toThrow(RangeError)
    expect(() => build(new ProgramBuilder())).toThrow(message)
  })
})
