/**
 * The two ends of a pipeline, which its asker keeps: words go in through the embedding (and the asker's own first layers, where
 * it has some), rows come out through the head and become a choice. No other tab is given either.
 */
import type { Choice, Draw } from '../../../model/sampling'
import { choicesOf, hiddenOf } from '../../../training/session'
import { openHead } from '../../head'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'

export interface Ends {
  /** Rows [n, width] of the tokens of a text from `from` on. */
  enter(
    text: readonly number[],
    from: number,
  ): Promise<{ readonly rows: Float32Array; readonly milliseconds: number }>
  /** The token that follows one row [width]. */
  choose(row: Float32Array, draw: Draw): Promise<Choice & { readonly milliseconds: number }>
  close(): void
}

/** @param front the asker's own first layers: 0 up to, not including, this one */
export function openEnds({ sessions, self }: Ports, adapter: Uint8Array | null, front: number): Ends {
  const reader = openReader(sessions, adapter, {
    layers: { from: 0, to: front },
    reads: 'ids',
    gives: 'hidden',
  })
  const head = openHead(sessions, self.facts)
  return {
    async enter(text, from) {
      const passed = await reader.read(text, { kind: 'hidden' }, from)
      return { rows: hiddenOf(passed), milliseconds: passed.milliseconds }
    },
    async choose(row, draw) {
      const passed = await head.pass(row, { kind: 'choices', draw })
      return { ...choicesOf(passed)[0], milliseconds: passed.milliseconds }
    },
    close() {
      reader.close()
      head.close()
    },
  }
}
