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

  async function round(question: Question): Promise<void> {
    const from = base
    const before = guesses.map(({ id }) => id)
    const place = { start: from.start, window: [...from.window, ...before] }
    const most = Math.max(0, Math.min(guessedAtOnce, capacity - place.window.length - 1))
    const edges = end.edgesFor(question)
    end.drafter.follow(place)
    while (end.drafter.guesses.length < most) await end.drafter.extend(question)
    const draft = end.drafter.guesses.slice(0, most)
    const ids = draft.map(({ id }) => id)
    const judged = await edges.judge(place, ids, new AbortController().signal)
    edges.notes(place, false) // of the tier below nothing is told but its guesses
    if ('retractFrom' in judged) return
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
      guesses = []
      base = { start: -1, window: [] }
      end.drafter.forget()
    },
    extend(question) {
      last = last.catch(() => {}).then(() => round(question))
      return last
    },
    recite: end.drafter.recite,
    close: () => end.close(),
  }
}
