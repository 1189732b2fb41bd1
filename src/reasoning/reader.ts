/**
 * A text as one engine has read it. Whoever asks for what follows a text gives all of it; only what is new is read, and what is
 * no longer there is forgotten, so a follow-up question, a sliding window and a retracted word need no words of their own. Where
 * the engine lost its machine, the text is read again from the beginning, which gives the same bits.
 */
import type { Stretch } from '../model/stretch'
import { isSessionOver, type Passed, SessionOver, type Sessions, type Wanted } from '../training/session'
import { commonPrefix } from './core/window'

export interface Reader {
  /** What is wanted after each token of a text from `from` on, or after the last alone where that is not said. */
  read(text: readonly number[], wanted: Wanted, from?: number): Promise<Passed>
  close(): void
}

/** @param shared its passes run together with those of other such readers (training/session.ts) */
export function openReader(
  sessions: Sessions,
  adapter: Uint8Array | null,
  stretch: Stretch,
  shared = false,
): Reader {
  let session: Promise<number> | null = null
  let known: readonly number[] = []
  /** What still reads then ends, and opens nothing anew. */
  let isClosed = false

  const forget = (): void => {
    void session?.then((number) => sessions.closeSession(number)).catch(() => {})
    session = null
    known = []
  }

  async function read(text: readonly number[], wanted: Wanted, from: number): Promise<Passed> {
    session ??= sessions.openSession({ adapter, stretch, shared })
    const at = Math.min(commonPrefix(known, text), from)
    known = text.slice(0, at)
    const pass = async (begin: number, rows: 'each' | 'last', end?: number) =>
      sessions.pass({ session: await session!, at: begin, input: text.slice(begin, end), rows, wanted })
    const isLastAlone = from === text.length - 1
    if (at < from && !isLastAlone) await pass(at, 'last', from)
    const passed = await (isLastAlone ? pass(at, 'last') : pass(from, 'each'))
    known = text
    return passed
  }

  return {
    async read(text, wanted, from = text.length - 1) {
      if (isClosed) throw new SessionOver('This text was let go.')
      try {
        return await read(text, wanted, from)
      } catch (problem) {
        forget() // it may stand anywhere
        if (isClosed || !isSessionOver(problem)) throw problem
        return read(text, wanted, from)
      }
    },
    close() {
      isClosed = true
      forget()
    },
  }
}
