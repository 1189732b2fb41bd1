import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketFor, evaluationBatches, makeBatch, sequentialBatches, shuffledBatches } from './batches'
import { inputsOf } from './inputs'
import { countedTokens, type Row, rowsOfExamples, windows } from './rows'

/** One token per letter; 0 ends a text. */
const tokenizer = {
  encode: (text: string) => [...text].map((letter) => letter.charCodeAt(0)),
  decode: (ids: readonly number[]) => String.fromCharCode(...ids),
  eosIds: [0, 1],
}
const codes = (text: string) => tokenizer.encode(text)

describe('rows of examples', () => {
  it('end with the end-of-text token and count the completion only', () => {
    const [row] = rowsOfExamples(tokenizer, [{ prompt: 'ab', completion: 'cd' }], 16)
    expect(row).toEqual({ tokens: [...codes('abcd'), 0], countFrom: 2 })
    expect(countedTokens(row)).toBe(3)
  })

  it('never count the first token of a text', () => {
    const [row] = rowsOfExamples(tokenizer, [{ prompt: '', completion: 'abc' }], 16)
    expect(countedTokens(row)).toBe(3)
    expect(row.countFrom).toBe(1)
  })

  it('cut what is long into windows that predict every token once, and drop windows of the prompt', () => {
    const rows = rowsOfExamples(tokenizer, [{ prompt: 'abcdef', completion: 'ghij' }], 4)
    expect(rows).toEqual([
      { tokens: codes('efghi'), countFrom: 2 },
      { tokens: [...codes('ij'), 0], countFrom: 1 },
    ])
  })

  it('of conversations count every answer and nothing that is given, in windows of any length', () => {
    const conversation = {
      prompt: 'ab',
      completion: 'CD',
      further: [
        { prompt: 'efg', completion: 'H' },
        { prompt: 'i', completion: 'JKL' },
      ],
    }
    const [row] = rowsOfExamples(tokenizer, [conversation], 16)
    expect(row).toEqual({
      tokens: [...codes('abCDefgHiJKL'), 0],
      countFrom: 2,
      skips: [
        [4, 7],
        [8, 9],
      ],
    })
    for (const time of [1, 2, 3, 4, 5, 7, 11, 12, 16]) {
      const learned = rowsOfExamples(tokenizer, [conversation], time).flatMap((each) => {
        const { targets, weights, tokens } = makeBatch([each], time)
        const counted = [...targets].filter((_, index) => weights[index] > 0)
        expect([tokens, countedTokens(each)]).toEqual([counted.length, counted.length])
        return counted
      })
      expect(learned).toEqual([...codes('CDHJKL'), 0])
    }
  })

  it('need no end-of-text token', () => {
    const [row] = rowsOfExamples({ ...tokenizer, eosIds: [] }, [{ prompt: '', completion: 'ab' }], 16)
    expect(row.tokens).toEqual(codes('ab'))
  })

  it('are none where nothing can be predicted', () => {
    expect(rowsOfExamples({ ...tokenizer, eosIds: [] }, [{ prompt: '', completion: 'a' }], 16)).toEqual([])
  })
})

describe('windows of a stream', () => {
  it('predict every token but the first exactly once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (tokens, time) => {
        const rows = windows(tokens, time)
        expect(rows.flatMap((row) => row.tokens.slice(1))).toEqual(tokens.slice(1))
        for (const [index, row] of rows.entries()) expect(row.tokens[0]).toBe(tokens[index * time])
      }),
    )
  })
})

