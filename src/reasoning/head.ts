/** The last norm and the head by themselves: what one row [width] would choose, whichever layer it left. */
import { isSessionOver, type ModelFacts, type Passed, type Sessions, type Wanted } from '../training/session'

export interface Head {
  pass(row: Float32Array, wanted: Wanted): Promise<Passed>
  close(): void
}

export function openHead(sessions: Sessions, { layers }: Pick<ModelFacts, 'layers'>): Head {
  const stretch = { layers: { from: layers, to: layers }, reads: 'hidden', gives: 'logits' } as const
  let session: Promise<number> | null = null
  let isClosed = false

  const pass = async (row: Float32Array, wanted: Wanted): Promise<Passed> => {
    session ??= sessions.openSession({ adapter: null, stretch })
    return sessions.pass({ session: await session, at: 0, input: row, rows: 'last', wanted })
  }
  return {
    pass: (row, wanted) =>
      pass(row, wanted).catch((problem: unknown) => {
        if (isClosed || !isSessionOver(problem)) throw problem
        session = null
        return pass(row, wanted)
      }),
    close() {
      isClosed = true
      void session?.then((number) => sessions.closeSession(number)).catch(() => {})
    },
  }
}
