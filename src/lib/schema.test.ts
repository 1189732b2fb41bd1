import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { firstComplaint, readBy } from './schema'

const odd = { length: { toString: 1 } }

/** Of page and server, without this mechanism itself. */
function filesWith(pattern: RegExp): string[] {
  const files = ['src', 'server'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  )
  const isMeant = (file: string) => /\.tsx?$/.test(file) && !/\.test\.|lib\/schema\.ts/.test(file)
  return files.filter((file) => isMeant(file) && pattern.test(readFileSync(file, 'utf8')))
}

describe('a value that is held against a schema', () => {
  it('is read where it fits, and refused where it does not', () => {
    expect(readBy(z.string().max(3), 'abc')).toEqual({ success: true, data: 'abc' })
    expect(readBy(z.string().max(3), 'abcd').success).toBe(false)
  })

  it.each([z.string().min(1), z.string().max(9), z.array(z.string()).max(9), z.string().length(3)])(
    'is refused, not thrown over, where its length cannot be compared (%#)',
    (schema) => {
      expect(() => schema.safeParse(odd)).toThrow()
      expect(readBy(schema, odd).success).toBe(false)
      expect(readBy(z.object({ inside: schema.optional() }), { inside: odd }).success).toBe(false)
      expect(readBy(z.object({ inside: schema.optional() }), { inside: odd }).error?.issues).toHaveLength(1)
    },
  )

  it('is never read by zod directly', () => {
    const direct = filesWith(/\.safeParse\(/)
    expect(direct).toEqual([])
  })
})

describe('what zod itself would say', () => {
  it('is shown to nobody: complaints are read through firstComplaint', () => {
    const direct = filesWith(/\bissues\b/)
    // Which looks for words that the project itself has put there.
    expect(direct).toEqual(['src/node/stored/records.ts'])
  })
})

describe('what does not fit', () => {
  const complaintOf = (schema: z.ZodType, value: unknown): string => {
    const { error } = readBy(schema, value)
    const { place, what } = firstComplaint(error!)
    return `${place} ${what}`.trim()
  }

  it.each<[z.ZodType, unknown, string]>([
    [z.number(), '8', 'must be a number, not "8"'],
    [z.number(), Number.NaN, 'must be a number, not NaN'],
    [z.number().int(), 1.5, 'must be a whole number, not 1.5'],
    [z.number().max(3), 1e9, 'must be 3 or less, not 1000000000'],
    [z.number().min(1), 0, 'must be 1 or more, not 0'],
    [z.number().positive(), 0, 'must be greater than 0, not 0'],
    [z.string(), 8, 'must be text, not 8'],
    [z.string().max(2), 'abc', 'must be of 2 characters or less, not "abc"'],
    [z.string().regex(/^a/), 'b'.repeat(99), `cannot be "${'b'.repeat(60)}…"`],
    [z.array(z.string()).min(1), [], 'must be a list with something in it'],
    [z.array(z.string()), { a: 1 }, 'must be a list, not an object'],
    [z.boolean(), null, 'must be true or false, not null'],
    [z.literal(false), true, 'must be false, not true'],
    [z.enum(['a', 'b']), 'c', 'must be one of: a, b, not "c"'],
    [z.record(z.string(), z.never()), { a: 1 }, 'a cannot be 1'],
    [z.union([z.number(), z.array(z.number())]), 'x', 'must be a number or a list, not "x"'],
    [z.strictObject({}), { a: 1 }, 'holds "a", which is not known here'],
    [z.object({ a: z.object({ b: z.number() }) }), { a: {} }, 'a.b is missing'],
    [z.discriminatedUnion('type', [z.object({ type: z.literal('a') })]), { type: 'b' }, 'type must be a'],
    [z.number('has words of its own'), 'x', 'has words of its own'],
  ])('is said in plain words (%#)', (schema, value, words) => {
    expect(complaintOf(schema, value)).toBe(words)
  })
})
