import { describe, expect, it } from 'vitest'
import type { ProductLayout, ProductPlan, ProductSize } from '../../kernel'
import { linear } from '../../products/linear'
import { linearGradient } from '../../products/linearGradient'
import { ProgramBuilder, type WeightFormat } from '../../program'
import { exactPlanner, plannerByRule, planWith, productsOf } from '../plans'
import { productShader } from '../productShader'
import { plainProduct } from '../trial'
import { halfFeatures, halvedPlans, isPossible, nameOfOffered, noHalves, offeredHalves } from './candidates'

const product: ProductSize = {
  layout: 'NT',
  rows: 1024,
  columns: 2304,
  depth: 768,
  layers: 1,
  mayRound: true,
}
const limits = { maxWorkgroupStorageBytes: 16384, maxInvocations: 256 }
const units = {
  apple: { rows: 8, columns: 8, depth: 8, subgroup: 32 },
  nvidia: { rows: 16, columns: 8, depth: 16, subgroup: 32 },
  square: { rows: 16, columns: 16, depth: 16, subgroup: 32 },
} as const
const configuration = (
  M: number,
  N: number,
  K: number,
  componentType = 'f16',
  resultComponentType = 'f32',
) => ({
  M,
  N,
  K,
  componentType,
  resultComponentType,
})
const info = {
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
  subgroupMatrixConfigs: [
    configuration(16, 8, 16),
    configuration(16, 8, 16, 'f16', 'f16'),
    configuration(8, 8, 8, 'f32'),
    configuration(16, 16, 32, 'i8', 'i32'),
    configuration(16, 16, 16),
  ],
}
const plansFor = (offered: Parameters<typeof halvedPlans>[1], size = product): ProductPlan[] =>
  halvedPlans(size, offered, limits, (tile) => planWith(tile, size))
const traits = { name: 'test', planFor: plannerByRule.planFor, ...limits }

describe('what a device offers in float16', () => {
  it('are matrices of float16 whose sums are float32, and no others', () => {
    expect(offeredHalves(new Set(halfFeatures), info)).toEqual({
      numbers: true,
      units: [units.nvidia, units.square],
    })
  })

  it('are numbers alone where there is no flag, or subgroups vary in size', () => {
    const alone = { numbers: true, units: [] }
    expect(offeredHalves(new Set(['shader-f16', 'subgroups']), info)).toEqual(alone)
    expect(offeredHalves(new Set(halfFeatures), { ...info, subgroupMinSize: 16 })).toEqual(alone)
    expect(offeredHalves(new Set(halfFeatures), {})).toEqual(alone)
  })

  it('is nothing without float16 in shaders', () => {
    expect(offeredHalves(new Set(halfFeatures.slice(1)), info)).toEqual(noHalves)
  })

  it('has a name by which kept plans are told apart', () => {
    const names = [noHalves, { numbers: true, units: [] }, { numbers: true, units: [units.apple] }].map(
      nameOfOffered,
    )
    expect(names).toEqual(['float32 alone', 'float16', 'float16, matrices 8 x 8 x 8 of 32'])
  })
})

