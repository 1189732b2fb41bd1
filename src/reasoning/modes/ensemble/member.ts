/**
 * A member of an ensemble, as the tab that is asked: it reads the text as it grows, and after every token tells what it thinks
 * comes next. Its adapter stays with it; what leaves are the likeliest tokens and their probabilities.
 */
import { logProbabilityIn } from '../../../model/masses'
import { massesIn } from '../../../training/session'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { Refused, type Serving } from '../../serving'
import type { Purpose } from '../../wire/letters'

/** Tokens of an answer that are told with a probability of their own. */
export const toldTokens = 32

export const notAgreed =
  'Its person has not agreed that this tab answers with what it learned alone. They can switch that on under “Reason”.'

/** Throws an error whose message goes to the asker. */
export function openMember(ports: Ports, { adapter: which }: Extract<Purpose, { kind: 'member' }>): Serving {
  const { sessions, self } = ports
  const { layers, capacity } = self.facts
  if (self.mostLayers < layers)
    throw new Error(
      `It may hold ${self.mostLayers} of the model’s ${layers} layers, so it has no opinion of its own.`,
    )
  const reader = openReader(sessions, adapterOf(ports, which), {
    layers: { from: 0, to: layers },
    reads: 'ids',
    gives: 'logits',
  })
  let text: readonly number[] = []
  return {
    async answer(question) {
      if (question.type !== 'tokens') throw new Refused('nonsense')
      const { at, ids } = question
      if (at > text.length) throw new Refused('not-there-yet')
      if (at + ids.length > capacity) throw new Refused('nonsense')
      text = [...text.slice(0, at), ...ids]
      const masses = massesIn(await reader.read(text, { kind: 'masses', top: toldTokens }, at))
      // After each token it said what it thought of the next.
      const likelihoods = ids
        .slice(1)
        .map((id, index) => logProbabilityIn(masses[index], self.facts.vocabulary, id))
      return { reply: { type: 'masses', masses: masses.at(-1)!, likelihoods }, tokens: ids.length }
    },
    close: () => reader.close(),
  }
}

function adapterOf({ lentAdapter, adapter }: Ports, which: string | null): Uint8Array | null {
  if (which === null) return null
  const found = which === 'own' ? lentAdapter() : adapter(which)
  if (found === null)
    throw new Error(which === 'own' ? notAgreed : 'It does not hold that version of the adapter.')
  return found
}
