/**
 * Three tiers: what the end guesses and an edge judges is one stream of tokens, and that stream is itself a guess, and a much
 * better one, at what the cloud will say. So an edge near by spares most trips to a cloud far away; and the text is the cloud's.
 */
import type { Question } from '../../mode'
import type { Device } from './device'
import { type Drafter, type Guess, isSame, type Place, stillRight } from './drafter'

/** So many tokens the end guesses for the edge at once. */
const guessedAtOnce = 4

/** A drafter whose guesses are those of an end, as far as an edge has judged them. */
export function openStream(end: Device, capacity: number): Drafter {
  let base: Place = { start: 0, window: [] }
  let guesses: readonly Guess[] = []
  let last: Promise<void> = Promise.resolve()
  /** How often tokens came to be drawn otherwise. */
  let era = 0

  async function round(question: Question, asOf: number): Promise<void> {
    if (asOf !== era) return
    const from = base
    const before = guesses.map(({ id }) => id)
    const place = { start: from.start, window: [...from.window, ...before] }
    const most = Math.max(0, Math.min(guessedAtOnce, capacity - place.window.length - 1))
    const edges = end.edgesFor(question)
    end.drafter.follow(place)
    while (end.drafter.guesses.length < most) {
      const known = end.drafter.guesses.length
      await end.drafter.extend(question)
      if (end.drafter.guesses.length <= known) return // tokens are drawn otherwise now
    }
    const draft = end.drafter.guesses.slice(0, most)
    const { signal } = new AbortController()
    const judged = await edges.judge({
      place,
      guesses: draft.map(({ id }) => id),
      endsAt: Number.POSITIVE_INFINITY,
      signal,
    })
    edges.notes(place, false) // of the tier below nothing is told but its guesses
    if ('retractFrom' in judged || asOf !== era) return
    const { accepted, id, gap, computeMs, travelMs } = judged
    const now = [...base.window, ...guesses.map((guess) => guess.id)]
    // The cloud may have said something else meanwhile.
    if (base.start !== place.start || !isSame(now, place.window)) return
    guesses = [...guesses, ...draft.slice(0, accepted), { id, gap, milliseconds: computeMs + travelMs }]
  }

  return {
    layers: end.drafter.layers,
    get guesses() {
      return guesses
    },
    follow(place) {
      guesses = stillRight(base, guesses, place)
      base = place
    },
    forget() {
      era++
      guesses = []
      base = { start: -1, window: [] }
      end.drafter.forget()
    },
    extend(question) {
      const asOf = era
      last = last.catch(() => {}).then(() => round(question, asOf))
      return last
    },
    recite: end.drafter.recite,
    close: () => end.close(),
  }
}
