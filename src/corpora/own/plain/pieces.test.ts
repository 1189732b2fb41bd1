/** What a piece of running text is: lists stay lists, wrapped text is joined, and what is too long is parted. */
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'
import { partsOf } from './parted'

describe('lines are examples', () => {
  test('of short notes, of a log, and of sentences', () => {
    const notes = 'buy milk\ncall Anna about the tent\ndentist on Monday\nthe key is under the pot'
    expect(read('notes.txt', notes)).toMatchObject({ form: 'lines', examples: { length: 4 } })
    const log = 'INFO one\n\nERROR two\n\tat app.load\n'
    expect(learned(read('app.log', log))).toEqual(['INFO one', 'ERROR two', 'at app.load'])
    const uneven = `${'a long line that runs on and on '.repeat(3)}\nshort one\nanother one\nand the last`
    expect(read('a.txt', uneven).form).toBe('lines')
  })
})

describe('long texts', () => {
  const joined = (text: string) => partsOf(text).join('').replace(/\s/g, '')

  test.each([
    ['sentences', 'The moss grows in the shade. '.repeat(400)],
    ['sentences without spaces', '苔藓生长在阴凉处。'.repeat(500)],
    ['words', 'moss '.repeat(2000)],
    ['neither', 'm'.repeat(5000)],
    ['pairs of code units', `x${'😀'.repeat(4000)}`],
  ])('are parted and nothing is lost: %s', (kind, text) => {
    const parts = partsOf(text)
    expect(parts.length).toBeGreaterThan(3)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(1300)
    expect(joined(text)).toBe(text.replace(/\s/g, ''))
    if (kind.startsWith('sentences')) expect(parts.every((part) => /[.。]$/.test(part))).toBe(true)
    expect(parts.every((part) => part.isWellFormed())).toBe(true)
  })

  test('are said to be parted, and short ones are left whole', () => {
    const reading = read('long.txt', 'The moss grows in the shade. '.repeat(400))
    expect(reading.notes).toEqual([{ kind: 'parted' }])
    expect(reading.examples.length).toBeGreaterThan(10)
    expect(partsOf('a'.repeat(2000))).toHaveLength(1)
    expect(read('short.txt', 'One.').notes).toEqual([])
  })
})
