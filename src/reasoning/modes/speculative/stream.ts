/**
 * Three tiers: what the end guesses and an edge judges is one stream of tokens, and that stream is itself a guess, and a much
 * better one, at what the cloud will say. So an edge near by spares most trips to a cloud far away; and the text is the cloud's.
 */
import type { Device } from './device'
import type { Drafter } from './drafter'
import { openGuessing } from './guessing'

/** So many tokens the end guesses for the edge at once. */
const guessedAtOnce = 4

/** A drafter whose guesses are those of an end, as far as an edge has judged them. */
export function openStream(end: Device, capacity: number): Drafter {
  const guessing = openGuessing(async (place, question) => {
    const most = Math.max(0, Math.min(guessedAtOnce, capacity - place.window.length - 1))
    const edges = end.edgesFor(question)
    end.drafter.follow(place)
    while (end.drafter.guesses.length < most) {
      const known = end.drafter.guesses.length
      await end.drafter.extend(question)
      if (end.drafter.guesses.length <= known) return [] // tokens are drawn otherwise now
    }
    const draft = end.drafter.guesses.slice(0, most)
    const judged = await edges.judge({
      place,
      guesses: draft.map(({ id }) => id),
      endsAt: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
    })
    edges.notes(place, false) // of the tier below nothing is told but its guesses
    if ('retractFrom' in judged) return []
    const { accepted, id, gap, computeMs, travelMs } = judged
    return [...draft.slice(0, accepted), { id, gap, milliseconds: computeMs + travelMs }]
  })

  return {
    get guesses() {
      return guessing.guesses
    },
    follow: guessing.follow,
    extend: guessing.extend,
    forget() {
      guessing.forget()
      end.drafter.forget()
    },
    layers: end.drafter.layers,
    recite: end.drafter.recite,
    close: () => end.close(),
  }
}
