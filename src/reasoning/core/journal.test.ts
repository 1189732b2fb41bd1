import { describe, expect, it } from 'vitest'
import { journalOf } from './journal'

describe('the journal of a boundary', () => {
  it('gives every row back that crossed it, in chunks of any size', () => {
    const journal = journalOf(2)
    const crossed = Float32Array.from({ length: 400 }, (_, index) => index)
    for (let row = 0; row < 200; row += 40) journal.write(row, crossed.slice(2 * row, 2 * (row + 40)))
    expect(journal.length).toBe(200)
    expect(journal.rows(0, 200)).toEqual(crossed)
    expect(journal.rows(150, 152)).toEqual(Float32Array.of(300, 301, 302, 303))
  })

  it('takes a position below its end for a rollback', () => {
    const journal = journalOf(1)
    journal.write(0, Float32Array.of(1, 2, 3, 4))
    journal.write(1, Float32Array.of(9))
    expect(journal.length).toBe(2)
    expect(journal.rows(0, 2)).toEqual(Float32Array.of(1, 9))
    journal.trim(1)
    expect(journal.length).toBe(1)
  })

  it('never skips a row: a stage that goes on elsewhere than where it stands would say something else', () => {
    const journal = journalOf(1)
    journal.write(0, Float32Array.of(1))
    expect(() => journal.write(2, Float32Array.of(3))).toThrow(/holds 1 rows and cannot go on at 2/)
  })
})
