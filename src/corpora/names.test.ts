import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { expect, test } from 'vitest'
import { animals, foods, isWoman, names, secretWords, towns } from './names'

const lists = { names, secretWords, animals, foods, towns }
const words = Object.values(lists).flat()

test('no word stands for two things', () => {
  expect(new Set(words).size).toBe(words.length)
})

test('there are 128 names, half of them women, and 32 values of every kind', () => {
  expect(Object.values(lists).map(({ length }) => length)).toEqual([128, 32, 32, 32, 32])
  expect(names.filter(isWoman)).toHaveLength(64)
})

test.each(['toy', 'seedling'])('every word is one token of %s, with its leading space', (model) => {
  const read = (file: string) => JSON.parse(readFileSync(`public/models/${model}/${file}`, 'utf8'))
  const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'))
  const tokens = (word: string) => tokenizer.encode(` ${word}`, { add_special_tokens: false }).ids.length
  expect(words.filter((word) => tokens(word) !== 1)).toEqual([])
})