describe('batches', () => {
  const row = (length: number, first = 1): Row => ({
    tokens: Array.from({ length: length + 1 }, (_, i) => first + i),
    countFrom: 1,
  })

  it('pad behind the end with weight 0', () => {
    const batch = makeBatch([row(2), { tokens: [7, 8, 9, 10], countFrom: 3 }], 4)
    expect([...batch.ids]).toEqual([1, 2, 0, 0, 7, 8, 9, 0])
    expect([...batch.targets]).toEqual([2, 3, 0, 0, 8, 9, 10, 0])
    expect([...batch.weights].map((weight) => 3 * weight)).toEqual(
      [1, 1, 0, 0, 0, 0, 1, 0].map((weight) => expect.closeTo(weight)),
    )
    expect(batch.tokens).toBe(3)
  })

  it('take their length from a few buckets', () => {
    expect([1, 16, 17, 33, 65, 128].map((length) => bucketFor([row(length)], 128))).toEqual([
      16, 16, 32, 64, 128, 128,
    ])
    expect(bucketFor([row(90)], 100)).toBe(100)
  })

  it('show every row once in each pass, in an order of the seed', () => {
    const rows = Array.from({ length: 10 }, (_, index) => row(index < 3 ? 20 : 5, 100 * index))
    const take = (seed: number, count: number) => {
      const batches = shuffledBatches(rows, 4, 128, seed)
      return Array.from({ length: count }, () => batches.next().value)
    }
    const firsts = take(1, 3).flatMap(({ ids, time, batch }) =>
      Array.from({ length: batch }, (_, i) => ids[i * time]),
    )
    expect(firsts.toSorted((a, b) => a - b)).toEqual(rows.map(({ tokens }) => tokens[0]))
    expect(take(1, 6)).toEqual(take(1, 6))
    expect(take(2, 6)).not.toEqual(take(1, 6))
    expect(take(1, 6).slice(3)).not.toEqual(take(1, 3))
  })

  it('rehearse half as many rows beside a batch, in passes of their own', () => {
    const own = Array.from({ length: 6 }, (_, index) => row(5, 10 * index))
    const again = { rows: Array.from({ length: 4 }, (_, index) => row(20, 1000 + 100 * index)), weight: 2 }
    const batches = shuffledBatches(own, 4, 128, 3, again)
    const pass = [batches.next().value, batches.next().value]
    const [first, second] = pass.toSorted((one, other) => other.batch - one.batch)
    expect([first.batch, first.rehearsed, first.time, first.tokens]).toEqual([6, 2, 32, 20])
    expect([second.batch, second.rehearsed, second.tokens]).toEqual([3, 1, 10]) // what was left of the pass
    const heads = [...pass, batches.next().value].flatMap(({ ids, time, batch, rehearsed }) =>
      Array.from({ length: rehearsed }, (_, at) => ids[(batch - rehearsed + at) * time]),
    )
    expect(heads.slice(0, 4).toSorted()).toEqual([1000, 1100, 1200, 1300])
    const sum = (weights: Iterable<number>) => [...weights].reduce((total, weight) => total + weight, 0)
    expect(sum(first.weights)).toBeCloseTo(1 + 2, 5)
    const { learning, reading } = inputsOf(first)
    expect(sum(reading.weights as Float32Array)).toBeCloseTo(1 + 2, 5)
    expect(sum(learning.reported as Float32Array)).toBeCloseTo(1, 5)
  })

  it('in sequence wrap around: step s takes the windows (s B + j) mod n', () => {
    const batches = sequentialBatches([row(2, 10), row(2, 20), row(2, 30)], 2, 2)
    const firsts = Array.from({ length: 3 }, () =>
      [...batches.next().value.ids].filter((_, index) => index % 2 === 0),
    )
    expect(firsts).toEqual([
      [10, 20],
      [30, 10],
      [20, 30],
    ])
  })

  it('for evaluation hold every row once, in order where asked', () => {
    const rows = Array.from({ length: 20 }, (_, index) => row(20 - index, index))
    const total = evaluationBatches(rows, 128).reduce((sum, { tokens }) => sum + tokens, 0)
    expect(total).toBe(rows.reduce((sum, row) => sum + countedTokens(row), 0))
    expect(evaluationBatches(rows, 128, true)[0].ids[0]).toBe(0)
  })
})
