/**
 * Whoever guesses how a text goes on: the first layers of the model, left early through its last norm and head. It chooses as the
 * whole model would, with the same noise for the same position (model/sampling.ts), so the two mostly choose the same token at any
 * temperature. Where a room has trained an adapter for its first layers, it guesses with that. It may guess on while others still judge what it guessed before; what was judged wrong is forgotten.
 */
import type { Choice } from '../../../model/sampling'
import type { Stretch } from '../../../model/stretch'
import { choicesOf, type ModelFacts } from '../../../training/session'
import { commonPrefix } from '../../core/window'
import type { Question } from '../../mode'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'

/** So many first layers guess: half of them, as far as this tab may hold them. */
export const draftLayers = ({ layers }: Pick<ModelFacts, 'layers'>, mostLayers = layers): number =>
  Math.min(mostLayers, Math.ceil(layers / 2))

export const exitStretch = (layers: number): Stretch => ({
  layers: { from: 0, to: layers },
  reads: 'ids',
  gives: 'logits',
})

export interface Guess extends Choice {
  readonly milliseconds: number
}

/** A text's window and where it begins. */
export interface Place {
  readonly start: number
  readonly window: readonly number[]
}

export interface Drafter {
  readonly layers: number
  /** From now on guesses follow this text; those that still do are kept. */
  follow(place: Place): void
  /** What is guessed of what follows the text, the next token first. */
  readonly guesses: readonly Guess[]
  /** Guesses were drawn otherwise than those to come. */
  forget(): void
  /** Guesses one more token. One after the other. */
  extend(question: Question): Promise<void>
  /** What it would choose after each token of a text but the last. */
  recite(ids: readonly number[], question: Question): Promise<readonly Choice[]>
  close(): void
}

/** Throws a RangeError where this tab may not hold as many layers as the draft's adapter was trained on. */
export function openDrafter(
  { sessions, self }: Ports,
  { adapter: merged, draftAdapter }: Pick<Question, 'adapter' | 'draftAdapter'>,
): Drafter {
  const layers = draftAdapter?.layers ?? draftLayers(self.facts, self.mostLayers)
  if (layers > self.mostLayers)
    throw new RangeError(
      `This draft adapter was trained on the first ${layers} layers, and this tab may hold ${self.mostLayers}. Let it hold more, or guess without the adapter.`,
    )
  const adapter = (draftAdapter ?? merged)?.bytes ?? null
  const reader = openReader(sessions, adapter, exitStretch(layers))
  let base: Place = { start: 0, window: [] }
  let guesses: readonly Guess[] = []
  let last: Promise<void> = Promise.resolve()
  /** How often tokens came to be drawn otherwise. */
  let era = 0

  async function guess(question: Question, asOf: number): Promise<void> {
    if (asOf !== era) return
    const { start, window } = base
    const before = guesses.map(({ id }) => id)
    const text = [...window, ...before]
    const wanted = { kind: 'choices', draw: { ...question, position: start + text.length } } as const
    const passed = await reader.read(text, wanted)
    const next = { ...choicesOf(passed)[0], milliseconds: passed.milliseconds }
    // The text may have gone another way meanwhile.
    const now = [...base.window, ...guesses.map(({ id }) => id)]
    const isStillNext =
      asOf === era && base.start === start && now.length === text.length && isSame(now, text)
    if (isStillNext) guesses = [...guesses, next]
  }

  return {
    layers,
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
    },
    extend(question) {
      const asOf = era
      last = last.catch(() => {}).then(() => guess(question, asOf))
      return last
    },
    async recite(ids, question) {
      const own = openReader(sessions, adapter, exitStretch(layers))
      try {
        return choicesOf(
          await own.read(ids.slice(0, -1), { kind: 'choices', draw: { ...question, position: 1 } }, 0),
        )
      } finally {
        own.close()
      }
    },
    close: () => reader.close(),
  }
}

/** Those of the guesses after a text that still follow where it has got to. */
export function stillRight(base: Place, guesses: readonly Guess[], place: Place): readonly Guess[] {
  const guessed = [...base.window, ...guesses.map(({ id }) => id)]
  const { length } = place.window
  const isRight =
    place.start === base.start &&
    length >= base.window.length &&
    isSame(guessed.slice(0, length), place.window)
  return isRight ? guesses.slice(length - base.window.length) : []
}

export const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && commonPrefix(one, other) === one.length
