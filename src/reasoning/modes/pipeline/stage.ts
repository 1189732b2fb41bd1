/**
 * A stage of a pipeline, as the tab that holds it: rows of other tabs' texts go in, through some layers, and out. It never sees a
 * word: what it is given are hidden states (from which words can be guessed all the same; docs/reasoning.md).
 */
import { hiddenOf } from '../../../training/session'
import type { Ports } from '../../ports'
import { Refused, type Serving } from '../../serving'
import type { Purpose } from '../../wire/letters'

/** Throws an error whose message goes to the asker. */
export async function openStage(
  { sessions, adapter: adapterOf, self }: Ports,
  { from, to, adapter: hash }: Extract<Purpose, { kind: 'stage' }>,
): Promise<Serving> {
  const adapter = hash === null ? null : adapterOf(hash)
  if (hash !== null && adapter === null) throw new Error('It does not hold that version of the adapter.')
  const stretch = { layers: { from, to }, reads: 'hidden', gives: 'hidden' } as const
  const session = await sessions.openSession({ adapter, stretch })
  /** Rows that it has read. */
  let known = 0
  return {
    tabs: 1,
    async answer(question) {
      if (question.type !== 'pass') throw new Refused('nonsense')
      const { rows, at, wants, codec } = question
      const count = rows.length / self.facts.width
      if (!Number.isInteger(count) || at + count > self.facts.capacity) throw new Refused('nonsense')
      // A stage that goes on elsewhere than where it stands would say something else.
      if (at > known) throw new Refused('not-there-yet')
      known = at
      const passed = await sessions.pass({
        session,
        at,
        input: rows,
        rows: wants,
        wanted: { kind: 'hidden' },
      })
      known = at + count
      return { type: 'passed', rows: hiddenOf(passed), codec, milliseconds: passed.milliseconds }
    },
    close: () => void sessions.closeSession(session).catch(() => {}),
  }
}
