import { describe, expect, it } from 'vitest'
import { machines, relativeError, runOn } from '../machines/testing'
import { gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { cachedAttention } from './cachedAttention'
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
        cache: p.state('cache', [2, context, keyValueHeads * headWidth]),
        span: p.input('span', [2], 'int32'),
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
    const span = Int32Array.of(first, size)
    const results = await runOn(machine, build(rows), { qkv: padded, cache, span, rope })
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
