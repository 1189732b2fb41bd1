/**
 * A member of an ensemble, as the tab that is asked: it reads the text as it grows, and after every token tells what it thinks
 * comes next. Its adapter stays with it; what leaves are the likeliest tokens and their probabilities.
 */
import { wholeStretch } from '../../../model/stretch'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { Refused, type Serving } from '../../serving'
import type { Purpose } from '../../wire/letters'
import { opinionOn } from './opinion'

export const notAgreed =
  'Its person has not agreed that this tab answers with what it learned alone. They can switch that on under “Reason”.'

/** Rejects with an error whose message goes to the asker. */
export async function openMember(
  ports: Ports,
  { adapter: which, withView }: Extract<Purpose, { kind: 'member' }>,
): Promise<Serving> {
  const { sessions, self } = ports
  const { layers, capacity, vocabulary } = self.facts
  if (self.mostLayers < layers)
    throw new Error(
      `It may hold ${self.mostLayers} of the model’s ${layers} layers, so it has no opinion of its own.`,
    )
  const reader = openReader(sessions, adapterOf(ports, which), wholeStretch(self.facts))
  /** What it sees it has read before any question. */
  const view = withView ? await viewOf(ports) : []
  let text: readonly number[] = []
  return {
    tabs: 1,
    async answer(question) {
      if (question.type !== 'tokens') throw new Refused('nonsense')
      const { at, ids } = question
      if (at > text.length) throw new Refused('not-there-yet')
      if (view.length + at + ids.length > capacity) throw new Refused('nonsense')
      text = [...text.slice(0, at), ...ids]
      const { masses, likelihoods } = await opinionOn(
        reader,
        [...view, ...text],
        view.length + at,
        vocabulary,
      )
      return { type: 'masses', masses, likelihoods }
    },
    close: () => reader.close(),
  }
}

async function viewOf({ view, sessions }: Ports): Promise<readonly number[]> {
  const seen = view()
  if (seen === null) throw new Error('It sees nothing of its own.')
  return sessions.encode(seen)
}

function adapterOf({ lentAdapter, adapter }: Ports, which: string | null): Uint8Array | null {
  if (which === null) return null
  const found = which === 'own' ? lentAdapter() : adapter(which)
  if (found === null)
    throw new Error(which === 'own' ? notAgreed : 'It does not hold that version of the adapter.')
  return found
}
