/**
 * A tab that tells what it thinks comes next, having read what it alone sees: the asked one's part of fusion. Its view is read
 * before any question, and read anew where its person gave it another meanwhile. It never leaves: what leaves are the likeliest
 * next tokens and their probabilities.
 */
import { wholeStretch } from '../../../model/stretch'
import { positionsBesideView } from '../../core/share'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { Refused } from '../../serving'
import { encodedView } from '../../sight'
import { type Opinion, opinionOn } from '../ensemble/opinion'

export interface Seer {
  /** Null where it sees nothing (any more). @param from the first token of the window that is news */
  opinion(window: readonly number[], from: number): Promise<Opinion | null>
  close(): void
}

/** @param adapter by which it thinks; null: the frozen base */
export function openSeer(ports: Ports, adapter: Uint8Array | null): Seer {
  const { self, sessions } = ports
  const { capacity, vocabulary } = self.facts
  const reader = openReader(sessions, adapter, wholeStretch(self.facts))
  let known: { readonly text: string; readonly ids: readonly number[] } | null = null

  async function viewIds(): Promise<readonly number[] | null> {
    const text = ports.view()
    if (text === null) return null
    if (known?.text !== text) known = { text, ids: await encodedView(text, ports) }
    return known.ids
  }

  return {
    async opinion(window, from) {
      if (window.length > positionsBesideView(capacity)) throw new Refused('nonsense')
      const view = await viewIds()
      return view && opinionOn(reader, [...view, ...window], view.length + from, vocabulary)
    },
    close: () => reader.close(),
  }
}
