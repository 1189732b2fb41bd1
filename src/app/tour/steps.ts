/** The guided tour as data: which part of the page each step points at. Words are in `words/`. */
import type { Words } from '../words/en'

interface TourStep {
  readonly id: keyof Words['tour']['steps']
  /** Value of `data-tour` on the element; a step whose element is not on the page stands in the middle. */
  readonly on: string
  /** It speaks of facts: only for rooms that have some. */
  readonly aboutFacts?: boolean
}

export const tourSteps: readonly TourStep[] = [
  { id: 'invite', on: 'invite' },
  { id: 'web', on: 'web' },
  { id: 'loss', on: 'loss' },
  { id: 'recall', on: 'recall', aboutFacts: true },
  { id: 'ask', on: 'ask' },
]
