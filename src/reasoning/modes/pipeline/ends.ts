/**
 * The two ends of a pipeline, which its asker keeps: words go in through the embedding (and the asker's own first layers, where
 * it has some), rows come out through the head and become a choice. No other tab is given either.
 */
import type { Choice, Draw } from '../../../model/sampling'
import { choicesOf, hiddenOf, isSessionOver } from '../../../training/session'
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
  const { layers } = self.facts
  const reader = openReader(sessions, adapter, {
    layers: { from: 0, to: front },
    reads: 'ids',
    gives: 'hidden',
  })
  const headStretch = { layers: { from: layers, to: layers }, reads: 'hidden', gives: 'logits' } as const
  let head: Promise<number> | null = null

  const pass = async (row: Float32Array, draw: Draw) => {
    head ??= sessions.openSession({ adapter: null, stretch: headStretch })
    return sessions.pass({
      session: await head,
      at: 0,
      input: row,
      rows: 'last',
      wanted: { kind: 'choices', draw },
    })
  }
  return {
    async enter(text, from) {
      const passed = await reader.read(text, { kind: 'hidden' }, from)
      return { rows: hiddenOf(passed), milliseconds: passed.milliseconds }
    },
    async choose(row, draw) {
      const passed = await pass(row, draw).catch((problem: unknown) => {
        if (!isSessionOver(problem)) throw problem
        head = null
        return pass(row, draw)
      })
      return { ...choicesOf(passed)[0], milliseconds: passed.milliseconds }
    },
    close() {
      reader.close()
      void head?.then((session) => sessions.closeSession(session)).catch(() => {})
    },
  }
}
