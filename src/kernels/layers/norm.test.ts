import { describe, expect, it } from 'vitest'
import { machines, numericGradient, relativeError, runOn } from '../machines/testing'
import { expectEverywhere, gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { type NormAttributes, norm } from './norm'
import { normGradient } from './normGradient'

const rows = 4
const cases = (['layer', 'rms'] as const).flatMap((kind) => [7, 136].map((width) => ({ kind, width })))
const epsilon = 1e-5

/** The definition in 64 bits. */
function reference(x: Float32Array, gain: Float32Array, offset: Float32Array | null, kind: string): number[] {
  const width = gain.length
  return Array.from({ length: x.length / width }, (_, row) => {
    const numbers = [...x.subarray(row * width, (row + 1) * width)]
    const mean = kind === 'layer' ? numbers.reduce((sum, number) => sum + number, 0) / width : 0
    const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / width
    return numbers.map(
      (number, place) =>
        ((number - mean) / Math.sqrt(variance + epsilon)) * gain[place] + (offset?.[place] ?? 0),
    )
  }).flat()
}

const numbersFor = (width: number) => ({
  x: gaussians(1, rows * width).map((number) => 3 * number + 2),
  gain: gaussians(2, width).map((number) => 1 + number / 4),
  offset: gaussians(3, width),
  dy: gaussians(4, rows * width),
  residual: gaussians(5, rows * width),
})

const operands = (p: ProgramBuilder, width: number) => ({
  x: p.input('x', [rows, width]),
  gain: p.weight('gain', [width]),
})

describe('norm', () => {
  it.each(cases)('is what its definition says: $kind, $width channels', async ({ kind, width }) => {
    const numbers = numbersFor(width)
    const attributes: NormAttributes = { kind, epsilon }
    const { x, gain, offset } = numbers
    await expectEverywhere(
      (p) => {
        const { x, gain } = operands(p, width)
        const both = norm(p, { x, gain, offset: p.weight('offset', [width]) }, attributes)
        return { both, scaled: norm(p, { x, gain }, attributes) }
      },
      numbers,
      { both: reference(x, gain, offset, kind), scaled: reference(x, gain, null, kind) },
    )
  })

  it.each(cases)('computes chosen rows alone: $kind, $width channels', async ({ kind, width }) => {
    const numbers = { ...numbersFor(width), rowIndex: Int32Array.of(2, 0, 2) }
    const all = reference(numbers.x, numbers.gain, null, kind)
    await expectEverywhere(
      (p) => {
        const rowIndex = p.input('rowIndex', [3], 'int32')
        return { y: norm(p, { ...operands(p, width), rowIndex }, { kind, epsilon }) }
      },
      numbers,
      { y: [2, 0, 2].flatMap((row) => all.slice(row * width, (row + 1) * width)) },
    )
  })
})

describe('the gradient of norm', () => {
  it.each(cases)('is the slope of norm: $kind, $width channels', async ({ kind, width }) => {
    const numbers = numbersFor(width)
    const attributes: NormAttributes = { kind, epsilon }
    const cpu = (await machines()).get('cpu')!
    const forward = async (x: Float32Array) =>
      (await runOn(cpu, (p) => ({ y: norm(p, operands(p, width), attributes) }), { ...numbers, x })).y
    const slope = await numericGradient(forward, numbers.x, numbers.dy)
    for (const [name, machine] of await machines()) {
      const build = (p: ProgramBuilder) => ({
        dx: normGradient(p, { dy: p.input('dy', [rows, width]), ...operands(p, width) }, attributes),
      })
      const { dx } = await runOn(machine, build, numbers)
      expect(relativeError(dx, slope), name).toBeLessThan(1e-3)
    }
  })

  it.each(cases)(
    'puts rows in their places, over a residual: $kind, $width channels',
    async ({ kind, width }) => {
      const numbers = { ...numbersFor(width), places: Int32Array.of(1, -1, 0, -1) }
      const { x, gain, dy, residual } = numbers
      const rowOf = (data: Float32Array, row: number) => data.slice(row * width, (row + 1) * width)
      const cpu = (await machines()).get('cpu')!
      const alone = async (row: number, place: number): Promise<number[]> => {
        const build = (p: ProgramBuilder) => ({
          dx: normGradient(
            p,
            { dy: p.input('dy', [1, width]), x: p.input('x', [1, width]), gain: p.weight('gain', [width]) },
            { kind, epsilon },
          ),
        })
        return [...(await runOn(cpu, build, { gain, dy: rowOf(dy, place), x: rowOf(x, row) })).dx]
      }
      const none = new Array<number>(width).fill(0)
      const dx = [...(await alone(0, 1)), ...none, ...(await alone(2, 0)), ...none]
      await expectEverywhere(
        (p) => {
          const places = p.input('places', [rows], 'int32')
          const given = { dy: p.input('dy', [2, width]), ...operands(p, width), places }
          const residual = p.input('residual', [rows, width])
          return {
            bare: normGradient(p, given, { kind, epsilon }),
            both: normGradient(p, { ...given, residual }, { kind, epsilon }),
          }
        },
        { ...numbers, dy: dy.slice(0, 2 * width) },
        { bare: dx, both: dx.map((number, place) => number + residual[place]) },
      )
    },
  )
})
