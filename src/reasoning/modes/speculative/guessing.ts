/**
 * Guesses at how a text goes on, whoever makes them. The text may go on as guessed, another way, or with tokens drawn otherwise, also
 * while somebody is still guessing: guesses that still follow it are kept, all others are forgotten.
 */
import type { Choice } from '../../../model/sampling'
import { commonPrefix } from '../../core/window'
import type { Question } from '../../mode'

export interface Guess extends Choice {
  readonly milliseconds: number
}

/** A text's window and where it begins. */
export interface Place {
  readonly start: number
  readonly window: readonly number[]
}

export interface Guessing {
  /** What is guessed of what follows the text, the next token first. */
  readonly guesses: readonly Guess[]
  /** From now on guesses follow this text; those that still do are kept. */
  follow(place: Place): void
  /** Guesses were drawn otherwise than those to come. */
  forget(): void
  /** Guesses further. One after the other. */
  extend(question: Question): Promise<void>
}

/** @param further what may come after a text, which ends with the guesses so far; none where that cannot be said */
export function openGuessing(
  further: (place: Place, question: Question) => Promise<readonly Guess[]>,
): Guessing {
  let base: Place = { start: 0, window: [] }
  let guesses: readonly Guess[] = []
  let last: Promise<void> = Promise.resolve()
  /** How often tokens came to be drawn otherwise. */
  let era = 0

  const soFar = (): Place => ({
    start: base.start,
    window: [...base.window, ...guesses.map(({ id }) => id)],
  })

  async function guess(question: Question, asOf: number): Promise<void> {
    if (asOf !== era) return
    const place = soFar()
    const more = await further(place, question)
    // The text may have gone another way meanwhile.
    const now = soFar()
    const isStillNext = asOf === era && now.start === place.start && isSame(now.window, place.window)
    if (isStillNext) guesses = [...guesses, ...more]
  }

  return {
    get guesses() {
      return guesses
    },
    follow(place) {
      const guessed = soFar().window
      const { length } = place.window
      const isRight =
        place.start === base.start &&
        length >= base.window.length &&
        isSame(guessed.slice(0, length), place.window)
      guesses = isRight ? guesses.slice(length - base.window.length) : []
      base = place
    },
    forget() {
      era++
      guesses = []
      base = { start: -1, window: [] }
    },
    extend(question) {
      const asOf = era
      last = last.catch(() => {}).then(() => guess(question, asOf))
      return last
    },
  }
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && commonPrefix(one, other) === one.length
