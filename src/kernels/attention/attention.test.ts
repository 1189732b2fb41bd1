import { describe, expect, it } from 'vitest'
import { machines, numericGradient, relativeError, runOn } from '../machines/testing'
import { expectEverywhere } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { attention } from './attention'
import { attentionKeyValueGradient, attentionQueryGradient } from './attentionGradient'
import type { AttentionShape } from './heads'
import { context, describeShape, numbersFor, reference } from './testing'

const shapeOf = (
  [batch, time]: [number, number],
  [heads, keyValueHeads, headWidth]: [number, number, number],
): AttentionShape => ({ batch, time, heads, keyValueHeads, headWidth })

const grouped = shapeOf([1, 17], [4, 2, 8])
const large = shapeOf([2, 33], [4, 2, 32])
const cases = [
  { shape: shapeOf([1, 1], [1, 1, 8]), isRotated: false },
  { shape: shapeOf([1, 3], [2, 1, 6]), isRotated: false },
  { shape: shapeOf([2, 5], [3, 3, 20]), isRotated: true },
  { shape: grouped, isRotated: true },
  { shape: large, isRotated: true },
  { shape: shapeOf([1, 35], [1, 1, 64]), isRotated: false },
  { shape: shapeOf([1, 34], [1, 1, 128]), isRotated: true },
].map((given) => ({ ...given, name: describeShape(given.shape) }))

/** A slope costs two runs for each number, so these are small: one position, groups, several heads and sequences. */
const slopes = [
  { shape: shapeOf([1, 1], [1, 1, 4]), isRotated: false },
  { shape: shapeOf([1, 5], [2, 1, 6]), isRotated: true },
  { shape: shapeOf([2, 3], [2, 2, 4]), isRotated: false },
].map((given) => ({ ...given, name: describeShape(given.shape) }))

/** qkv as an input and the rotation table, if there is one. */
function operands(p: ProgramBuilder, shape: AttentionShape, isRotated: boolean) {
  const { batch, time, heads, keyValueHeads, headWidth } = shape
  const qkv = p.input('qkv', [batch * time, (heads + 2 * keyValueHeads) * headWidth])
  return { qkv, rope: isRotated ? p.weight('rope', [context, headWidth]) : null }
}

const gradients = (shape: AttentionShape, isRotated: boolean) => (p: ProgramBuilder) => {
  const { qkv, rope } = operands(p, shape, isRotated)
  const { out, logSumExp } = attention(p, { qkv, rope }, shape)
  const dOut = p.input('dOut', out.shape)
  const { dQkv, rowDots } = attentionQueryGradient(p, { dOut, qkv, out, logSumExp, rope }, shape)
  return { dQkv: attentionKeyValueGradient(p, { dOut, qkv, logSumExp, rowDots, dQkv, rope }, shape) }
}

describe('attention', () => {
  it.each(cases)('is what its definition says: $name, rotated: $isRotated', async ({ shape, isRotated }) => {
    const numbers = numbersFor(shape)
    const expected = reference(numbers.qkv, isRotated ? numbers.rope : null, shape)
    await expectEverywhere((p) => attention(p, operands(p, shape, isRotated), shape), numbers, expected)
  })

  it('survives scores whose exponentials no float holds', async () => {
    const qkv = numbersFor(large).qkv.map((number) => 10 * number)
    const expected = reference(qkv, null, large)
    await expectEverywhere((p) => attention(p, operands(p, large, false), large), { qkv }, expected, 1e-4)
  })

  it('refuses rows that are not these heads', () => {
    const wrong = shapeOf([1, 1], [2, 1, 8])
    const build = async () =>
      runOn((await machines()).get('cpu')!, (p) => attention(p, { qkv: p.input('qkv', [1, 24]) }, wrong), {})
    return expect(build()).rejects.toThrow('24 columns are not 4 heads of 8 channels')
  })
})

describe('the gradients of attention', () => {
  it.each(slopes)(
    'are the slope of its composite: $name, rotated: $isRotated',
    async ({ shape, isRotated }) => {
      const numbers = numbersFor(shape)
      const cpu = (await machines()).get('cpu')!
      const build = (p: ProgramBuilder) => attention(p, operands(p, shape, isRotated), shape)
      const forward = async (qkv: Float32Array) => (await runOn(cpu, build, { ...numbers, qkv })).out
      const slope = await numericGradient(forward, numbers.qkv, numbers.dOut)
      const { dQkv } = await runOn(cpu, gradients(shape, isRotated), numbers)
      expect(relativeError(dQkv, slope)).toBeLessThan(1e-3)
    },
  )

  it.each(cases)('are the same everywhere: $name, rotated: $isRotated', async ({ shape, isRotated }) => {
    const numbers = numbersFor(shape)
    const build = gradients(shape, isRotated)
    const expected = await runOn((await machines()).get('cpu')!, build, numbers)
    await expectEverywhere(build, numbers, expected, 2e-5)
  })

  it('come with what the second kernel needs of the first', async () => {
    const { time, heads, headWidth } = grouped
    const numbers = numbersFor(grouped)
    const { out } = reference(numbers.qkv, null, grouped)
    const rowDots = Array.from({ length: out.length / headWidth }, (_, block) => {
      const from = block * headWidth
      return out
        .slice(from, from + headWidth)
        .reduce((sum, number, channel) => sum + number * numbers.dOut[from + channel], 0)
    })
    for (const [name, machine] of await machines()) {
      if (name === 'wasm') continue // does both in one walk
      const results = await runOn(
        machine,
        (p) => {
          const { qkv } = operands(p, grouped, false)
          const { out, logSumExp } = attention(p, { qkv }, grouped)
          const dOut = p.input('dOut', out.shape)
          return attentionQueryGradient(p, { dOut, qkv, out, logSumExp }, grouped)
        },
        numbers,
      )
      expect(results.rowDots.length).toBe(time * heads)
      expect(relativeError(results.rowDots, rowDots), name).toBeLessThan(1e-5)
    }
  })
})
