import { expect, it } from 'vitest'
import { shownRecalls } from './recalls'

const recall = { merged: 0.5, alone: null, base: 0, unseen: 0.25 }

it('shows of what is known of facts what was measured: a 0 that was, and nothing that was not', () => {
  expect(shownRecalls([recall])).toEqual(['merged', 'unseen', 'base'])
  expect(shownRecalls([{ ...recall, alone: 0 }, recall])).toEqual(['merged', 'unseen', 'alone', 'base'])
  expect(shownRecalls([])).toEqual([])
})
