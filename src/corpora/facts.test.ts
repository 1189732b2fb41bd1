import { describe, expect, test } from 'vitest'
import { random } from '../lib/rng'
import {
  type Fact,
  factDocument,
  factsOf,
  factsPerDevice,
  promptOf,
  relations,
  sentenceOf,
  worldOf,
} from './facts'

const room = (devices: number, seed = 7) =>
  Array.from({ length: devices }, (_, index) => factsOf(seed, index))
const phrasings = relations.flatMap(({ trained, unseen }) => [...trained, ...unseen])

describe('the facts of a room', () => {
  test.each([0, 7, 123456])('seed %i: 32 devices share neither a name nor a value', (seed) => {
    const facts = room(32, seed).flat()
    expect(new Set(facts.map(({ name }) => name)).size).toBe(facts.length)
    expect(new Set(facts.map(({ value }) => value)).size).toBe(facts.length)
  })

  test('128 devices never say two things about one person', () => {
    const questions = room(128)
      .flat()
      .map(({ name, relation }) => `${relation.name} of ${name}`)
    expect(new Set(questions).size).toBe(questions.length)
  })

  test('a device holds four facts in one relation, so that it has to learn whose each is', () => {
    for (const facts of room(40)) {
      expect(new Set(facts.map(({ relation }) => relation)).size).toBe(1)
      expect(new Set(facts.map(({ value }) => value)).size).toBe(factsPerDevice)
    }
  })

  test('another room deals otherwise', () => {
    const text = (seed: number) => JSON.stringify(room(4, seed))
    expect(text(1)).not.toBe(text(2))
    expect(text(1)).toBe(text(1))
  })
})

describe('a phrasing', () => {
  test.each(phrasings)('%s', (phrasing) => {
    const fact: Fact = { name: 'Mira', relation: relations[0], value: 'amber' }
    expect(phrasing).toMatch(/\w.* NAME .*VALUE\.$/)
    expect(sentenceOf(fact, phrasing)).toBe(`${promptOf(fact, phrasing)} amber.`)
  })

  test('is kept back or trained, never both, and no two are alike', () => {
    expect(new Set(phrasings).size).toBe(phrasings.length)
    for (const { trained, unseen } of relations) expect([trained.length, unseen.length]).toEqual([4, 2])
  })
})

test('pretraining shows every phrasing, with bindings that say nothing', () => {
  const draw = random(3)
  const text = Array.from({ length: 4000 }, () => factDocument(worldOf(draw), draw)).join(' ')
  for (const phrasing of phrasings) expect(text).toMatch(new RegExp(phrasing.replace(/NAME|VALUE/g, '\\w+')))
  const words = [...text.matchAll(/The secret word of Mira is (\w+)/g)].map(([, word]) => word)
  expect(new Set(words).size).toBeGreaterThan(words.length / 3)
})
