import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import type { TensorMap } from '../../model/safetensors'
import { applyChange, encodeChange } from './change'
import { compressionNames, compressionOf, defaultDensities } from './registry'
import { type Codec, type CodecMemory, CompressionError } from './types'
import { int4, int8 } from './values/blockwise'
import { shapesOf, vectorOf } from './vector'

/** A difference as training makes it: A and B of two layers, of very different sizes. */
function update(seed: number, width = 40): TensorMap {
  const { gaussian } = random(seed, 'update')
  const tensor = (shape: readonly [number, number], size: number) => ({
    shape,
    data: Float32Array.from({ length: shape[0] * shape[1] }, () => size * gaussian()),
  })
  return new Map([
    ['h.0.lora_B.weight', tensor([3 * width, 4], 1e-3)],
    ['h.0.lora_A.weight', tensor([4, width], 1e-5)],
    ['h.1.lora_A.weight', tensor([4, width], 1e-5)],
    ['h.1.lora_B.weight', tensor([width, 4], 1e-3)],
  ])
}

const codecs: readonly Codec[] = compressionNames.flatMap((name) => {
  const { up, down } = compressionOf(name)
  return down.kind === 'sparse' ? [up, down.codec] : [up]
})
const codec = (name: (typeof compressionNames)[number], density = 0.1): Codec =>
  compressionOf(name, { ...defaultDensities, density }).up

const roundTrip = (of: Codec, tensors: TensorMap, memory: CodecMemory = null, seed = 1) => {
  const { bytes, memory: after } = of.encode(tensors, memory, seed)
  return { bytes, after, got: vectorOf(of.decode(bytes, shapesOf(tensors))) }
}
const length = (vector: Float32Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
const distance = (x: Float32Array, y: Float32Array): number =>
  length(x.map((value, index) => value - y[index]))

describe.each(codecs.map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('gives tensors of the expected names and shapes, near to what was sent', () => {
    const tensors = update(1)
    const decoded = one.decode(one.encode(tensors, null, 1).bytes, shapesOf(tensors))
    expect([...shapesOf(decoded)].sort()).toEqual([...shapesOf(tensors)].sort())
    const [sent, got] = [vectorOf(tensors), vectorOf(decoded)]
    const cosine = sent.reduce((sum, value, i) => sum + value * got[i], 0) / length(sent) / length(got)
    expect(cosine).toBeGreaterThan(0.55)
  })

  it('repeats bit for bit with the same seed', () => {
    const tensors = update(2)
    expect(one.encode(tensors, null, 5).bytes).toEqual(one.encode(tensors, null, 5).bytes)
  })

  it('sends zeros as zeros, and nothing as nothing', () => {
    const zeros = new Map(
      [...update(1)].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 0) }]),
    )
    expect(roundTrip(one, zeros).got.every((value) => value === 0)).toBe(true)
    expect(roundTrip(one, new Map()).got.length).toBe(0)
  })

  it('does not encode what is not finite', () => {
    const broken = new Map([['a', { shape: [2], data: Float32Array.of(1, Number.NaN) }]])
    expect(() => one.encode(broken, null, 1)).toThrow(/not finite/)
  })

  it('refuses foreign bytes in words, or gets finite numbers out of them', () => {
    const tensors = update(3, 8)
    const { bytes } = one.encode(tensors, null, 1)
    const edit = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.nat(bytes.length + 8), (edits, size) => {
        const foreign = new Uint8Array(size)
        foreign.set(bytes.subarray(0, size))
        for (const { at, to } of edits) if (at < size) foreign[at] = to
        try {
          expect(vectorOf(one.decode(foreign, shapesOf(tensors))).every(Number.isFinite)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(CompressionError)
        }
      }),
      { numRuns: 150 },
    )
    expect(() => one.decode(bytes.subarray(1), shapesOf(tensors))).toThrow(CompressionError)
    expect(() => one.decode(bytes, shapesOf(update(3, 9)))).toThrow(/other settings/)
  })
})

describe('sizes, for GPT-2 small with c_attn adapted at rank 8: 294,912 numbers', () => {
  const { gaussian } = random(4, 'large')
  const large = new Map([['a', { shape: [294_912], data: Float32Array.from({ length: 294_912 }, gaussian) }]])
  it.each([
    ['none', 1_179_648, 1],
    ['int8', 299_524, 3.938],
    ['int4', 152_068, 7.757],
  ] as const)('%s takes %i bytes, %f times fewer', (name, bytes, factor) => {
    const size = codec(name).encode(large, null, 1).bytes.length
    expect(size).toBe(bytes)
    expect(1_179_648 / size).toBeCloseTo(factor, 3)
  })

  // A byte for each position, as gap-varints need, would give 19.8 and 26.4.
  it.each([
    ['topk', 8.5],
    ['topk-int8', 24.5],
    ['topk-int4', 35],
  ] as const)('%s with a tenth of the numbers takes at least %f times fewer', (name, factor) => {
    const { bytes } = codec(name).encode(large, null, 1)
    expect(1_179_648 / bytes.length).toBeGreaterThan(factor)
  })
})

