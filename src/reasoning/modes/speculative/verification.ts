/**
 * Judging guesses, as the tab that judges: it holds the whole model, chooses after each guess as the asker's own whole model
 * would have, and says how many of them were right and what comes then. All rows of a draft go through the model in one pass, so
 * to judge five tokens costs little more than to make one. It remembers the text as far as it has read it, and nothing that
 * cannot be said to it again: an edge may come and go.
 */

import type { Choice } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { choicesOf } from '../../../training/session'
import { prefixOf } from '../../core/prefix'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { Refused, type Reply, type Serving } from '../../serving'
import type { Purpose } from '../../wire/letters'
import type { QuestionPacket } from '../../wire/packets'

type Draft = Extract<QuestionPacket, { readonly type: 'draft' }>

/** @param load questions that wait here beside the one that is answered. Throws an error whose message goes to the asker. */
export function openVerification(
  { sessions, adapter, self }: Ports,
  { adapter: hash, start, ...draw }: Extract<Purpose, { kind: 'verifier' }>,
  load: () => number,
): Serving {
  const { layers, capacity } = self.facts
  if (self.mostLayers < layers)
    throw new Error(`It may hold ${self.mostLayers} of the model’s ${layers} layers, so it cannot judge.`)
  const bytes = hash === null ? null : adapter(hash)
  if (hash !== null && bytes === null) throw new Error('It does not hold that version of the adapter.')
  const reader = openReader(sessions, bytes, wholeStretch(self.facts))
  let text: readonly number[] = []
  let last: Promise<unknown> = Promise.resolve()

  async function judge({ at, prefix, given, ids, wants }: Draft): Promise<Reply> {
    if (at > text.length || prefixOf(text.slice(0, at)) !== prefix)
      return { type: 'need', at: text.length, prefix: prefixOf(text) }
    const known = [...text.slice(0, at), ...ids.slice(0, given)]
    const guesses = ids.slice(given)
    if (known.length === 0 || known.length + guesses.length > capacity) throw new Refused('nonsense')
    const wanted = { kind: 'choices', draw: { ...draw, position: start + known.length } } as const
    const passed = await reader.read([...known, ...guesses], wanted, known.length - 1)
    const choices = choicesOf(passed)
    if (wants === 'choices') {
      text = known
      return { type: 'choices', ids: choices.map(({ id }) => id) }
    }
    const accepted = acceptedOf(guesses, choices)
    const { id, gap } = choices[accepted]
    text = [...known, ...guesses.slice(0, accepted), id]
    return { type: 'verdict', accepted, id, gap, milliseconds: passed.milliseconds, load: load() }
  }

  return {
    answer(question) {
      if (question.type !== 'draft') throw new Refused('nonsense')
      // One after the other: what one has read, the next goes on from.
      const judging = last.then(() => judge(question))
      last = judging.catch(() => {})
      return judging
    },
    close: () => reader.close(),
  }
}

/** How many guesses are what would have been chosen in their place. The one after them is chosen in any case. */
export function acceptedOf(guesses: readonly number[], choices: readonly Choice[]): number {
  const wrong = guesses.findIndex((guess, index) => guess !== choices[index].id)
  return wrong === -1 ? guesses.length : wrong
}
