/** The products of the backward pass: each against plain loops, and together against central differences. */
import { describe, expect, it } from 'vitest'
import { machines, noGpu, numericGradient, relativeError, runOn } from '../machines/testing'
import type { ProgramBuilder, WeightFormat } from '../program'
import { down } from './down'
import { downGradient, upGradient } from './factorGradients'
import { innerGradient } from './innerGradient'
import { linear } from './linear'
import { linearGradient } from './linearGradient'
import { expectEverywhere, factorAt, gaussians, keptAs, oddSegments, queriesAndValues, sums } from './testing'

const scale = 0.75
const shapes = [
  { rows: 17, inSize: 36, outSize: 48, segments: queriesAndValues, inner: 12, bSize: 192 },
  { rows: 5, inSize: 33, outSize: 37, segments: oddSegments, inner: 9, bSize: 123 },
]

describe.each(shapes)('for $rows rows of a layer of $inSize inputs and $outSize outputs', (shape) => {
  const { rows, inSize, outSize, segments, inner, bSize } = shape
  const x = gaussians(1, rows * inSize)
  const a = gaussians(2, inner * inSize)
  const b = gaussians(3, bSize)
  const dy = gaussians(4, rows * outSize)
  const u = gaussians(5, rows * inner)
  const factor = factorAt(b, segments)

  it('down is x Aᵀ', async () => {
    const expected = sums(
      [rows, inner, inSize],
      (row, k) => x[row * inSize + k],
      (k, r) => a[r * inSize + k],
    )
    const build = (p: ProgramBuilder) => ({
      u: down(p, { x: p.input('x', [rows, inSize]), a: p.input('a', [inner, inSize]) }),
    })
    await expectEverywhere(build, { x, a }, { u: expected })
  })

  it('innerGradient is s dy B of every segment', async () => {
    const expected = sums(
      [rows, inner, outSize],
      (row, k) => scale * dy[row * outSize + k],
      (k, r) => factor(k, r),
    )
    const build = (p: ProgramBuilder) => ({
      du: innerGradient(
        p,
        { dy: p.input('dy', [rows, outSize]), b: p.input('b', [bSize]) },
        { scale, segments, rank: inner },
      ),
    })
    await expectEverywhere(build, { dy, b }, { du: expected })
  })

  it('downGradient is duᵀ x, written into a part', async () => {
    const expected = sums(
      [inner, inSize, rows],
      (r, row) => u[row * inner + r],
      (row, k) => x[row * inSize + k],
    )
    const build = (p: ProgramBuilder) => {
      const dA = p.part(p.state('gradient', [1024]), 64, [inner, inSize])
      downGradient(p, { du: p.input('u', [rows, inner]), x: p.input('x', [rows, inSize]) }, dA)
      return { dA }
    }
    await expectEverywhere(build, { u, x }, { dA: expected })
  })

  it('upGradient is s dyᵀ u of every segment, end to end', async () => {
    const full = sums(
      [outSize, inner, rows],
      (output, row) => scale * dy[row * outSize + output],
      (row, r) => u[row * inner + r],
    )
    const expected = segments.flatMap(({ from, size, rank, uColumn }) =>
      Array.from({ length: size * rank }, (_, place) => {
        const output = from + Math.floor(place / rank)
        return full[output * inner + uColumn + (place % rank)]
      }),
    )
    const build = (p: ProgramBuilder) => {
      const dB = p.part(p.state('gradient', [1024]), 128, [bSize])
      upGradient(
        p,
        { dy: p.input('dy', [rows, outSize]), u: p.input('u', [rows, inner]) },
        { scale, segments },
        dB,
      )
      return { dB }
    }
    await expectEverywhere(build, { dy, u }, { dB: expected })
  })
})

