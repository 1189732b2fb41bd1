import { describe, expect, it } from 'vitest'
import { type Example, textOfExample } from './example'
import { factsOf } from './facts'
import { pixelsOf } from './pictures/patches'
import {
  type BaseName,
  baseNamed,
  bases,
  canSee,
  documents,
  firstDocuments,
  generalText,
  kindsOf,
  rehearsalText,
  thingsIn,
} from './pretraining'

const names = Object.keys(bases) as BaseName[]
const textsOf = (examples: readonly Example[]) => examples.map(textOfExample)

describe('the general text of a base', () => {
  it.each(names)('of %s is always the same, and of every kind', (base) => {
    const text = textsOf(generalText(base))
    expect(generalText(base)).toBe(generalText(base))
    expect(kindsOf(base)).toHaveLength(canSee(base) ? 10 : 7)
    expect(text).toHaveLength(6 * 18 + 80 + (canSee(base) ? 60 + 60 + 150 : 0))
    expect(new Set(text).size).toBeGreaterThan(0.95 * text.length)
  })

  it('is another for another base', () => {
    const [one, ...others] = names.map((base) => new Set(textsOf(generalText(base))))
    for (const other of others)
      expect([...one].filter((document) => other.has(document)).length).toBeLessThan(5)
  })
})

describe('what a base that sees has read', () => {
  it('shows pictures before what is said of them, or asks for one, and never both', () => {
    const pictures = generalText('lens').filter(({ prompt }) => prompt !== '')
    expect(pictures.length).toBeGreaterThan(150)
    for (const { prompt, completion } of pictures)
      expect([prompt.slice(0, -1), completion].filter((text) => pixelsOf(text) !== null)).toHaveLength(1)
  })

  it('begins with pictures of one or two things, every second text without one, and comes to five by and by', () => {
    expect([...firstDocuments('seedling')]).toEqual([])
    const first: number[] = []
    for (const { prompt, completion } of firstDocuments('lens')) {
      first.push((prompt + completion).match(/<place \d>/g)?.length ?? 0)
      if (first.length === 200) break
    }
    expect([...new Set(first)].sort()).toEqual([0, 1, 2])
    expect(first.filter((things) => things === 0).length / first.length).toBeCloseTo(0.5, 1)
    expect([0, 19_999, 20_000, 30_000].map(thingsIn)).toEqual([2, 2, 3, 5])
  })

  it('is rehearsed with pictures, and without saying whose a thing is', () => {
    const read = rehearsalText('lens', 7, 3)
    expect(read.filter(({ prompt }) => prompt !== '').length).toBeGreaterThan(60)
    expect(textsOf(read).filter((text) => /belongs to|The owner of this/.test(text))).toEqual([])
  })
})

describe('rehearsal', () => {
  const rooms = [0, 1, 7, 2 ** 31 - 1]

  it('repeats itself, and no two devices or rooms read the same', () => {
    expect(rehearsalText('toy', 7, 3)).toEqual(rehearsalText('toy', 7, 3))
    const read = rooms.flatMap((seed) =>
      [0, 1, 2].map((index) => textsOf(rehearsalText('toy', seed, index)).join('\n')),
    )
    expect(new Set(read).size).toBe(read.length)
  })

  it('never reads a story of the general text or of pretraining, and of facts only what chance repeats', () => {
    const stories = (texts: Iterable<string>) => [...texts].filter((text) => text.length > 150)
    const known = new Set(
      names
        .filter((base) => !canSee(base))
        .flatMap((base) => stories([...textsOf(generalText(base)), ...textsOf([...documents(base, 3000)])])),
    )
    expect(known.size).toBeGreaterThan(1000)
    for (const seed of rooms)
      for (const index of [0, 5]) {
        const read = stories(textsOf(rehearsalText('toy', seed, index)))
        expect(read.length).toBeGreaterThan(100)
        expect(read.filter((text) => known.has(text))).toEqual([])
      }
  })

  it('says nothing else of the people whose facts the device has read', () => {
    for (const seed of rooms)
      for (const index of [0, 1, 31]) {
        const own = factsOf(seed, index)
        const aboutFacts = textsOf(rehearsalText('toy', seed, index)).filter((text) => text.length < 150)
        for (const { name, relation } of own)
          for (const phrasing of [...relation.trained, ...relation.unseen]) {
            const before = phrasing.slice(0, phrasing.indexOf(' VALUE')).replace('NAME', name)
            expect(aboutFacts.filter((text) => text.includes(before))).toEqual([])
          }
      }
  })
})

it.each([
  ['toy', 'toy'],
  ['public/models/seedling', 'seedling'],
  ['/home/somebody/gossamer/public/models/toy', 'toy'],
  ['public/models/lens/', 'lens'],
  ['someone/toy', null],
  ['local:toy', null],
  ['models/toy', null],
  ['constructor', null],
])('%s is the base %s', (model, base) => {
  expect(baseNamed(model)).toBe(base)
})
