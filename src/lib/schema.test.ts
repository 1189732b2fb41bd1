import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readBy } from './schema'

const odd = { length: { toString: 1 } }

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
    const sources = ['src', 'server'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
    )
    const direct = sources.filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !/\.test\.|lib\/schema\.ts/.test(file) &&
        /\.safeParse\(/.test(readFileSync(file, 'utf8')),
    )
    expect(direct).toEqual([])
  })
})
