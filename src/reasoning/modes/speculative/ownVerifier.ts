/** This tab’s own whole model as a judge: the last resort where every edge is gone, and the third where two disagree. */
import { wholeStretch } from '../../../model/stretch'
import { choicesOf } from '../../../training/session'
import type { Question } from '../../mode'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { acceptedOf } from './verification'
import type { Verifier } from './verifier'

/** Null where this tab may not hold the whole model. */
export function openOwnVerifier(
  { sessions, self, links }: Ports,
  question: Question,
): Pick<Verifier, 'judge' | 'close'> | null {
  if (self.mostLayers < self.facts.layers) return null
  const reader = openReader(sessions, question.adapter?.bytes ?? null, wholeStretch(self.facts))
  return {
    async judge({ start, window }, guesses) {
      const wanted = {
        kind: 'choices',
        draw: { ...question, position: start + window.length },
      } as const
      const passed = await reader.read([...window, ...guesses], wanted, window.length - 1)
      const choices = choicesOf(passed)
      const accepted = acceptedOf(guesses, choices)
      const { milliseconds } = passed
      return { by: links.self, accepted, ...choices[accepted], computeMs: milliseconds, travelMs: 0, load: 0 }
    },
    close: () => reader.close(),
  }
}