describe('stochastic rounding', () => {
  it.each([
    ['int8', int8, 127],
    ['int4', int4, 7],
  ] as const)('of %s errs by less than a level, and by nothing on average', (name, coder, levels) => {
    const values = vectorOf(update(6)).subarray(0, 300)
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const draws = 600
    const mean = new Float64Array(values.length)
    for (let draw = 0; draw < draws; draw++) {
      const got = coder.decode(coder.encode(values, random(draw, name)), values.length)
      for (const [index, value] of got.entries()) {
        expect(Math.abs(value - values[index])).toBeLessThanOrEqual((1.001 * largest) / levels)
        mean[index] += value / draws
      }
    }
    // Five standard errors of a rounding whose deviation is half a level at most.
    const tolerance = (5 * 0.5 * largest) / levels / Math.sqrt(draws)
    for (const [index, value] of values.entries())
      expect(Math.abs(mean[index] - value)).toBeLessThan(tolerance)
  })

  it('errs by a level of its own block at most, whatever the size of block and update', () => {
    for (const size of [1e-30, 1e-6, 1, 1e30]) {
      const values = Float32Array.from({ length: 256 }, (_, index) => (index < 128 ? size : size * 1e-3))
      const got = int8.decode(int8.encode(values, random(1)), 256)
      for (const [index, value] of got.entries())
        expect(Math.abs(value / values[index] - 1)).toBeLessThan(1.001 / 127)
    }
  })
})

describe('error feedback', () => {
  it.each(['topk', 'topk-int8', 'topk-int4'] as const)(
    'of %s loses nothing: sent + owed = updates',
    (name) => {
      let memory: CodecMemory = null
      const sent = new Float64Array(vectorOf(update(0)).length)
      const wanted = new Float64Array(sent.length)
      for (let round = 0; round < 30; round++) {
        const tensors = update(round)
        for (const [index, value] of vectorOf(tensors).entries()) wanted[index] += value
        const { got, after } = roundTrip(codec(name), tensors, memory, round)
        for (const [index, value] of got.entries()) sent[index] += value
        memory = after
      }
      const owed = vectorOf(memory!)
      for (const [index, value] of wanted.entries())
        expect(Math.abs(sent[index] + owed[index] - value)).toBeLessThan(1e-8)
    },
  )

  it('brings what repeats to its destination, which forgetting does not', () => {
    const tensors = update(1)
    const remaining = (name: 'topk' | 'topk-forgetful') => {
      let memory: CodecMemory = null
      const missing = vectorOf(tensors).map(() => 0)
      for (let round = 0; round < 40; round++) {
        const { got, after } = roundTrip(codec(name), tensors, memory)
        for (const [index, value] of vectorOf(tensors).entries()) missing[index] += value - got[index]
        memory = after
      }
      return length(missing) / (40 * length(vectorOf(tensors)))
    }
    expect(remaining('topk')).toBeLessThan(0.2)
    expect(remaining('topk-forgetful')).toBeGreaterThan(0.5)
  })

  it('waits for the factor whose turn it is not', () => {
    const all = [...update(1)]
    const [ofA, ofB] = ['lora_A', 'lora_B'].map(
      (factor) => new Map(all.filter(([name]) => name.includes(factor))),
    )
    const first = codec('topk').encode(ofA, null, 1).memory
    const second = codec('topk').encode(ofB, first, 2).memory!
    expect(second.get('h.0.lora_A.weight')).toBe(first!.get('h.0.lora_A.weight'))
    expect(second.size).toBe(4)
  })

  it('refuses a memory of another rank', () => {
    const memory = codec('topk').encode(update(1, 8), null, 1).memory
    expect(() => codec('topk').encode(update(1, 9), memory, 1)).toThrow(/begin with an empty memory/)
  })
})

describe('the largest numbers', () => {
  it('are what is sent', () => {
    const tensors = update(9)
    const { got } = roundTrip(codec('topk-forgetful'), tensors)
    const sent = vectorOf(tensors)
    const kept = [...got.keys()].filter((index) => got[index] !== 0)
    const least = Math.min(...kept.map((index) => Math.abs(sent[index])))
    expect(kept.length).toBe(Math.ceil(sent.length / 10))
    for (const [index, value] of sent.entries())
      if (!kept.includes(index)) expect(Math.abs(value)).toBeLessThanOrEqual(least)
    for (const index of kept) expect(got[index]).toBe(sent[index])
  })

  it('are a share above 0 and at most 1', () => {
    expect(() => codec('topk', 0)).toThrow(RangeError)
    expect(() => codec('topk', 1.1)).toThrow(RangeError)
    expect(roundTrip(codec('topk', 1), update(1)).got).toEqual(vectorOf(update(1)))
  })
})

describe('a version sent as a change', () => {
  it.each(['int8', 'topk', 'topk-int4', 'topk-forgetful'] as const)(
    'by %s is the same bits everywhere, and comes to the wanted one in the end',
    (name) => {
      const wanted = update(1)
      let held: TensorMap = new Map(
        [...wanted].map(([key, { shape, data }]) => [key, { shape, data: data.map(() => 0) }]),
      )
      let receiver = held
      for (let round = 0; round < 40; round++) {
        const { bytes, held: next } = encodeChange(codec(name), held, wanted, round)
        receiver = applyChange(codec(name), receiver, bytes)
        held = next
        expect(receiver).toEqual(held)
      }
      expect(distance(vectorOf(held), vectorOf(wanted)) / length(vectorOf(wanted))).toBeLessThan(1e-3)
    },
  )
})
