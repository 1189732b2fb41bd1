import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Example, Partition, Share } from './example'
import { sentencesOf } from './grammar'
import { type CorpusName, corpusNames, domains, shareOf } from './share'

const iid = { kind: 'iid' } as const
const byDomain = { kind: 'by-domain' } as const
const skewed = { kind: 'dirichlet', alpha: 0.3 } as const
const room = (corpus: CorpusName, devices: number, seed = 7, partition: Partition = iid): Share[] =>
  Array.from({ length: devices }, (_, index) => shareOf({ corpus, partition, seed, index }))
const textOf = (examples: readonly Example[]) =>
  examples.map(({ prompt, completion }) => prompt + completion).join(' ')
const sentences = (examples: readonly Example[]) =>
  examples.flatMap(({ prompt, completion }) => sentencesOf(prompt + completion))
const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? []

describe.each(corpusNames)('%s', (corpus) => {
  const shares = room(corpus, 6)

  test('equal requests give equal shares, other seeds and other devices give others', () => {
    const request = { corpus, partition: iid, seed: 7, index: 3 }
    expect(shareOf(request)).toEqual(shares[3])
    expect(shareOf({ ...request, seed: 8 })).not.toEqual(shares[3])
    expect(shares[2]).not.toEqual(shares[3])
  })

  test('no kept-back sentence is in any training text of the room', () => {
    const trained = new Set(shares.flatMap(({ train }) => sentences(train)))
    const heldOut = shares.flatMap((share) => sentences(share.heldOut))
    expect(heldOut.filter((sentence) => trained.has(sentence))).toEqual([])
    expect(heldOut.length).toBeGreaterThanOrEqual(6 * 8)
  })

  test('text is plain: without braces, brackets or doubled spaces', () => {
    for (const { prompt, completion } of shares.flatMap(({ train, heldOut }) => [...train, ...heldOut])) {
      const text = (prompt + completion).replace(/^(<(place|patch) \d+>){45}\n/, '')
      expect(text).toMatch(/^["A-Z].*[.!?]"?$/)
      expect(text).not.toMatch(/[{}[\]|]| {2}|undefined|\ban? an? /)
    }
  })
})

describe('things', () => {
  const shares = room('things', 6)
  const owners = ({ probes }: Share) => new Set(probes.map(({ answer }) => answer.trim()))

  test('a device that holds pictures knows whose the things are, and the next holds facts about these people', () => {
    for (const pair of [0, 2, 4]) {
      const [pictures, facts] = [shares[pair], shares[pair + 1]]
      expect(pictures.train).toHaveLength(48)
      for (const { prompt } of [...pictures.train, ...pictures.heldOut])
        expect(prompt).toMatch(/^(<(place|patch) \d+>){45}\n[A-Z]/)
      expect(owners(pictures).size).toBe(4)
      expect(textOf(facts.train)).not.toMatch(/<place/)
      for (const name of owners(pictures)) expect(textOf(facts.train)).toContain(name)
    }
  })

  test('nothing is asked or kept back with a picture that was trained on', () => {
    const pictureIn = (text: string) => text.split('\n')[0]
    for (const { train, heldOut, probes } of [shares[0], shares[2]]) {
      const trained = new Set(train.map(({ prompt }) => pictureIn(prompt)))
      const asked = [...heldOut, ...probes].map(({ prompt }) => pictureIn(prompt))
      expect(asked.filter((picture) => trained.has(picture))).toEqual([])
    }
  })
})

describe('facts', () => {
  test('30 devices have 16 sentences each, and no name and no value in common', () => {
    const shares = room('facts', 30)
    for (const { train, heldOut, probes } of shares)
      expect([train.length, heldOut.length, probes.length]).toEqual([16, 8, 24])
    const own = shares.map(
      ({ train }) => new Set(sentences(train).flatMap((text) => text.match(/\w+(?=\.$)/g)!)),
    )
    expect(new Set(own.flatMap((values) => [...values])).size).toBe(30 * 4)
  })

  test('a probe asks what a sentence of the share says', () => {
    for (const { train, heldOut, probes } of room('facts', 4))
      for (const { prompt, answer, phrasing } of probes) {
        const said = phrasing === 'trained' ? train : heldOut
        expect(said.map((example) => example.prompt + example.completion)).toContain(`${prompt}${answer}.`)
      }
  })
})

describe('domains', () => {
  test('a share of a domain has a few hundred sentences', () => {
    for (const domain of domains) {
      const { length } = sentences(room(domain, 1)[0].train)
      expect(length).toBeGreaterThan(250)
      expect(length).toBeLessThan(450)
    }
  })

  test('differ: single words tell which domain a kept-back story of another room comes from', () => {
    const models = domains.map((domain) =>
      unigramModel(textOf(room(domain, 1, 1).flatMap(({ train }) => train))),
    )
    const stories = domains.flatMap((domain) =>
      room(domain, 2, 2).flatMap(({ heldOut }) => heldOut.map(({ completion }) => ({ domain, completion }))),
    )
    const right = stories.filter(({ domain, completion }) => {
      const scores = models.map((logProbability) => sum(wordsOf(completion).map(logProbability)))
      return domains[scores.indexOf(Math.max(...scores))] === domain
    })
    expect(right.length / stories.length).toBeGreaterThan(0.97)
  })

  test('all devices of a room write about one town, another room about another', () => {
    const helmOf = (seed: number) =>
      new Set(
        textOf(room('weather', 2, seed).flatMap(({ train }) => train)).match(
          /the [A-Z]\w+ [A-Z]\w+ set out/g,
        ),
      )
    expect(helmOf(1).size).toBe(1)
    expect(new Set([1, 2, 3, 4].flatMap((seed) => [...helmOf(seed)])).size).toBeGreaterThan(1)
  })
})

describe('partitions of mixed text', () => {
  const mark = /kitchen|ferry|coast|whistle|shirts|clinic|doctor|station|corridor|market|stall/i
  const domainsIn = ({ train }: Share) =>
    train.slice(16).filter(({ completion }) => mark.test(completion)).length

  test('everybody holds facts and stories', () => {
    for (const partition of [iid, byDomain, skewed])
      for (const share of room('mixed', 4, 3, partition)) {
        expect(share.train).toHaveLength(16 + 24)
        expect(share.probes).toHaveLength(24)
        expect(domainsIn(share)).toBeGreaterThan(0)
      }
  })

  test('by domain, device 0 and device 6 hold the first domain and nothing else', () => {
    const shares = room('mixed', 7, 3, byDomain)
    const cook = textOf(shares[0].train.slice(16)).match(/(\w+) (lit the stove|tied on an apron)/)![1]
    expect(textOf(shares[6].train)).toContain(cook)
    for (const share of [shares[0], shares[6]])
      expect(textOf(share.train.slice(16))).not.toMatch(/ferry|referee|clinic|robot|stall/)
  })
})

test('a share does not depend on anything but its request', () => {
  const request = fc.record({
    corpus: fc.constantFrom(...corpusNames),
    partition: fc.constantFrom<Partition>(iid, byDomain, skewed),
    seed: fc.nat(),
    index: fc.nat(500),
  })
  fc.assert(
    fc.property(request, (asked) => {
      expect(shareOf(asked)).toEqual(shareOf(asked))
    }),
    { numRuns: 10 },
  )
})

function unigramModel(text: string): (word: string) => number {
  const words = wordsOf(text)
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return (word) => Math.log(((counts.get(word) ?? 0) + 0.5) / (words.length + 1000))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
