/** Which of the shares of facts a panel shows: those that were measured at all. What was not is no 0 %. */
import type { Recall } from '../../node/roundRecord'

const kinds = ['merged', 'unseen', 'alone', 'base'] as const

/** In the order in which they stand below each other. */
export const shownRecalls = (measured: readonly Recall[]): readonly (typeof kinds)[number][] =>
  kinds.filter((kind) => measured.some((recall) => recall[kind] !== null))
