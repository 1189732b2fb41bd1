import { describe, expect, it } from 'vitest'
import { factsOf } from './facts'
import { type BaseName, baseNamed, bases, documents, generalText, kinds, rehearsalText } from './pretraining'

const names = Object.keys(bases) as BaseName[]
const textsOf = (examples: readonly { readonly completion: string }[]) =>
  examples.map(({ completion }) => completion)

describe('the general text of a base', () => {
  it.each(names)('of %s is always the same, and of every kind', (base) => {
    const text = textsOf(generalText(base))
    expect(generalText(base)).toBe(generalText(base))
    expect(text).toHaveLength((kinds.length - 1) * 18 + 80)
    expect(new Set(text).size).toBeGreaterThan(0.95 * text.length)
  })

  it('is another for another base', () => {
    const [one, other] = names.map((base) => new Set(textsOf(generalText(base))))
    expect([...one].filter((document) => other.has(document)).length).toBeLessThan(5)
  })
})

describe('rehearsal', () => {
  const rooms = [0, 1, 7, 2 ** 31 - 1]

  it('repeats itself, and no two devices or rooms read the same', () => {
    expect(rehearsalText(7, 3)).toEqual(rehearsalText(7, 3))
    const read = rooms.flatMap((seed) =>
      [0, 1, 2].map((index) => textsOf(rehearsalText(seed, index)).join('\n')),
    )
    expect(new Set(read).size).toBe(read.length)
  })

  it('never reads a story of the general text or of pretraining, and of facts only what chance repeats', () => {
    const stories = (texts: Iterable<string>) => [...texts].filter((text) => text.length > 150)
    const known = new Set(
      names.flatMap((base) => stories([...textsOf(generalText(base)), ...documents(base, 3000)])),
    )
    expect(known.size).toBeGreaterThan(1000)
    for (const seed of rooms)
      for (const index of [0, 5]) {
        const read = stories(textsOf(rehearsalText(seed, index)))
        expect(read.length).toBeGreaterThan(100)
        expect(read.filter((text) => known.has(text))).toEqual([])
      }
  })

  it('says nothing else of the people whose facts the device has read', () => {
    for (const seed of rooms)
      for (const index of [0, 1, 31]) {
        const own = factsOf(seed, index)
        const aboutFacts = textsOf(rehearsalText(seed, index)).filter((text) => text.length < 150)
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
  ['someone/toy', null],
  ['local:toy', null],
  ['models/toy', null],
  ['constructor', null],
])('%s is the base %s', (model, base) => {
  expect(baseNamed(model)).toBe(base)
})
