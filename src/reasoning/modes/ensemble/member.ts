/**
 * A member of an ensemble, as the tab that is asked: it reads the text as it grows, and after every token tells what it thinks
 * comes next; if it is asked for that, having read first what it alone sees. Its adapter and its view stay with it; what leaves
 * are the likeliest tokens and their probabilities.
 */
import { wholeStretch } from '../../../model/stretch'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { Refused, type Serving } from '../../serving'
import type { Purpose } from '../../wire/letters'
import { openSeer } from '../fusion/seer'
import { type Opinion, opinionOn } from './opinion'

export const notAgreed =
  'Its person has not agreed that this tab answers with what it learned alone. They can switch that on under “Reason”.'

/** Rejects with an error whose message goes to the asker. */
export async function openMember(
  ports: Ports,
  { adapter: which, withView }: Extract<Purpose, { kind: 'member' }>,
): Promise<Serving> {
  const { layers } = ports.self.facts
  if (ports.self.mostLayers < layers)
    throw new Error(
      `It may hold ${ports.self.mostLayers} of the model’s ${layers} layers, so it has no opinion of its own.`,
    )
  const mind = (withView ? seeing : blind)(ports, adapterOf(ports, which))
  let text: readonly number[] = []
  return {
    tabs: 1,
    async answer(question) {
      if (question.type !== 'tokens') throw new Refused('nonsense')
      const { at, ids } = question
      if (at > text.length) throw new Refused('not-there-yet')
      text = [...text.slice(0, at), ...ids]
      const { masses, likelihoods } = await mind.opinion(text, at)
      return { type: 'masses', masses, likelihoods }
    },
    close: () => mind.close(),
  }
}

interface Mind {
  opinion(text: readonly number[], from: number): Promise<Opinion>
  close(): void
}

function blind({ sessions, self }: Ports, adapter: Uint8Array | null): Mind {
  const { capacity, vocabulary } = self.facts
  const reader = openReader(sessions, adapter, wholeStretch(self.facts))
  return {
    async opinion(text, from) {
      if (text.length > capacity) throw new Refused('nonsense')
      return opinionOn(reader, text, from, vocabulary)
    },
    close: () => reader.close(),
  }
}

function seeing(ports: Ports, adapter: Uint8Array | null): Mind {
  if (ports.view() === null) throw new Error('It sees nothing of its own.')
  const seer = openSeer(ports, adapter)
  return {
    async opinion(text, from) {
      const opinion = await seer.opinion(text, from)
      if (!opinion) throw new Refused('unknown-session')
      return opinion
    },
    close: () => seer.close(),
  }
}

function adapterOf({ lentAdapter, adapter }: Ports, which: string | null): Uint8Array | null {
  if (which === null) return null
  const found = which === 'own' ? lentAdapter() : adapter(which)
  if (found === null)
    throw new Error(which === 'own' ? notAgreed : 'It does not hold that version of the adapter.')
  return found
}
