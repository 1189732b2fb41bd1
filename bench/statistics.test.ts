import { expect, test } from 'vitest'
import { quantile, spreadOf } from './statistics'

test('the median of an even number of values lies between the middle two', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
})

test('quantiles run from the least to the largest value', () => {
  expect(quantile([5, 9, 7], 0)).toBe(5)
  expect(quantile([5, 9, 7], 1)).toBe(9)
})

test('one outlier moves neither the median nor the interquartile range', () => {
  const calm = spreadOf([10, 11, 12, 13, 14])
  const disturbed = spreadOf([10, 11, 12, 13, 1000])
  expect(disturbed).toEqual(calm)
  expect(calm).toEqual({ median: 12, iqr: 2, least: 10 })
})

test('no values have no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError)
})
