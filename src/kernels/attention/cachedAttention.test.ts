import { describe, expect, it } from 'vitest'
import { machines, relativeError, runOn } from '../machines/testing'
import { gaussians } from '../products/testing'
import { ProgramBuilder } from '../program'
import { cachedAttention } from './cachedAttention'
import { cacheRows } from './cacheRows'
import type { HeadShape } from './heads'
import { context, numbersFor, reference } from './testing'

/** Longer than what a workgroup looks at together. */
const time = 140
const shapes: readonly HeadShape[] = [
  { heads: 3, keyValueHeads: 3, headWidth: 20 },
  { heads: 4, keyValueHeads: 2, headWidth: 32 },
  { heads: 2, keyValueHeads: 1, headWidth: 6 },
]
const cases = shapes.flatMap((shape) => [false, true].map((isRotated) => ({ ...shape, isRotated })))

type Case = (typeof cases)[number]

/** What generation does: a text in calls of some sizes, each but single rows padded to 64, and one cache for all. */
async function inCalls(machineName: string, { isRotated, ...shape }: Case, sizes: readonly number[]) {
  const machine = (await machines()).get(machineName)!
  const { heads, keyValueHeads, headWidth } = shape
  const columns = (heads + 2 * keyValueHeads) * headWidth
  const { qkv, rope } = numbersFor({ ...shape, batch: 1, time })
  const build = (rows: number) => (p: ProgramBuilder) =>
    cachedAttention(
      p,
      {
        qkv: p.input('qkv', [rows, columns]),
        cache: p.state('cache', [1, 2, context, keyValueHeads * headWidth]),
        spans: p.input('spans', [1, 2], 'int32'),
        rope: isRotated ? p.weight('rope', [context, headWidth]) : null,
      },
      shape,
    )
  let cache = new Float32Array(2 * context * keyValueHeads * headWidth)
  const out: number[] = []
  let first = 0
  for (const size of sizes) {
    const rows = size === 1 ? 1 : 64
    const padded = gaussians(9, rows * columns)
    padded.set(qkv.subarray(first * columns, (first + size) * columns))
    const spans = Int32Array.of(first, size)
    const results = await runOn(machine, build(rows), { qkv: padded, cache, spans, rope })
    const counted = size * heads * headWidth
    expect([...results.out.subarray(counted)].every((number) => number === 0)).toBe(true)
    out.push(...results.out.subarray(0, counted))
    cache = new Float32Array(results.cache)
    first += size
  }
  return { out, cache }
}

const machineNames = [...(await machines()).keys()]

describe.each(machineNames)('attention against a cache on %s', (machine) => {
  it.each(cases)(
    'is attention: $heads/$keyValueHeads heads of $headWidth, rotated: $isRotated',
    async (given) => {
      const { isRotated, ...shape } = given
      const whole = { ...shape, batch: 1, time }
      const { qkv, rope } = numbersFor(whole)
      const expected = reference(qkv, isRotated ? rope : null, whole)
      const { out } = await inCalls(machine, given, [64, 60, 1, 15])
      expect(relativeError(out, expected.out)).toBeLessThan(1e-5)
    },
  )

  it.each(cases)(
    'leaves nothing of rows that only pad: $heads/$keyValueHeads, rotated: $isRotated',
    async (given) => {
      const { cache } = await inCalls(machine, given, [5, 2])
      const row = given.keyValueHeads * given.headWidth
      const isEmpty = (half: number) =>
        cache.subarray((half * context + 7) * row, (half + 1) * context * row).every((number) => number === 0)
      expect([isEmpty(0), isEmpty(1)]).toEqual([true, true])
    },
  )
})

describe.each(machineNames.filter((name) => name === 'wasm' || name === 'webgpu'))('on %s', (machine) => {
  it.each(cases)(
    'a row is the same to the last bit alone and among others: $heads/$keyValueHeads, rotated: $isRotated',
    async (given) => {
      const together = await inCalls(machine, given, [64, 64, 12])
      const alone = await inCalls(machine, given, [64, 64, 1, 1, 1, 1, 8])
      const mixed = await inCalls(machine, given, [6, 1, 60, 58, 1, 14])
      expect(alone).toEqual(together)
      expect(mixed).toEqual(together)
    },
  )
})

/** Calls of several texts, by slot: at which position each stands, and how many rows it has. */
const rounds: readonly (readonly number[])[] = [
  [3, 0, 17, 2],
  [1, 0, 1, 0],
  [2, 5, 0, 9],
]
const slots = 4

