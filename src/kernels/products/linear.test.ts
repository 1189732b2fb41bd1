import { describe, expect, it } from 'vitest'
import { openGpu } from '../machines/gpu'
import { noGpu, openDawnAdapter, runOn } from '../machines/testing'
import { openWebgpuMachine } from '../machines/webgpu'
import { ProgramBuilder, type WeightFormat } from '../program'
import { exactPlanner } from '../wgsl/plans'
import { linear } from './linear'
import type { Segment } from './segments'
import { expectEverywhere, factorAt, gaussians, keptAs, oddSegments, queriesAndValues, sums } from './testing'

const scale = 0.75
const gelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

interface Layer {
  readonly rows: number
  readonly inSize: number
  readonly outSize: number
  readonly segments: readonly Segment[]
  readonly format: WeightFormat
}

function operandsOf({ rows, inSize, outSize, segments }: Layer) {
  const inner = segments.reduce((sum, { rank }) => sum + rank, 0)
  return {
    inner,
    x: gaussians(1, rows * inSize),
    weight: gaussians(2, outSize * inSize),
    bias: gaussians(3, outSize),
    u: gaussians(4, rows * inner),
    b: gaussians(
      5,
      segments.reduce((sum, { size, rank }) => sum + size * rank, 0),
    ),
    residual: gaussians(6, rows * outSize),
  }
}

/** x Wᵀ + bias + s u Bᵀ [rows, out] */
function expectedOf(layer: Layer): Float64Array {
  const { rows, inSize, outSize, segments, format } = layer
  const { inner, x, weight, bias, u, b } = operandsOf(layer)
  const kept = keptAs(format, weight, outSize, inSize)
  const factor = factorAt(b, segments)
  const frozen = sums(
    [rows, outSize, inSize],
    (row, k) => x[row * inSize + k],
    (k, out) => kept[out * inSize + k],
  )
  const adapted = sums(
    [rows, outSize, inner],
    (row, k) => u[row * inner + k],
    (k, out) => factor(out, k),
  )
  return frozen.map((sum, place) => sum + scale * adapted[place] + bias[place % outSize])
}

function line(
  p: ProgramBuilder,
  layer: Layer,
  {
    activation = 'none',
    withResidual = false,
  }: { activation?: 'none' | 'gelu'; withResidual?: boolean } = {},
) {
  const { rows, inSize, outSize, segments, format } = layer
  const { inner, b } = operandsOf(layer)
  return linear(
    p,
    {
      x: p.input('x', [rows, inSize]),
      weight: p.weight('weight', [outSize, inSize], format),
      bias: p.weight('bias', [outSize]),
      u: inner > 0 ? p.input('u', [rows, inner]) : null,
      b: inner > 0 ? p.input('b', [b.length]) : null,
      residual: withResidual ? p.input('residual', [rows, outSize]) : null,
    },
    { scale, segments, activation },
  )
}

const aligned = { inSize: 36, outSize: 48, segments: queriesAndValues }
const odd = { inSize: 33, outSize: 37, segments: oddSegments }

describe('a linear layer', () => {
  it.each([
    [1, aligned],
    [3, odd],
    [16, { ...aligned, segments: [] }],
    [17, aligned],
    [64, odd],
  ])('of %i rows is x Wᵀ + bias + s u Bᵀ + residual', async (rows, shape) => {
    const layer: Layer = { rows, ...shape, format: 'float32' }
    const { inner: _, ...numbers } = operandsOf(layer)
    const y = expectedOf(layer).map((value, place) => value + numbers.residual[place])
    await expectEverywhere((p) => ({ y: line(p, layer, { withResidual: true }).y }), numbers, { y })
  })

  it.each(['float16', 'int8', 'nf4'] as const)('reads weights kept as %s', async (format) => {
    for (const [inSize, outSize] of [
      [200, 12],
      [131, 5],
    ]) {
      const layer: Layer = { rows: 5, inSize, outSize, segments: [], format }
      const { inner: _, ...numbers } = operandsOf(layer)
      await expectEverywhere((p) => ({ y: line(p, layer).y }), numbers, { y: expectedOf(layer) })
    }
  })

  it('applies GELU and keeps what it was applied to', async () => {
    for (const shape of [aligned, odd]) {
      const layer: Layer = { rows: 7, ...shape, format: 'float32' }
      const { inner: _, ...numbers } = operandsOf(layer)
      const pre = expectedOf(layer)
      const build = (p: ProgramBuilder) => ({ ...line(p, layer, { activation: 'gelu' }) })
      await expectEverywhere(build, numbers, { pre, y: pre.map(gelu) })
    }
  })

  it('fills a wider matrix shard by shard, from one weight', async () => {
    for (const [inSize, shard, format] of [
      [64, 7, 'int8'],
      [128, 5, 'nf4'],
    ] as const) {
      const [rows, outSize] = [3, 2 * shard]
      const weight = gaussians(2, outSize * inSize)
      const x = gaussians(1, rows * inSize)
      const kept = keptAs(format, weight, outSize, inSize)
      const expected = sums(
        [rows, outSize, inSize],
        (row, k) => x[row * inSize + k],
        (k, out) => kept[out * inSize + k],
      )
      await expectEverywhere(
        (p) => {
          const all = p.weight('weight', [outSize, inSize], format)
          const xs = p.input('x', [rows, inSize])
          const attributes = { scale: 0, segments: [], activation: 'none' } as const
          let y = p.state('logits', [rows, outSize])
          for (const firstColumn of [0, shard]) {
            const part = p.rows(all, firstColumn, firstColumn + shard)
            y = linear(p, { x: xs, weight: part, into: y }, { ...attributes, firstColumn }).y
          }
          return { y }
        },
        { x, weight },
        { y: expected },
      )
    }
  })

  it('gives a row the same bits whatever stands beside it, with exact tiles', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const machine = openWebgpuMachine(await openGpu(adapter, 'Dawn', () => exactPlanner))
    const rowsOf = async (rows: number, from: number): Promise<Float32Array> => {
      const layer: Layer = { rows, inSize: 200, outSize: 48, segments: queriesAndValues, format: 'int8' }
      const { inner: _, ...numbers } = operandsOf({ ...layer, rows: 20 })
      const shifted = {
        ...numbers,
        x: numbers.x.slice(from * 200, (from + rows) * 200),
        u: numbers.u.slice(from * 12, (from + rows) * 12),
      }
      const { y } = await runOn(machine, (p) => ({ y: line(p, layer).y }), shifted)
      return y
    }
    const all = await rowsOf(20, 0)
    for (const [rows, from] of [
      [1, 0],
      [1, 19],
      [17, 2],
    ])
      expect(await rowsOf(rows, from)).toEqual(all.slice(from * 48, (from + rows) * 48))
  })

  it('refuses shapes that do not fit, in words', () => {
    const p = new ProgramBuilder()
    const x = p.input('x', [2, 8])
    const attributes = { scale: 1, segments: [], activation: 'none' } as const
    expect(() => linear(p, { x, weight: p.weight('narrow', [4, 7]) }, attributes)).toThrow(/7 inputs/)
    const segments = [{ from: 2, size: 4, rank: 2, bOffset: 0, uColumn: 0 }]
    const weight = p.weight('weight', [4, 8])
    expect(() => linear(p, { x, weight }, { ...attributes, segments })).toThrow(/u and b/)
    const adapter = { u: p.input('u', [2, 2]), b: p.input('b', [8]) }
    expect(() => linear(p, { x, weight, ...adapter }, { ...attributes, segments })).toThrow(/do not fit/)
  })
})
