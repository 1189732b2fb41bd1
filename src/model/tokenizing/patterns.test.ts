import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxPatternCharacters, patternComplaint } from './patterns'

/** As published with models. */
const published = {
  'GPT-2': "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  'LLaMA 3':
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  'Mistral (o200k)':
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  DeepSeek:
    '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
  BLOOM: ' ?[^(\\s|[.,!?…。，、।۔،])]+',
  'digits in threes': '(?=(\\d{3})+(?!\\d))',
  'many spaces': ' {2,}',
}

describe('the patterns of a tokenizer', () => {
  it.each(Object.entries(published))('of %s are run', (_, pattern) => {
    expect(patternComplaint(pattern)).toBeNull()
  })

  it('of the models that ship are run', () => {
    for (const model of ['toy', 'seedling']) {
      const text = readFileSync(`public/models/${model}/tokenizer.json`, 'utf8')
      for (const [, pattern] of text.matchAll(/"Regex": ?("(?:[^"\\]|\\.)*")/g))
        expect(patternComplaint(JSON.parse(pattern))).toBeNull()
    }
  })

  it.each([
    ['(a+)+b', /several ways/],
    ['(a*)*', /several ways/],
    ['((a|b)|c)*d', /several ways/],
    ['(a|a)*b', /several ways/],
    ['(?:a|aa)+$', /several ways/],
    ['(?:a?){40}a{40}', /several ways/],
    ['(?:(?:a{0,9})x)+', /several ways/],
    ['(\\w+\\s?)*!', /several ways/],
    ['(?=(a+)+b)', /several ways/],
    ['a*a*a*a*a*b', /too often in a row/],
    ['(a*)(a*)(a*)(a*)(a*)', /too often in a row/],
    ['a{1,100}a{1,100}a{1,100}a{1,100}a{1,100}', /too/],
    ['(((a{99}){99}){99}){99}', /too much/],
    ['a{999999999}', /too much/],
    ['(a)\\1*', /refers back/],
    ['(?<x>a)\\k<x>', /refers back/],
    ['a**', /repeats a repetition/],
    ['(a', /brackets/],
    ['a)', /brackets/],
    ['[a', /brackets/],
    [`${'a?'.repeat(30)}${'a'.repeat(30)}`, /too many ways/],
    ['(?:a|aa)'.repeat(30), /too many ways/],
    ['('.repeat(30), /deeply/],
  ])('such as %s are refused', (pattern, why) => {
    expect(patternComplaint(pattern)).toMatch(why)
  })

  it('are refused by their length first', () => {
    expect(patternComplaint('('.repeat(maxPatternCharacters + 1))).toMatch(/4001 characters/)
  })

  it('of any form get an answer', () => {
    const piece = fc.constantFrom(
      ...'()[]{}|*+?\\^$.-,a1kpu:=!<>i '.split(''),
      '(?:',
      '(?=',
      '\\p{L}',
      '{2,}',
    )
    const pattern = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(pattern, fc.string()), (text) => {
        expect(patternComplaint(text)).toSatisfy(
          (answer) => answer === null || answer.startsWith('the pattern'),
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('that are run end soon: each takes few steps on text that it nearly matches', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '.', '\\w', '(?:ab)', '(?:a|b)', '(?:a|ab)')
    const repeat = fc.constantFrom('', '', '*', '+', '?', '{2}', '{2,}')
    const branch = fc.array(fc.tuple(atom, repeat), { minLength: 1, maxLength: 3 })
    const pattern = fc
      .array(branch, { minLength: 1, maxLength: 2 })
      .map((branches) => branches.map((pieces) => pieces.flat().join('')).join('|'))
    fc.assert(
      fc.property(pattern, (source) => {
        if (patternComplaint(source) !== null) return
        // An exponential pattern would need 2^40 steps here and never end.
        expect(`${'ab'.repeat(20)}${'a'.repeat(40)}!`.replace(new RegExp(source, 'gu'), '')).toBeTypeOf(
          'string',
        )
      }),
      { numRuns: 500 },
    )
  })
})
