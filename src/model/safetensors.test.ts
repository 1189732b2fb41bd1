import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeSafetensors,
  encodeSafetensors,
  fetchHeader,
  maxHeaderBytes,
  mostTensors,
  readHeader,
  SafetensorsError,
  type TensorMap,
} from './safetensors'

/** A file from a hand-written header, for what `encodeSafetensors` would never write. */
function file(header: unknown, dataBytes: Uint8Array | number, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const data = typeof dataBytes === 'number' ? new Uint8Array(dataBytes) : dataBytes
  const bytes = new Uint8Array(8 + json.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.length)
  return bytes
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

describe('safetensors', () => {
  it('gives back what it was given, bit for bit', () => {
    const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, side) => product * side, 1)
      return fc.record({
        shape: fc.constant(shape),
        data: fc.float32Array({ minLength: size, maxLength: size }),
      })
    })
    const tensors = fc.array(fc.tuple(fc.string({ minLength: 1 }), tensor)).map((pairs) => new Map(pairs))
    fc.assert(
      fc.property(tensors, (map: TensorMap) => {
        if (map.has('__metadata__')) return
        const { tensors: back } = decodeSafetensors(encodeSafetensors(map))
        expect(new Map(back)).toEqual(new Map(map))
      }),
    )
  })

  it('writes canonical bytes: order of insertion does not show, the data starts at a multiple of 8', () => {
    const a = { shape: [2], data: new Float32Array([1, 2]) }
    const b = { shape: [1, 1], data: new Float32Array([3]) }
    const one = encodeSafetensors(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
    const two = encodeSafetensors(
      new Map([
        ['b', b],
        ['a', a],
      ]),
    )
    expect(one).toEqual(two)
    expect(Number(new DataView(one.buffer).getBigUint64(0, true)) % 8).toBe(0)
  })

  it('keeps metadata', () => {
    const bytes = encodeSafetensors(new Map(), { metadata: { format: 'pt' } })
    expect(decodeSafetensors(bytes).metadata).toEqual({ format: 'pt' })
  })

  it('reads F16 and BF16 exactly, subnormal and infinite numbers too', () => {
    const halves = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555])
    const f16 = file({ x: entry('F16', [5], 0, 10) }, new Uint8Array(halves.buffer))
    expect([...decodeSafetensors(f16).tensors.get('x')!.data]).toEqual([
      1,
      -2,
      2 ** -24,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ])
    const brain = new Uint16Array([0x3f80, 0xc040])
    const bf16 = file({ x: entry('BF16', [2], 0, 4) }, new Uint8Array(brain.buffer))
    expect([...decodeSafetensors(bf16).tensors.get('x')!.data]).toEqual([1, -3])
  })

  it('reads bytes that start at an odd address', () => {
    const bytes = encodeSafetensors(new Map([['x', { shape: [2], data: new Float32Array([5, 6]) }]]))
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect([...decodeSafetensors(shifted.subarray(3)).tensors.get('x')!.data]).toEqual([5, 6])
    expect([...decodeSafetensors(Buffer.from(bytes)).tensors.get('x')!.data]).toEqual([5, 6])
  })

  const hostile: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(0), /at least 8 bytes/],
    ['a header longer than the file', file({}, 0, 1_000n), /cut off/],
    ['an absurd header length', file({}, 0, 2n ** 63n), /not a safetensors file/],
    ['a header that is not JSON', file('{nope', 0), /not a JSON object/],
    ['a header that is a list', file([], 0), /not a JSON object/],
    ['a malformed entry', file({ x: { dtype: 'F32' } }, 0), /malformed/],
    ['a negative shape', file({ x: entry('F32', [-1], 0, 4) }, 4), /malformed/],
    ['an unknown type', file({ x: entry('F3', [1], 0, 4) }, 4), /unknown type/],
    ['a huge element count', file({ x: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }, 4), /needs/],
    ['a shape that disagrees with its offsets', file({ x: entry('F32', [2], 0, 4) }, 4), /needs 8 bytes/],
    ['truncated data', file({ x: entry('F32', [4], 0, 16) }, 12), /cut off/],
    ['bytes left over', file({ x: entry('F32', [1], 0, 4) }, 8), /belong to nothing/],
    [
      'overlapping tensors',
      file({ x: entry('F32', [2], 0, 8), y: entry('F32', [2], 4, 12) }, 12),
      /overlaps/,
    ],
    ['a gap', file({ x: entry('F32', [1], 0, 4), y: entry('F32', [1], 8, 12) }, 12), /gap of 4 bytes/],
    ['an offset that is none', file({ x: entry('F32', [1], -4, 0) }, 4), /malformed/],
    ['offsets the wrong way round', file({ x: entry('F32', [1], 4, 0) }, 4), /its offsets hold -4/],
    [
      'a side that is no number',
      file('{"x":{"dtype":"F32","shape":[1e400],"data_offsets":[0,4]}}', 4),
      /malf/,
    ],
    ['too many axes', file({ x: entry('F32', Array(9).fill(1), 0, 4) }, 4), /malformed/],
    ['a header that is not UTF-8', file('{"\ud800":1}', 0), /malformed|not a JSON/],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }, 0), /other than strings/],
    ['a name without end', file({ ['x'.repeat(1e5)]: entry('F3', [1], 0, 4) }, 4), /^.{0,300}$/],
    ['a type that cannot be read', file({ x: entry('I64', [1], 0, 8) }, 8), /Convert the file/],
  ]
  it.each(hostile)('refuses %s and says what to do', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError)
    expect(() => decodeSafetensors(bytes)).toThrow(message)
  })

  /** A file elsewhere, that counts the bytes asked of it. */
  const elsewhere = (bytes: Uint8Array) => ({
    size: bytes.length,
    asked: 0,
    async read(begin: number, end: number) {
      this.asked += end - begin
      return bytes.slice(begin, end)
    },
  })

  it('reads the header of a file elsewhere without its data', async () => {
    const short = elsewhere(
      encodeSafetensors(new Map([['x', { shape: [50_000], data: new Float32Array(50_000) }]])),
    )
    expect((await fetchHeader(short)).entries.get('x')!.end).toBe(short.size)
    expect(short.asked).toBe(65_536)
    const many = Array.from({ length: 2000 }, (_, index) => [
      `tensor.${index}`,
      { shape: [1], data: new Float32Array(1) },
    ])
    const long = encodeSafetensors(new Map(many as [string, { shape: number[]; data: Float32Array }][]))
    expect(await fetchHeader(elsewhere(long))).toEqual(readHeader(long))
  })

  it.each(hostile.slice(0, -1))('refuses %s elsewhere too', async (_, bytes, message) => {
    await expect(fetchHeader(elsewhere(bytes))).rejects.toThrow(message)
  })

  it('refuses a header that is too long or names too many tensors before it looks at any', () => {
    const empty = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, entry('F32', [0], 0, 0)]))
    expect(readHeader(file(empty(mostTensors), 0)).entries.size).toBe(mostTensors)
    // Were they looked at, the first would be refused as malformed.
    const many = { 0: 'malformed', ...empty(mostTensors) }
    expect(() => readHeader(file(many, 0))).toThrow(/names 10001 tensors/)
    expect(() => readHeader(file('x'.repeat(maxHeaderBytes + 1), 0))).toThrow(/claims 2000001 bytes/)
    const notes = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [index, index]))
    expect(() => readHeader(file({ __metadata__: notes }, 0))).toThrow(/more than 1000 entries/)
  })

  const side = fc.oneof(fc.integer({ min: -2, max: 5 }), fc.constantFrom(2 ** 31, 2 ** 53, 0.5, '1', null))
  const anyEntry = fc.record(
    {
      dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'BOOL', 'F3', 7),
      shape: fc.oneof(fc.array(side, { maxLength: 4 }), fc.jsonValue()),
      data_offsets: fc.oneof(fc.tuple(side, side), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const anyFile = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .tuple(
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '__metadata__')), anyEntry, {
          maxKeys: 4,
        }),
        fc.nat(20),
      )
      .map(([header, dataBytes]) => file(header, dataBytes)),
    // A good file with some bytes changed.
    fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 }).map((changes) => {
      const bytes = encodeSafetensors(
        new Map([
          ['a', { shape: [2], data: new Float32Array([1, 2]) }],
          ['b', { shape: [1, 1], data: new Float32Array([3]) }],
        ]),
      )
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      return bytes
    }),
  )

  it('reads any bytes as tensors whose shapes hold, or refuses them with its own error', () => {
    fc.assert(
      fc.property(anyFile, (bytes) => {
        try {
          for (const { shape, data } of decodeSafetensors(bytes).tensors.values())
            expect(shape.reduce((product, each) => product * each, 1)).toBe(data.length)
        } catch (problem) {
          expect(problem).toBeInstanceOf(SafetensorsError)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses to write a tensor whose shape lies', () => {
    const wrong = new Map([['x', { shape: [3], data: new Float32Array(2) }]])
    expect(() => encodeSafetensors(wrong)).toThrow(SafetensorsError)
  })
})
