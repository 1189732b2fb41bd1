import { describe, expect, it } from 'vitest'
import type { GpuTraits } from '../kernel'
import { openDawnAdapter } from '../machines/testing'
import { type Program, ProgramBuilder, type WeightFormat } from '../program'
import { exactPlanner, plannerByRule } from '../wgsl/plans'
import { down } from './down'
import { downGradient, upGradient } from './factorGradients'
import { innerGradient } from './innerGradient'
import { linear } from './linear'
import { linearGradient } from './linearGradient'

const [width, wide, vocabulary] = [768, 3072, 50257]
const none = { scale: 0, segments: [], activation: 'none' } as const

/** All products of a block and the head, forward and backward, with adapters of rank 8 on q and v. */
function products(rows: number, format: WeightFormat): Program {
  const p = new ProgramBuilder()
  const segments = [0, 2].map((third, index) => ({
    from: third * width,
    size: width,
    rank: 8,
    bOffset: index * 8 * width,
    uColumn: index * 8,
  }))
  const adapted = { scale: 2, segments }
  const weight = (outSize: number, inSize: number) =>
    p.weight(`${outSize} ${inSize}`, [outSize, inSize], format)
  const x = p.input('x', [rows, width])
  const [a, b] = [p.input('a', [16, width]), p.input('b', [16 * width])]
  const bias = p.weight('bias', [wide])

  const u = down(p, { x, a })
  const { y: qkv } = linear(p, { x, weight: weight(3 * width, width), u, b }, { ...none, ...adapted })
  const { y: middle } = linear(p, { x, weight: weight(width, width), residual: x }, none)
  const { y: active, pre } = linear(
    p,
    { x: middle, weight: weight(wide, width), bias },
    { ...none, activation: 'gelu' },
  )
  const { y } = linear(p, { x: active, weight: weight(width, wide), residual: middle }, none)
  const { y: logits } = linear(p, { x: y, weight: weight(vocabulary, width) }, none)

  const dy = linearGradient(p, { dy: logits, weight: weight(vocabulary, width) }, none)
  const dPre = linearGradient(p, { dy, weight: weight(width, wide), pre }, { activation: 'gelu' })
  linearGradient(p, { dy: dPre, weight: weight(wide, width) }, none)
  const du = innerGradient(p, { dy: qkv, b }, { ...adapted, rank: 16 })
  linearGradient(p, { dy: qkv, weight: weight(3 * width, width), du, a }, none)
  downGradient(p, { du, x }, p.room([16, width]))
  upGradient(p, { dy: qkv, u }, adapted, p.room([16 * width]))
  return p.build('products')
}

describe('the shaders of GPT-2 small', () => {
  it.each([
    ['float32', 1024, plannerByRule],
    ['float16', 1000, plannerByRule],
    ['int8', 16, exactPlanner],
    ['nf4', 1, exactPlanner],
  ] as const)(
    'compile for weights kept as %s and %i rows, within WebGPU’s limits',
    async (format, rows, { planFor }) => {
      const traits: GpuTraits = {
        name: 'test',
        planFor,
        maxWorkgroupStorageBytes: 16384,
        maxInvocations: 256,
      }
      const adapter = await openDawnAdapter()
      const device = await adapter?.requestDevice()
      for (const call of products(rows, format).calls) {
        const { split, ...first } = call.shader(traits)
        for (const { code, bindings, groups } of split ? [first, split.combination] : [first]) {
          expect(bindings.length).toBeLessThanOrEqual(8)
          expect(Math.max(...groups)).toBeLessThanOrEqual(65535)
          const messages = (await device?.createShaderModule({ code }).getCompilationInfo())?.messages ?? []
          expect([...messages].map(({ message }) => message)).toEqual([])
        }
      }
    },
  )
})
