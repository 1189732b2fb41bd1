import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clause, sentence } from './sentence'

/** What is put into sentences, by the names that it has here; a period right behind it may be its second. */
const joined = /\$\{(complaint|why|reason|problem|message|\w+\.message|messageOf\(\w+\))( \|\| '[^']*')?\}\./

describe('a sentence', () => {
  it.each([
    ['was refused: its rank is 4', 'was refused: its rank is 4.'],
    ['was refused: The compressed update is cut off.', 'was refused: The compressed update is cut off.'],
    ['Really?', 'Really?'],
    ['It is thinking…', 'It is thinking…'],
    ['It must be "a."', 'It must be "a.".'],
  ])('ends once: %s', (said, whole) => {
    expect(sentence(said)).toBe(whole)
  })

  it('ends with one mark whatever it is made of, and gives its period to the one that it is part of', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,20}[a-z"')]$/), (said) => {
        expect(sentence(sentence(said))).toBe(`${said}.`)
        expect(clause(sentence(said))).toBe(said)
        expect(clause(said)).toBe(said)
      }),
    )
    expect(clause('and so on...')).toBe('and so on...')
  })

  it('is made by the same means wherever a complaint is put into one', () => {
    const rooms = join(import.meta.dirname, '..')
    const faults = readdirSync(rooms, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.') && !name.includes('words'))
      .flatMap((name) =>
        readFileSync(join(rooms, name), 'utf8')
          .split('\n')
          .filter((line) => joined.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(faults).toEqual([])
  })
})
