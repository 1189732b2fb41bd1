import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { massesOf } from '../../model/masses'
import { asReceived, codecNames } from '../core/codecs'
import { decodePacket, encodePacket } from './binary'
import { type Packet, refusals } from './packets'
import { BadPacket } from './payloads'

const width = 4
const ofShape = (vocabulary: number) => ({ vocabulary, width })

const vocabularies = fc.constantFrom(64, 2048, 65_536, 128_256)
const head = fc.record({
  epoch: fc.integer({ min: 0, max: 255 }),
  session: fc.integer({ min: 0, max: 65_535 }),
  at: fc.integer({ min: 0, max: 65_535 }),
  request: fc.integer({ min: 0, max: 65_535 }),
})
/** As their receiver reads them. */
const rows = fc
  .tuple(
    fc.constantFrom(...codecNames),
    fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 40 }),
  )
  .map(([codec, numbers]) => {
    const whole = Float32Array.from(
      { length: width * numbers.length },
      (_, index) => numbers[index % numbers.length],
    )
    return { codec, rows: asReceived(asReceived(whole, width, codec), width, codec) }
  })
const counts = fc.integer({ min: 0, max: 255 })

const packets = (vocabulary: number): fc.Arbitrary<Packet> =>
  fc.oneof(
    fc.tuple(head, rows, fc.constantFrom('each' as const, 'last' as const)).map(([own, coded, wants]) => ({
      ...own,
      ...coded,
      type: 'pass' as const,
      wants,
    })),
    fc.tuple(head, rows, fc.integer({ min: 0, max: 5000 })).map(([own, coded, milliseconds]) => ({
      ...own,
      ...coded,
      type: 'passed' as const,
      milliseconds,
    })),
    fc
      .tuple(
        head,
        fc.constantFrom('verdict' as const, 'choices' as const),
        fc.array(fc.nat(vocabulary - 1), { maxLength: 20 }),
        fc.nat(20),
        fc.nat(2 ** 32 - 1),
      )
      .map(([own, wants, ids, given, prefix]) => ({
        ...own,
        type: 'draft' as const,
        wants,
        ids,
        given: Math.min(given, ids.length),
        prefix,
      })),
    fc
      .tuple(head, counts, counts, fc.nat(vocabulary - 1), fc.float({ min: 0, max: 50, noNaN: true }))
      .map(([own, accepted, load, id, gap]) => ({
        ...own,
        type: 'verdict' as const,
        accepted,
        load,
        id,
        gap: gap + 0,
        milliseconds: 3,
      })),
    fc
      .tuple(head, fc.array(fc.nat(vocabulary - 1), { maxLength: 20 }))
      .map(([own, ids]) => ({ ...own, type: 'choices' as const, ids })),
    fc.tuple(head, fc.nat(2 ** 32 - 1)).map(([own, prefix]) => ({ ...own, type: 'need' as const, prefix })),
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
        const bytes = encodePacket(packet, ofShape(vocabulary))
        const frame = new Uint8Array(bytes.length + 3)
        frame.set(bytes, 3)
        expect(decodePacket(frame.subarray(3), ofShape(vocabulary))).toEqual(packet)
      }),
    )
  })

  it('of a member of an ensemble take 139 bytes, and the question 10', () => {
    const own = { epoch: 0, session: 1, at: 7, request: 3 }
    const masses = massesOf(
      Float32Array.from({ length: 2048 }, (_, id) => Math.sin(id)),
      32,
    )
    expect(encodePacket({ ...own, type: 'masses', masses, likelihoods: [] }, ofShape(2048)).length).toBe(139)
    expect(encodePacket({ ...own, type: 'tokens', ids: [5] }, ofShape(2048)).length).toBe(10)
    const row = { ...own, type: 'pass', wants: 'each', rows: new Float32Array(256) } as const
    const bytesAs = (codec: 'float32' | 'float16' | 'int8') =>
      encodePacket({ ...row, codec }, { vocabulary: 2048, width: 256 }).length
    expect([bytesAs('float32'), bytesAs('float16'), bytesAs('int8')]).toEqual([1032, 521, 269])
    const draft = { ...own, type: 'draft', wants: 'verdict', prefix: 1, given: 0, ids: [1, 2, 3, 4] } as const
    expect(encodePacket(draft, ofShape(2048)).length).toBe(22)
    const verdict = { ...own, type: 'verdict', accepted: 3, load: 0, id: 5, gap: 1, milliseconds: 2 } as const
    expect(encodePacket(verdict, ofShape(2048)).length).toBe(20)
  })

  it('that nobody can have meant are refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodePacket(bytes, ofShape(64))
        } catch (problem) {
          expect(problem).toBeInstanceOf(BadPacket)
        }
      }),
    )
    const own = { epoch: 0, session: 1, at: 7, request: 3 }
    const beyond = encodePacket({ ...own, type: 'tokens', ids: [64] }, ofShape(2048))
    expect(() => decodePacket(beyond, ofShape(64))).toThrow(/a token that the model does not have/)
    const infinite = encodePacket(
      { ...own, type: 'pass', wants: 'each', codec: 'float32', rows: Float32Array.of(1, Infinity, 1, 1) },
      ofShape(64),
    )
    expect(() => decodePacket(infinite, ofShape(64))).toThrow(/a number in them is none/)
    const twice = encodePacket(
      { ...own, type: 'masses', masses: { ids: [3, 3], halves: [1, 1], tail: 0 }, likelihoods: [] },
      ofShape(64),
    )
    expect(() => decodePacket(twice, ofShape(64))).toThrow(/twice/)
  })
})