/** The texts of `slots`, one call a round, all into one state; or a slot of it alone. */
async function severalTexts(machineName: string, given: Case, only: number | null) {
  const machine = (await machines()).get(machineName)!
  const { isRotated, ...shape } = given
  const { heads, keyValueHeads, headWidth } = shape
  const columns = (heads + 2 * keyValueHeads) * headWidth
  const width = keyValueHeads * headWidth
  const held = only === null ? slots : 1
  const { rope } = numbersFor({ ...shape, batch: 1, time })
  const slotSize = 2 * context * width
  let cache = gaussians(3, slots * slotSize) // what other texts have left
  if (only !== null) cache = cache.slice(only * slotSize, (only + 1) * slotSize)
  const out: number[][] = Array.from({ length: held }, () => [])
  const positions = new Array<number>(held).fill(0)
  for (const [round, all] of rounds.entries()) {
    const counts = only === null ? all : [all[only]]
    const total = counts.reduce((sum, count) => sum + count, 0)
    const rows = total === 1 ? 1 : 32
    const qkv = gaussians(50 + round, rows * columns) // padding is no zeros
    let row = 0
    for (const [slot, count] of counts.entries()) {
      const text = only ?? slot
      qkv.set(gaussians(100 * text + round + 7, count * columns), row * columns)
      row += count
    }
    const spans = Int32Array.from(counts.flatMap((count, slot) => [positions[slot], count]))
    const results = await runOn(
      machine,
      (p) =>
        cachedAttention(
          p,
          {
            qkv: p.input('qkv', [rows, columns]),
            cache: p.state('cache', [held, 2, context, width]),
            spans: p.input('spans', [held, 2], 'int32'),
            rope: isRotated ? p.weight('rope', [context, headWidth]) : null,
          },
          shape,
        ),
      { qkv, cache, spans, rope },
    )
    let begin = 0
    for (const [slot, count] of counts.entries()) {
      const [from, to] = [begin, begin + count].map((place) => place * heads * headWidth)
      out[slot].push(...results.out.subarray(from, to))
      positions[slot] += count
      begin += count
    }
    expect([...results.out.subarray(total * heads * headWidth)].every((number) => number === 0)).toBe(true)
    cache = new Float32Array(results.cache)
  }
  return { out, cache }
}

/** The composites of tfjs' wasm backend multiply rows in blocks; there it is close. */
const exactMachines = machineNames.filter((name) => name !== 'tfjs-wasm')

describe.each(exactMachines)('several texts in one call on %s', (machine) => {
  it.each(cases)(
    'have the bits of each alone, also beside an empty one: $heads/$keyValueHeads of $headWidth, rotated: $isRotated',
    async (given) => {
      const together = await severalTexts(machine, given, null)
      const slotSize = together.cache.length / slots
      for (let slot = 0; slot < slots; slot++) {
        const alone = await severalTexts(machine, given, slot)
        expect(together.out[slot]).toEqual(alone.out[0])
        expect(together.cache.subarray(slot * slotSize, (slot + 1) * slotSize)).toEqual(alone.cache)
      }
    },
  )
})

describe.each(exactMachines)('filling a cache on %s', (machine) => {
  it.each(cases)(
    'leaves what attention would have left there, and nothing else: $heads/$keyValueHeads, rotated: $isRotated',
    async ({ isRotated, ...shape }) => {
      const found = (await machines()).get(machine)!
      const { heads, keyValueHeads, headWidth } = shape
      const rows = 8
      const width = keyValueHeads * headWidth
      const columns = heads * headWidth + 2 * width
      const qkv = gaussians(1, rows * columns)
      const keysValues = Float32Array.from({ length: rows * 2 * width }, (_, place) => {
        const [row, column] = [Math.floor(place / (2 * width)), place % (2 * width)]
        return qkv[row * columns + heads * headWidth + column]
      })
      const { rope } = numbersFor({ ...shape, batch: 1, time })
      const cache = gaussians(2, 3 * 2 * context * width)
      const spans = Int32Array.of(4, 2, 9, 0, context - 4, 4)
      const cacheOf = (p: ProgramBuilder) => ({
        cache: p.state('cache', [3, 2, context, width]),
        spans: p.input('spans', [3, 2], 'int32'),
        rope: isRotated ? p.weight('rope', [context, headWidth]) : null,
      })
      const attended = await runOn(
        found,
        (p) => cachedAttention(p, { qkv: p.input('qkv', [rows, columns]), ...cacheOf(p) }, shape),
        { qkv, cache, spans, rope },
      )
      const filled = await runOn(
        found,
        (p) => cacheRows(p, { qkv: p.input('qkv', [rows, 2 * width]), ...cacheOf(p) }, shape),
        { qkv: keysValues, cache, spans, rope },
      )
      expect(filled.cache).toEqual(attended.cache)
      expect(filled.cache).not.toEqual(cache)
    },
  )
})

it('is refused where spans or cache do not fit', () => {
  const p = new ProgramBuilder()
  const qkv = p.input('qkv', [2, 12])
  const shape = { heads: 1, keyValueHeads: 1, headWidth: 4 }
  const spans = p.input('spans', [2, 2], 'int32')
  const cache = p.state('cache', [3, 2, context, 4])
  expect(() => cachedAttention(p, { qkv, cache, spans }, shape)).toThrow(/two numbers for each of 3 slots/)
  const narrow = p.state('narrow', [2, 2, context, 3])
  expect(() => cachedAttention(p, { qkv, cache: narrow, spans }, shape)).toThrow(/does not hold 1 heads of 4/)
})
