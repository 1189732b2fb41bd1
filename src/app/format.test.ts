import { describe, expect, it } from 'vitest'
import {
  bytesIn,
  decimal,
  durationIn,
  exact,
  lossIn,
  percent,
  readRoomCode,
  together,
  writtenFor,
} from './format'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('numbers for people', () => {
  it('choose the unit of bytes', () => {
    expect([0, 999, 1000, 393_216, 12_400_000].map((value) => bytesIn(value, 'en'))).toEqual([
      '0 bytes',
      '999 bytes',
      '1 kB',
      '393 kB',
      '12 MB',
    ])
    expect(plain(bytesIn(1_500_000, 'de'))).toBe('1,5 MB')
  })

  it('say durations in two units at most', () => {
    expect([4.25, 42, 60, 75, 3720, 7200].map((value) => durationIn(value, 'en'))).toEqual([
      '4.3 sec',
      '42 sec',
      '1 min',
      '1 min 15 sec',
      '1 hr 2 min',
      '2 hr',
    ])
  })

  it('have the decimal sign of the language, also where they are typed', () => {
    expect(['0.005', '1e-7', '4', '0.5,1', 'auto'].map((text) => writtenFor(text, 'de'))).toEqual([
      '0,005',
      '1e-7',
      '4',
      '0.5,1',
      'auto',
    ])
    expect(writtenFor('0.005', 'en')).toBe('0.005')
    expect([exact(0.6, 'de'), exact(125_000, 'en'), decimal(0.6, 2, 'de')]).toEqual(['0,6', '125000', '0,60'])
  })

  it('say what is no number', () => {
    expect(
      [null, Number.NaN, Number.POSITIVE_INFINITY, 0.1234, 4.5].map((value) => lossIn(value, 'en')),
    ).toEqual(['–', 'NaN', '∞', '0.123', '4.50'])
    expect(plain(percent(0.834, 'de'))).toBe('83 %')
  })
})

describe('room codes as people type them', () => {
  it.each(['4F7-K2Q', '4f7k2q', ' 4f7 k2q ', '4F7–K2Q', '4f7.k2q'])('reads %j', (typed) => {
    expect(readRoomCode(typed)).toBe('4F7-K2Q')
  })

  it('reads letters that Crockford leaves out as what they look like', () => {
    expect(readRoomCode('oilu12')).toBe('011-V12')
  })

  it.each(['', '4F7', '4F7-K2Q9', '4F7-K2*'])('refuses %j', (typed) => {
    expect(readRoomCode(typed)).toBeNull()
  })
})

describe('several names', () => {
  it('are one list, as each language has it', () => {
    expect(together(['Otter'], 'en')).toBe('Otter')
    expect(together(['Heron', 'Otter', 'Lynx'], 'en')).toBe('Heron, Otter and Lynx')
    expect(together(['Heron', 'Otter', 'Lynx'], 'de')).toBe('Heron, Otter und Lynx')
  })
})
