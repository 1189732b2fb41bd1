import { describe, expect, test } from 'vitest'
import { random } from '../lib/rng'
import { expand, paragraph, sentencesOf } from './grammar'

const rules = {
  person: ['Mira', 'Otto'],
  dish: ['soup', 'omelette'],
  meal: ['{dish} for {person}'],
  greeting: ['{guest=person} came in', '{guest=person} sat down'],
  order: ['"{a dish}, please," said {guest}, and {guest.she} took off {guest.her} hat'],
}
const written = (template: string, seed = 1, bindings = {}) =>
  expand(template, rules, bindings, random(seed)).text
const seeds = Array.from({ length: 40 }, (_, seed) => seed)

describe('a template', () => {
  test('draws one of the alternatives', () => {
    expect(new Set(seeds.map((seed) => written('[early|late|]', seed)))).toEqual(
      new Set(['early', 'late', '']),
    )
  })

  test('is filled by the binding of a name, else by a draw from its rule, which may hold further holes', () => {
    expect(written('{meal}', 1, { dish: 'pie', person: 'Ada' })).toBe('pie for Ada')
    expect(seeds.map((seed) => written('{meal}', seed))).toContain('omelette for Mira')
  })

  test('remembers a draw, so that a character continues', () => {
    for (const seed of seeds) {
      const [first, second] = written('{guest=person} {guest}', seed).split(' ')
      expect(second).toBe(first)
    }
  })

  test('gives two characters two names', () => {
    for (const seed of seeds)
      expect(written('{one=person} {two=person}', seed)).toMatch(/Mira Otto|Otto Mira/)
  })

  test('knows pronouns and articles', () => {
    expect(written('{who.she} lost {who.her} hat: {who.him}', 1, { who: 'Mira' })).toBe(
      'she lost her hat: her',
    )
    expect(written('{who.she} lost {who.her} hat: {who.him}', 1, { who: 'Otto' })).toBe(
      'he lost his hat: him',
    )
    expect([written('{a x}', 1, { x: 'soup' }), written('{a x}', 1, { x: 'egg' })]).toEqual([
      'a soup',
      'an egg',
    ])
  })

  test('that names what does not exist is a mistake of the author', () => {
    expect(() => written('{nothing}')).toThrow('"nothing"')
  })
})

describe('a paragraph', () => {
  test('is punctuated English in which the guest stays the same', () => {
    expect(paragraph(['greeting', 'order'], rules, {}, random(2))).toMatch(
      /^(Mira|Otto) (came in|sat down)\. "(A soup|An omelette), please," said \1, and s?he took off (her|his) hat\.$/,
    )
  })

  test('never holds a sentence that is not accepted, and leaves out a step that has no other', () => {
    const accept = (sentence: string) => !sentence.includes('came in')
    for (const seed of seeds)
      expect(paragraph(['greeting'], rules, {}, random(seed), accept)).toMatch(/ sat down\.$/)
    expect(paragraph(['greeting', 'greeting'], rules, {}, random(1), () => false)).toBe('')
  })

  test('says nothing twice', () => {
    const sentences = sentencesOf(paragraph(Array(12).fill('greeting'), rules, {}, random(1)))
    expect(new Set(sentences).size).toBe(sentences.length)
  })
})

test('text splits into sentences after full stops, also inside quotations', () => {
  expect(sentencesOf('It is late. "Come." He went! "Why?" asked Mira.')).toEqual([
    'It is late.',
    '"Come."',
    'He went!',
    '"Why?"',
    'asked Mira.',
  ])
})
