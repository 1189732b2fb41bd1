/** This tab’s own whole model as a judge: the last resort where every edge is gone, and the third where two disagree. */
import { drawAt } from '../../../../model/sampling'
import { wholeStretch } from '../../../../model/stretch'
import { choicesOf } from '../../../../training/session'
import type { Question } from '../../../mode'
import type { Ports } from '../../../ports'
import { openReader } from '../../../reader'
import { acceptedOf } from '../verification'
import type { Verifier } from './verifier'

/** Null where this tab may not hold the whole model. */
export function openOwnVerifier(
  { sessions, self, links }: Ports,
  question: Question,
): Pick<Verifier, 'judge' | 'recite' | 'close'> | null {
  if (self.mostLayers < self.facts.layers) return null
  const reader = openReader(sessions, question.adapter?.bytes ?? null, wholeStretch(self.facts))
  /** One question after the other. */
  let last: Promise<unknown> = Promise.resolve()

  /** What it chooses after a text and each token after it. */
  function choices(text: readonly number[], further: readonly number[], position: number) {
    const wanted = { kind: 'choices', draw: drawAt(question, position) } as const
    const reading = last.then(() => reader.read([...text, ...further], wanted, text.length - 1))
    last = reading.catch(() => {})
    return reading
  }

  return {
    async judge({ start, window }, guesses) {
      const passed = await choices(window, guesses, start + window.length)
      const chosen = choicesOf(passed)
      const accepted = acceptedOf(guesses, chosen)
      const { milliseconds } = passed
      return { by: links.self, accepted, ...chosen[accepted], computeMs: milliseconds, travelMs: 0, load: 0 }
    },
    recite: async (ids) => choicesOf(await choices(ids.slice(0, 1), ids.slice(1, -1), 1)).map(({ id }) => id),
    close: () => reader.close(),
  }
}
