/**
 * Inputs near valid ones: a few bytes or nodes of an example are changed, in the ways that decoders get wrong (lengths,
 * signs, sizes, names that objects have from birth), or all of it is noise. Everything follows from the dice.
 */
import type { Random } from '../../../src/lib/rng'

const corners = [
  0,
  1,
  2,
  7,
  8,
  15,
  16,
  127,
  128,
  255,
  256,
  32_767,
  65_535,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
]

/** A changed copy; now and then shorter, longer, or nothing but noise. */
export function mutateBytes(dice: Random, example: Uint8Array): Uint8Array {
  if (dice.int(25) === 0) return Uint8Array.from({ length: dice.int(400) }, () => dice.int(256))
  let bytes: Uint8Array<ArrayBufferLike> = example.slice()
  for (let changes = 1 + dice.int(4); changes > 0; changes--) bytes = changeBytes(dice, bytes)
  return bytes
}

function changeBytes(dice: Random, bytes: Uint8Array): Uint8Array {
  const at = dice.int(bytes.length + 1)
  const length = dice.int(Math.min(64, bytes.length - at + 1))
  const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))
  switch (dice.int(8)) {
    case 0:
      if (at < bytes.length) bytes[at] ^= 1 << dice.int(8)
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = dice.pick(corners)
      return bytes
    case 2:
      if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, dice.pick(corners), true)
      return bytes
    case 3:
      // Lengths stand at the beginning, aligned.
      if (bytes.length >= 16) new DataView(bytes.buffer).setUint32(4 * dice.int(4), dice.pick(corners), true)
      return bytes
    case 4:
      return bytes.slice(0, at)
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length))
    case 6:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at))
    default:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length }, () => dice.int(256)),
        bytes.subarray(at),
      )
  }
}

export type Json = unknown

const oddNumbers = [
  0,
  -0,
  -1,
  1,
  0.5,
  255,
  256,
  65_536,
  1e5,
  1e8,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  4e9,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  5e-324,
]
const oddNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  ' ',
  '0',
  '-1',
  'x'.repeat(200),
  '\u0000',
  'ﬁ\u202e',
  '\ud800',
]
const oddValues = (dice: Random): Json =>
  dice.pick<() => Json>([
    () => dice.pick(oddNumbers),
    () => dice.pick(oddNames),
    () => 'a'.repeat(dice.pick([39, 41, 64, 65, 80, 201, 401, 5000])),
    () => null,
    () => dice.int(2) === 0,
    () => [],
    () => ({}),
    // A length that is compared before anybody looks whether it is one.
    () => ({ length: { toString: 1 } }),
    () => [[[[[[[[]]]]]]]],
    () => Array.from({ length: dice.pick([9, 65, 257, 2001]) }, () => dice.pick(oddNumbers)),
    () => ({ [dice.pick(oddNames)]: dice.pick(oddNumbers) }),
  ])()

/** A changed copy of plain JSON. */
export function mutateJson(dice: Random, example: Json): Json {
  if (dice.int(40) === 0) return oddValues(dice)
  let value = example
  for (let changes = 1 + dice.int(3); changes > 0; changes--) value = changeAt(dice, value, 0)
  return value
}

function changeAt(dice: Random, value: Json, depth: number): Json {
  const isLeaf = typeof value !== 'object' || value === null
  const children = isLeaf ? [] : Object.keys(value)
  if (isLeaf || children.length === 0 || dice.int(4 + depth) === 0) return changeHere(dice, value)
  const name = dice.pick(children)
  const changed = changeAt(dice, (value as Record<string, Json>)[name], depth + 1)
  return Array.isArray(value)
    ? value.map((item, at) => (String(at) === name ? changed : item))
    : withEntry(value, name, changed)
}

function changeHere(dice: Random, value: Json): Json {
  if (typeof value === 'number' && dice.int(3) === 0) return -value
  if (typeof value === 'string' && dice.int(3) === 0)
    return new TextDecoder().decode(mutateBytes(dice, new TextEncoder().encode(value.slice(0, 500))))
  if (Array.isArray(value) && value.length > 0)
    switch (dice.int(4)) {
      case 0:
        return value.slice(dice.int(value.length))
      case 1:
        return [...value, dice.pick(value)]
      case 2:
        return Array.from({ length: Math.min(dice.pick([3, 65, 257, 2001]), roomFor(value)) }, () =>
          dice.pick(value),
        )
      default:
        return [...value, oddValues(dice)]
    }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    const names = Object.keys(value)
    const name = dice.pick(names)
    switch (dice.int(4)) {
      case 0:
        return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
      case 1:
        return withEntry(value, dice.pick(oddNames), (value as Record<string, Json>)[name])
      case 2:
        return withEntry(value, dice.pick(oddNames), oddValues(dice))
      default:
        return withEntry(value, name, (value as Record<string, Json>)[dice.pick(names)])
    }
  }
  return oddValues(dice)
}

/** How often a list may be repeated: inputs stay at some hundred kilobytes, whatever was repeated inside before. */
const roomFor = (value: Json): number => Math.ceil(100_000 / JSON.stringify(value).length)

/** `__proto__` is a name like any other here, as it is in JSON. */
const withEntry = (value: object, name: string, entry: Json): Json =>
  Object.fromEntries([...Object.entries(value).filter(([other]) => other !== name), [name, entry]])

/** The same as text: mostly JSON, sometimes damaged. */
export function mutateJsonText(dice: Random, example: Json): string {
  const text = JSON.stringify(mutateJson(dice, example)) ?? ''
  if (dice.int(8) > 0) return text
  return new TextDecoder().decode(mutateBytes(dice, new TextEncoder().encode(text)))
}