describe('plans in float16', () => {
  it('are tried only where factors may be rounded, and on a device that has them', () => {
    const offered = { numbers: true, units: [units.square] }
    const kinds = plansFor(offered).map(({ halves }) => halves?.kind)
    expect(new Set(kinds)).toEqual(new Set(['numbers', 'matrices']))
    expect(plansFor(noHalves)).toEqual([])
    expect(plansFor(offered, { ...product, mayRound: false })).toEqual([])
  })

  it.each(Object.entries(units))('have whole units in every tile, within WebGPU’s limits: %s', (_, unit) => {
    const matrices = plansFor({ numbers: true, units: [unit] }).filter(
      ({ halves }) => halves?.kind === 'matrices',
    )
    expect(matrices.length).toBeGreaterThan(0)
    for (const plan of matrices) {
      const dispatch = productShader(plainProduct(product), { planFor: () => plan })
      const invocations = Number(/@workgroup_size\((\d+)\)/.exec(dispatch.code)![1])
      expect(invocations).toBeLessThanOrEqual(256)
      expect(invocations % unit.subgroup).toBe(0)
      const memory = [...dispatch.code.matchAll(/var<workgroup> \w+: array<(f16|f32), (\d+)>/g)]
      const bytes = memory.reduce((sum, [, type, count]) => sum + (type === 'f16' ? 2 : 4) * Number(count), 0)
      expect(memory).toHaveLength(3)
      expect(bytes).toBeLessThanOrEqual(16384)
    }
  })

  it('that were kept from another device are not taken over', () => {
    const [kept] = plansFor({ numbers: true, units: [units.nvidia] }).filter(
      ({ halves }) => halves?.kind === 'matrices',
    )
    expect(isPossible(kept, product, { numbers: true, units: [units.nvidia] }, limits)).toBe(true)
    expect(isPossible(kept, product, { numbers: true, units: [units.square] }, limits)).toBe(false)
    expect(
      isPossible(kept, { ...product, mayRound: false }, { numbers: true, units: [units.nvidia] }, limits),
    ).toBe(false)
  })

  it.each([
    ['NN', 'row_major', 'row_major'],
    ['NT', 'row_major', 'col_major'],
    ['TN', 'col_major', 'row_major'],
  ] as const)('load matrices as operands lie, turning nothing: %s', (layout: ProductLayout, left, right) => {
    const plan = plansFor({ numbers: true, units: [units.nvidia] }).at(-1)!
    const { code } = productShader(plainProduct({ ...product, layout }), { planFor: () => plan })
    expect(code).toContain(`subgroup_matrix_left<f16, 16, 16>, ${left}>(&lefts`)
    expect(code).toContain(`subgroup_matrix_right<f16, 8, 16>, ${right}>(&rights`)
    expect(code).toContain('subgroup_matrix_result<f32, 8, 16>()')
    expect(code).not.toContain('transpose')
  })
})

describe('which products may be rounded', () => {
  const sizes = (format: WeightFormat): readonly ProductSize[] => {
    const p = new ProgramBuilder()
    const weight = p.weight('w', [96, 64], format)
    const { y } = linear(
      p,
      { x: p.input('x', [32, 64]), weight },
      { scale: 0, segments: [], activation: 'none' },
    )
    linearGradient(p, { dy: y, weight }, { activation: 'none' })
    return productsOf(p.build('test'), traits)
  }

  it('are forward ones with weights of fewer than 32 bits; never gradients', () => {
    const rounded = (format: WeightFormat) => sizes(format).map(({ mayRound = false }) => mayRound)
    expect(rounded('float32')).toEqual([false, false])
    for (const format of ['float16', 'int8', 'nf4'] as const) expect(rounded(format)).toEqual([true, false])
  })

  it('are none of exact programs, and none by rule', () => {
    for (const { planFor } of [exactPlanner, plannerByRule])
      expect(planFor(product)).not.toHaveProperty('halves')
  })
})

describe('a weight kept as float16', () => {
  const codeFor = (inSize: number, plan: ProductPlan): string => {
    const p = new ProgramBuilder()
    const weight = p.weight('w', [96, inSize], 'float16')
    linear(p, { x: p.input('x', [32, inSize]), weight }, { scale: 0, segments: [], activation: 'none' })
    return p.build('test').calls[0].shader({ ...traits, planFor: () => plan }).code
  }
  const [halved] = plansFor({ numbers: true, units: [] })

  it('is read as it lies by shaders of float16, and unpacked by all others', () => {
    expect(codeFor(64, halved)).toContain('weight: array<vec4h>')
    expect(codeFor(64, halved)).not.toContain('unpack2x16float')
    const plain = codeFor(64, plannerByRule.planFor(product))
    expect(plain).toContain('unpack2x16float')
    expect(plain).not.toContain('f16;')
  })

  it('is unpacked and rounded again, to the same numbers, where its rows are no whole fours', () => {
    expect(codeFor(62, halved)).toContain('unpack2x16float')
    expect(codeFor(62, halved)).toContain('fn readWeightHalves')
  })
})
