/**
 * Judging guesses, as the tab that judges: it holds the whole model, chooses after each guess as the asker's own whole model
 * would have, and says how many of them were right and what comes then. All rows of a draft go through the model in one pass, so
 * to judge five tokens costs little more than to make one. It remembers the text as far as it has read it, and nothing that
 * cannot be said to it again: an edge may come and go.
 */

import type { Choice } from '../../../model/sampling'
import { prefixOf } from '../../core/prefix'
import type { Line } from '../../line'
import type { Ports } from '../../ports'
import { Refused, type Reply, type Serving } from '../../serving'
import type { QuestionPacket } from '../../wire/packets'
import { type Judging, openJudge } from './judges'

type Draft = Extract<QuestionPacket, { readonly type: 'draft' }>

/** @param load questions that wait here beside the one that is answered. Rejects with an error whose message goes to the asker. */
export async function openVerification(
  ports: Ports,
  line: Line,
  judging: Judging,
  load: () => number,
): Promise<Serving> {
  const { capacity } = ports.self.facts
  const judge = await openJudge(ports, line, judging)
  let text: readonly number[] = []

  async function judgeDraft({ at, prefix, given, ids, wants }: Draft): Promise<Reply> {
    if (at > text.length || prefixOf(text.slice(0, at)) !== prefix)
      return { type: 'need', at: text.length, prefix: prefixOf(text) }
    const known = [...text.slice(0, at), ...ids.slice(0, given)]
    const guesses = ids.slice(given)
    if (known.length === 0 || known.length + guesses.length > capacity) throw new Refused('nonsense')
    const { choices, milliseconds } = await judge.choose(known, guesses)
    if (wants === 'choices') {
      text = known
      return { type: 'choices', ids: choices.map(({ id }) => id) }
    }
    const accepted = acceptedOf(guesses, choices)
    const { id, gap } = choices[accepted]
    text = [...known, ...guesses.slice(0, accepted), id]
    return { type: 'verdict', accepted, id, gap, milliseconds, load: load() }
  }

  return {
    tabs: judge.tabs,
    async answer(question) {
      if (question.type !== 'draft') throw new Refused('nonsense')
      return judgeDraft(question)
    },
    close: () => judge.close(),
  }
}

/** How many guesses are what would have been chosen in their place. The one after them is chosen in any case. */
export function acceptedOf(guesses: readonly number[], choices: readonly Choice[]): number {
  const wrong = guesses.findIndex((guess, index) => guess !== choices[index]?.id)
  return wrong === -1 ? guesses.length : wrong
}
