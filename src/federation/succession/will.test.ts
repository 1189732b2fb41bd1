import { describe, expect, it } from 'vitest'
import { usualWill } from './fixtures/signatures'
import { heirsOf, isLater, majorityOf, nextRoster, willText } from './will'

const known = (...devices: string[]) => new Set(devices)
const nobody = known()

describe('a roster', () => {
  it('grows by one newcomer at a time, in the order of their places', () => {
    const present = ['a', 'b', 'c']
    expect(nextRoster([], nobody, { present, gone: nobody })).toEqual(['a'])
    expect(nextRoster(['a'], known('a'), { present, gone: nobody })).toEqual(['a', 'b'])
  })

  it('changes only once more than half of it know what it is', () => {
    const attendance = { present: ['a', 'b', 'c'], gone: nobody }
    expect(nextRoster(['a', 'b'], known('a'), attendance)).toEqual(['a', 'b'])
    expect(nextRoster(['a', 'b'], known('a', 'stranger'), attendance)).toEqual(['a', 'b'])
    expect(nextRoster(['a', 'b'], known('a', 'b'), attendance)).toEqual(['a', 'b', 'c'])
  })

  it('lets go of one at a time of those who are gone, and of nobody who is merely away', () => {
    const roster = ['a', 'b', 'c', 'd', 'e']
    const attendance = { present: ['a', 'b', 'c'], gone: known('d', 'e') }
    expect(nextRoster(roster, known('a', 'b', 'c'), attendance)).toEqual(['a', 'b', 'c', 'e'])
    expect(nextRoster(roster, known('a', 'b', 'c'), { ...attendance, gone: nobody })).toEqual(roster)
  })

  it('of half a room that cannot hear the other half stays as it was', () => {
    const roster = ['a', 'b', 'c', 'd']
    expect(nextRoster(roster, known('a', 'b'), { present: ['a', 'b'], gone: known('c', 'd') })).toEqual(
      roster,
    )
  })
})

describe('heirs', () => {
  it('are the first of the roster who are here', () => {
    expect(heirsOf(['a', 'b', 'c', 'd'], { present: ['b', 'd', 'c'] }, 2)).toEqual(['b', 'c'])
  })

  it('are named by nobody where two could not outvote one', () => {
    expect(heirsOf(['a', 'b'], { present: ['a', 'b'] }, 2)).toEqual([])
  })
})

describe('a will', () => {
  it('is signed with all that it says', () => {
    const changes = [
      { code: 'OTHER' },
      { term: 1 },
      { serial: 6 },
      { version: 3 },
      { adapterHash: 'b' },
      { settingsHash: 't' },
      { roster: ['ada', 'bob'] },
      { heirs: ['bob', 'ada'] },
    ]
    const texts = [usualWill, ...changes.map((change) => ({ ...usualWill, ...change }))].map(willText)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('is replaced by one with a larger number, or of a later coordinator', () => {
    expect(isLater(usualWill, null)).toBe(true)
    expect(isLater({ term: 0, serial: 6 }, usualWill)).toBe(true)
    expect(isLater({ term: 1, serial: 0 }, usualWill)).toBe(true)
    expect(isLater(usualWill, usualWill)).toBe(false)
  })
})

describe('a majority', () => {
  it('is more than half', () => {
    expect([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map(majorityOf)).toEqual([1, 2, 2, 3])
  })
})
