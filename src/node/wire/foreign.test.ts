/** Bytes of adapters and updates as a stranger may send them: they become what they should be, or are refused as damaged. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globalComplaint } from '../../federation/aggregation/check'
import { decodeGlobal, encodeGlobal } from '../../federation/aggregation/global/bytes'
import { globalOf } from '../../federation/aggregation/global/fold'
import { compressionNames, compressionOf } from '../../federation/compression/registry'
import { CompressionError } from '../../federation/compression/types'
import { shapesOf } from '../../federation/compression/vector'
import { sha256Hex } from '../../lib/hash'
import type { Adapter } from '../../model/adapter'
import { encodeSafetensors, SafetensorsError, type TensorMap } from '../../model/safetensors'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import { holdAdapter } from '../device/holding'
import type { AdapterMessage } from '../merging/parcel'

const tensorsOf = (shapes: Readonly<Record<string, readonly number[]>>): TensorMap =>
  new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(0.5) },
    ]),
  )
const [a, b] = ['w.lora_A.weight', 'w.lora_B.weight']
const initial: Adapter = {
  config: { rank: 1, alpha: 2, targets: ['w'] },
  tensors: tensorsOf({ [a]: [1, 3], [b]: [2, 1] }),
}
const whole = encodeGlobal(globalOf(initial))

/** Good bytes with some changed, cut off or prolonged; or any. */
const spoiled = (good: Uint8Array) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.integer({ min: -9, max: 9 }),
      )
      .map(([changes, longer]) => {
        const bytes = new Uint8Array(Math.max(0, good.length + longer))
        bytes.set(good.subarray(0, bytes.length))
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
        return bytes
      }),
  )

describe('a whole version', () => {
  it.each<[string, TensorMap, RegExp]>([
    ['another rank', tensorsOf({ [a]: [2, 3], [b]: [2, 2] }), /shape \[2,3\] instead of \[1,3\]/],
    ['another layer', tensorsOf({ [a]: [1, 3], [b]: [2, 1], 'x.lora_A.weight': [1, 1] }), /does not have/],
    ['a factor missing', tensorsOf({ [a]: [1, 3] }), /is missing/],
    [
      'a number that is none',
      new Map([...initial.tensors, [b, { shape: [2, 1], data: Float32Array.of(0, Number.NaN) }]]),
      /NaN/,
    ],
    ['half a fold', tensorsOf({ [a]: [1, 3], [b]: [2, 1], [`folded.${a}`]: [1, 3] }), /without the other/],
    [
      'a fold of other sides',
      tensorsOf({ [a]: [1, 3], [b]: [2, 1], [`folded.${a}`]: [1, 4], [`folded.${b}`]: [2, 1] }),
      /for a layer of/,
    ],
    [
      'a fold of any rank',
      tensorsOf({ [a]: [1, 3], [b]: [2, 1], [`folded.${a}`]: [900, 3], [`folded.${b}`]: [2, 900] }),
      /for a layer of/,
    ],
    [
      'a fold of no layer',
      tensorsOf({
        [a]: [1, 3],
        [b]: [2, 1],
        'folded.x.lora_A.weight': [1, 3],
        'folded.x.lora_B.weight': [2, 1],
      }),
      /does not have/,
    ],
  ])('with %s cannot be held', (_, tensors, complaint) => {
    const bytes = encodeSafetensors(tensors)
    expect(globalComplaint(initial.tensors, decodeGlobal(bytes, initial.config, 0))).toMatch(complaint)
  })

  it('that is good, folds and all, can', () => {
    const folded = tensorsOf({ [`folded.${a}`]: [3, 3], [`folded.${b}`]: [2, 3] })
    const bytes = encodeSafetensors(new Map([...initial.tensors, ...folded]))
    expect(globalComplaint(initial.tensors, decodeGlobal(bytes, initial.config, 1))).toBeNull()
  })

  it('of any bytes is decoded, or refused by a SafetensorsError', () => {
    fc.assert(
      fc.property(spoiled(whole), (bytes) => {
        try {
          globalComplaint(initial.tensors, decodeGlobal(bytes, initial.config, 0))
        } catch (problem) {
          expect(problem).toBeInstanceOf(SafetensorsError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a device', () => {
  const hash = (bytes: Uint8Array) => sha256Hex(bytes)
  const message = (bytes: Uint8Array, change: AdapterMessage['change']): AdapterMessage => ({
    type: 'adapter',
    adapter: 'global',
    version: 1,
    hash: hash(bytes),
    folds: 0,
    change,
  })

  it.each(compressionNames)(
    'under %s holds only what is shaped like its model, whatever comes',
    (compression) => {
      const federating = federatingOf({ ...defaultSettings, compression })
      const change = fc.record({
        fromVersion: fc.nat(2),
        fromHash: fc.constantFrom(hash(whole), 'ab'.repeat(32)),
        learned: fc.record({ a: fc.boolean(), b: fc.boolean() }),
        afresh: fc.boolean(),
        residualBytes: fc.nat(200),
      })
      fc.assert(
        fc.property(spoiled(whole), fc.option(change), (bytes, how) => {
          const holding = holdAdapter(() => federating)
          expect(holding.load({ ...message(whole, null), signature: null }, whole, initial)).toBe('loaded')
          holding.load({ ...message(bytes, how), signature: null }, bytes, initial)
          const { global } = holding.current()!
          expect(globalComplaint(initial.tensors, global)).toBeNull()
        }),
        { numRuns: 300 },
      )
    },
  )
})

describe('an update', () => {
  it.each(compressionNames)(
    'coded as %s is decoded to its shapes, or refused by a CompressionError',
    (name) => {
      const { up } = compressionOf(name)
      const shapes = shapesOf(initial.tensors)
      const good = up.encode(initial.tensors, null, 1).bytes
      fc.assert(
        fc.property(spoiled(good), (bytes) => {
          try {
            expect(shapesOf(up.decode(bytes, shapes))).toEqual(shapes)
          } catch (problem) {
            expect(problem).toBeInstanceOf(CompressionError)
          }
        }),
        { numRuns: 500 },
      )
    },
  )
})
