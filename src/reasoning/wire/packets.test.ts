import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { massesOf } from '../../model/masses'
import { BadPacket, decodePacket, encodePacket, type Packet, refusals } from './packets'

const vocabularies = fc.constantFrom(64, 2048, 65_536, 128_256)
const head = fc.record({
  epoch: fc.integer({ min: 0, max: 255 }),
  session: fc.integer({ min: 0, max: 65_535 }),
  at: fc.integer({ min: 0, max: 65_535 }),
  request: fc.integer({ min: 0, max: 65_535 }),
})
const rows = fc
  .array(fc.float({ min: -1e8, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((numbers) => Float32Array.from(numbers))

const packets = (vocabulary: number): fc.Arbitrary<Packet> =>
  fc.oneof(
    fc.tuple(head, rows, fc.constantFrom('each', 'last')).map(([own, numbers, wants]) => ({
      ...own,
      type: 'pass' as const,
      wants: wants as 'each' | 'last',
      rows: numbers,
    })),
    fc.tuple(head, rows, fc.integer({ min: 0, max: 5000 })).map(([own, numbers, milliseconds]) => ({
      ...own,
      type: 'passed' as const,
      rows: numbers,
      milliseconds,
    })),
    fc
      .tuple(head, fc.array(fc.nat(vocabulary - 1), { minLength: 1, maxLength: 20 }))
      .map(([own, ids]) => ({ ...own, type: 'tokens' as const, ids })),
    fc
      .tuple(head, fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 40, maxLength: 60 }))
      .map(([own, logits]) => ({
        ...own,
        type: 'masses' as const,
        masses: massesOf(Float32Array.from(logits), 32),
        likelihoods: logits.slice(0, 7).map((logit) => Math.fround(-Math.abs(logit))),
      })),
    fc
      .tuple(head, fc.constantFrom(...refusals))
      .map(([own, reason]) => ({ ...own, type: 'refused' as const, reason })),
  )

describe('packets', () => {
  it('come back as they were said, wherever they lie in a frame', () => {
    const said = vocabularies.chain((vocabulary) =>
      packets(vocabulary).map((packet) => [vocabulary, packet] as const),
    )
    fc.assert(
      fc.property(said, ([vocabulary, packet]) => {
        const bytes = encodePacket(packet, vocabulary)
        const frame = new Uint8Array(bytes.length + 3)
        frame.set(bytes, 3)
        expect(decodePacket(frame.subarray(3), vocabulary)).toEqual(packet)
      }),
    )
  })

  it('of a member of an ensemble take 139 bytes, and the question 10', () => {
    const own = { epoch: 0, session: 1, at: 7, request: 3 }
    const masses = massesOf(
      Float32Array.from({ length: 2048 }, (_, id) => Math.sin(id)),
      32,
    )
    expect(encodePacket({ ...own, type: 'masses', masses, likelihoods: [] }, 2048).length).toBe(139)
    expect(encodePacket({ ...own, type: 'tokens', ids: [5] }, 2048).length).toBe(10)
    const one = new Float32Array(256)
    expect(encodePacket({ ...own, type: 'pass', wants: 'each', rows: one }, 2048).length).toBe(1032)
  })

  it('that nobody can have meant are refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodePacket(bytes, 64)
        } catch (problem) {
          expect(problem).toBeInstanceOf(BadPacket)
        }
      }),
    )
    const own = { epoch: 0, session: 1, at: 7, request: 3 }
    const beyond = encodePacket({ ...own, type: 'tokens', ids: [64] }, 2048)
    expect(() => decodePacket(beyond, 64)).toThrow(/a token that the model does not have/)
    const infinite = encodePacket(
      { ...own, type: 'pass', wants: 'each', rows: Float32Array.of(Infinity) },
      64,
    )
    expect(() => decodePacket(infinite, 64)).toThrow(/none that a model gives/)
    const twice = encodePacket(
      { ...own, type: 'masses', masses: { ids: [3, 3], halves: [1, 1], tail: 0 }, likelihoods: [] },
      64,
    )
    expect(() => decodePacket(twice, 64)).toThrow(/twice/)
  })
})
