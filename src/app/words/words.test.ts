import { describe, expect, it } from 'vitest'
import { de } from './de'
import { en } from './en'

/** Every text of a dictionary by its path; functions are called with numbers, which all of them can say. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value(2, 3, 4, 5, 6))]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
}

describe('the words', () => {
  it('are all there in both languages', () => {
    expect(textsOf(de).map(([path]) => path)).toEqual(textsOf(en).map(([path]) => path))
  })

  it.each([
    ['en', en],
    ['de', de],
  ])('are never empty in %s', (_, words) => {
    expect(textsOf(words).filter(([, text]) => text.trim() === '' || /undefined|NaN/.test(text))).toEqual([])
  })

  it('count one and many', () => {
    expect([en.devices(1), en.devices(4), de.devices(1), de.rounds(12)]).toEqual([
      '1 device',
      '4 devices',
      '1 Gerät',
      '12 Runden',
    ])
  })
})