describe('linearGradient', () => {
  it.each([
    ['float32', 17, 40, 36],
    ['float16', 3, 33, 37],
    ['int8', 64, 20, 48],
    ['nf4', 1, 37, 130],
    ['nf4', 16, 16, 192],
  ] as const)(
    'is dy W for a weight kept as %s: %i rows, %i outputs, %i inputs',
    async (format, rows, outSize, inSize) => {
      const dy = gaussians(1, rows * outSize)
      const weight = gaussians(2, outSize * inSize)
      const kept = keptAs(format, weight, outSize, inSize)
      const dx = sums(
        [rows, inSize, outSize],
        (row, k) => dy[row * outSize + k],
        (k, column) => kept[k * inSize + column],
      )
      const build = (p: ProgramBuilder) => ({
        dx: linearGradient(
          p,
          { dy: p.input('dy', [rows, outSize]), weight: p.weight('weight', [outSize, inSize], format) },
          { activation: 'none' },
        ),
      })
      await expectEverywhere(build, { dy, weight }, { dx })
    },
  )

  it.each(['float32', 'nf4'] as const)(
    'adds up over the shards of a %s vocabulary',
    async (format: WeightFormat) => {
      const [rows, shard, inSize] = [3, 12, 64]
      const outSize = 2 * shard
      const dy = gaussians(1, rows * outSize)
      const weight = gaussians(2, outSize * inSize)
      const kept = keptAs(format, weight, outSize, inSize)
      const expected = sums(
        [rows, inSize, outSize],
        (row, k) => dy[row * outSize + k],
        (k, column) => kept[k * inSize + column],
      )
      const build = (p: ProgramBuilder) => {
        const [whole, all] = [p.input('dy', [rows, outSize]), p.weight('weight', [outSize, inSize], format)]
        const of = (firstColumn: number) => ({
          dy: whole,
          weight: p.rows(all, firstColumn, firstColumn + shard),
        })
        const first = linearGradient(p, of(0), { activation: 'none', firstColumn: 0 })
        const dx = linearGradient(
          p,
          { ...of(shard), into: first },
          { activation: 'none', firstColumn: shard },
        )
        return { dx }
      }
      await expectEverywhere(build, { dy, weight }, { dx: expected })
    },
  )

  it.each(shapes)(
    'and the factors agree with differences, behind GELU: $inSize to $outSize',
    async (shape) => {
      const { rows, inSize, outSize, segments, inner, bSize } = shape
      const numbers = {
        pre: gaussians(1, rows * inSize),
        identity: Float32Array.from({ length: inSize ** 2 }, (_, place) =>
          place % (inSize + 1) === 0 ? 1 : 0,
        ),
        weight: gaussians(2, outSize * inSize).map((value) => value / 8),
        a: gaussians(3, inner * inSize).map((value) => value / 8),
        b: gaussians(4, bSize).map((value) => value / 4),
        dy: gaussians(5, rows * outSize),
      }
      const operands = (p: ProgramBuilder) => ({
        pre: p.input('pre', [rows, inSize]),
        weight: p.weight('weight', [outSize, inSize]),
        a: p.input('a', [inner, inSize]),
        b: p.input('b', [bSize]),
      })
      /** linear(gelu(pre)) with its adapter. */
      const forward = (p: ProgramBuilder) => {
        const { pre, weight, a, b } = operands(p)
        const identity = p.weight('identity', [inSize, inSize])
        const none = { scale, segments: [], activation: 'none' } as const
        const { y: x } = linear(p, { x: pre, weight: identity }, { ...none, activation: 'gelu' })
        const u = down(p, { x, a })
        return { x, u, y: linear(p, { x, weight, u, b }, { ...none, segments }).y }
      }
      const backward = (p: ProgramBuilder) => {
        const { pre, weight, a, b } = operands(p)
        const { x, u } = forward(p)
        const dy = p.input('dy', [rows, outSize])
        const du = innerGradient(p, { dy, b }, { scale, segments, rank: inner })
        const dx = linearGradient(p, { dy, weight, du, a, pre }, { activation: 'gelu' })
        const [dA, dB] = [p.room([inner, inSize]), p.room([bSize])]
        downGradient(p, { du, x }, dA)
        upGradient(p, { dy, u }, { scale, segments }, dB)
        return { dx, dA, dB }
      }
      const cpu = (await machines()).get('cpu')!
      const differences = (name: 'pre' | 'a' | 'b') =>
        numericGradient(
          async (moved) => (await runOn(cpu, (p) => ({ y: forward(p).y }), { ...numbers, [name]: moved })).y,
          numbers[name],
          numbers.dy,
        )
      const expected = {
        dx: await differences('pre'),
        dA: await differences('a'),
        dB: await differences('b'),
      }
      await expectEverywhere(backward, numbers, expected, 1e-3)
    },
  )

  it.each([12, 9])('goes back through gated SiLU of %i inner columns', async (inner) => {
    const [rows, outSize] = [5, 20]
    const gateUp = gaussians(1, rows * 2 * inner)
    const weight = gaussians(2, outSize * inner)
    const dy = gaussians(3, rows * outSize)
    const hidden = (of: Float32Array): Float32Array =>
      Float32Array.from({ length: rows * inner }, (_, place) => {
        const begin = Math.floor(place / inner) * 2 * inner + (place % inner)
        return (of[begin] / (1 + Math.exp(-of[begin]))) * of[begin + inner]
      })
    const objective = async (moved: Float32Array): Promise<Float32Array> => {
      const x = hidden(moved)
      return Float32Array.from(
        sums(
          [rows, outSize, inner],
          (row, k) => x[row * inner + k],
          (k, output) => weight[output * inner + k],
        ),
      )
    }
    const build = (p: ProgramBuilder) => ({
      dx: linearGradient(
        p,
        {
          dy: p.input('dy', [rows, outSize]),
          weight: p.weight('weight', [outSize, inner]),
          pre: p.input('gateUp', [rows, 2 * inner]),
        },
        { activation: 'gated' },
      ),
    })
    const dx = await numericGradient(objective, gateUp, dy)
    await expectEverywhere(build, { gateUp, weight, dy }, { dx }, 1e-3)
  })

  it('repeats bit for bit', async ({ skip }) => {
    const machine = (await machines()).get('webgpu')
    if (!machine) return skip(noGpu)
    const [dy, u] = [gaussians(1, 64 * 48), gaussians(2, 64 * 12)]
    const build = (p: ProgramBuilder) => {
      const dB = p.room([192])
      const attributes = { scale, segments: queriesAndValues }
      upGradient(p, { dy: p.input('dy', [64, 48]), u: p.input('u', [64, 12]) }, attributes, dB)
      return { dB }
    }
    const first = await runOn(machine, build, { dy, u })
    expect(await runOn(machine, build, { dy, u })).toEqual(first)
    expect(relativeError(first.dB, new Float32Array(192))).toBeGreaterThan(0)
  })
})
