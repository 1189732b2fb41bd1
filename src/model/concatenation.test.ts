import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatenated, concatenatedBytes, configOfAll, measuredAdapter } from './concatenation'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from './safetensors'

const [a, b] = ['h.0.lora_A.weight', 'h.0.lora_B.weight']

const adapterOf = (inSize: number, outSize: number, rank: number, numbers: readonly number[]): TensorMap => {
  const from = (offset: number, size: number) =>
    Float32Array.from({ length: size }, (_, index) => numbers[(offset + index) % numbers.length])
  return new Map([
    [a, { shape: [rank, inSize], data: from(0, rank * inSize) }],
    [b, { shape: [outSize, rank], data: from(3, outSize * rank) }],
  ])
}

/** B A [out, in]. */
function product(tensors: TensorMap): number[][] {
  const [{ shape: shapeA, data: dataA }, { shape: shapeB, data: dataB }] = [tensors.get(a)!, tensors.get(b)!]
  const [rank, inSize] = shapeA
  return Array.from({ length: shapeB[0] }, (_, row) =>
    Array.from({ length: inSize }, (_, column) => {
      let sum = 0
      for (let at = 0; at < rank; at++) sum += dataB[row * rank + at] * dataA[at * inSize + column]
      return sum
    }),
  )
}

const number = fc.float({ min: -2, max: 2, noNaN: true })
const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))

describe('O10 adapters concatenated by rank', () => {
  it('compute the weighted sum of what each computes', () => {
    const parts = sizes.chain(([inSize, outSize]) =>
      fc.array(
        fc.record({
          tensors: fc
            .tuple(fc.integer({ min: 1, max: 4 }), fc.array(number, { minLength: 7, maxLength: 30 }))
            .map(([rank, numbers]) => adapterOf(inSize, outSize, rank, numbers)),
          scale: fc.constantFrom(0.5, 1, 2),
          weight: fc.float({ min: -1.5, max: 1.5, noNaN: true }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    )
    fc.assert(
      fc.property(parts, (all) => {
        const whole = product(concatenated(all, 2))
        const each = all.map(({ tensors }) => product(tensors))
        for (const [row, columns] of whole.entries())
          for (const [column, computed] of columns.entries()) {
            const wanted = all.reduce(
              (sum, { scale, weight }, index) => sum + weight * scale * each[index][row][column],
              0,
            )
            expect(Math.abs(2 * computed - wanted)).toBeLessThan(1e-5 * (1 + Math.abs(wanted)))
          }
      }),
    )
  })

  it('are not their factors summed apart', () => {
    const one = (first: number, second: number): TensorMap =>
      new Map([
        [a, { shape: [1, 1], data: Float32Array.of(first) }],
        [b, { shape: [1, 1], data: Float32Array.of(second) }],
      ])
    const parts = [
      { tensors: one(2, 3), scale: 1, weight: 0.5 },
      { tensors: one(5, 7), scale: 1, weight: 0.25 },
    ]
    expect(product(concatenated(parts, 1))[0][0]).toBe(11.75)
    const apart = (0.5 * 2 + 0.25 * 5) * (0.5 * 3 + 0.25 * 7) // what LoraHub's code does
    expect(apart).toBe(7.3125)
  })

  it('add nothing where one of them lacks a layer, and travel as bytes', () => {
    const full = adapterOf(2, 2, 1, [1, 2, 3, 4, 5, 6, 7])
    const other: TensorMap = new Map([
      ['h.1.lora_A.weight', { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) }],
      ['h.1.lora_B.weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ])
    const bytes = concatenatedBytes([encodeSafetensors(full), encodeSafetensors(other)], [1, 1])
    const { tensors } = decodeSafetensors(bytes)
    expect(tensors.get(a)!.shape).toEqual([3, 2])
    expect(product(tensors)).toEqual(product(full))
    const config = { rank: 8, alpha: 16, targets: ['c_attn'] }
    expect(configOfAll([config, { ...config, rank: 4, targets: ['c_fc'] }])).toEqual({
      rank: 12,
      alpha: 12,
      targets: ['c_attn', 'c_fc'],
    })
  })
})

describe('how large an adapter is', () => {
  it('is the length of what it adds to the model', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 4 }),
        fc.array(number, { minLength: 7, maxLength: 30 }),
        ([inSize, outSize], rank, numbers) => {
          const tensors = adapterOf(inSize, outSize, rank, numbers)
          const square = product(tensors)
            .flat()
            .reduce((sum, value) => sum + value * value, 0)
          const measured = measuredAdapter(encodeSafetensors(tensors))
          expect(measured.rank).toBe(rank)
          expect(measured.length).toBeCloseTo(Math.sqrt(square), 4)
        },
      ),
    )
  })

  const full = adapterOf(2, 2, 1, [1, 2, 3, 4, 5, 6, 7])
  const [factorA, factorB] = [full.get(a)!, full.get(b)!]
  it.each<[string, TensorMap]>([
    ['a factor without its like', new Map([[a, factorA]])],
    [
      'factors of several ranks',
      new Map([
        [a, factorA],
        [b, { ...factorB, shape: [1, 2] }],
      ]),
    ],
    ['a tensor that is no factor', new Map([...full, ['bias', factorA]])],
    [
      'numbers that are none',
      new Map([
        [a, factorA],
        [b, { ...factorB, data: Float32Array.of(Number.NaN, 1) }],
      ]),
    ],
    [
      'numbers beyond all bounds',
      new Map([
        [a, factorA],
        [b, { ...factorB, data: Float32Array.of(1, Number.POSITIVE_INFINITY) }],
      ]),
    ],
    ['what was folded', new Map([...full].map(([name, tensor]) => [`folded.${name}`, tensor]))],
    ['nothing', new Map()],
  ])('is not asked of %s', (_, tensors) => {
    expect(() => measuredAdapter(encodeSafetensors(tensors))).toThrow(RangeError)
  })
})
