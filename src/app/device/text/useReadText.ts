/**
 * Text on its way to training: read, looked at, perhaps read again in another way, then used. What was read before stays in sight
 * while it is read again, and where that is refused.
 */
import { useRef, useState } from 'react'
import { messageOf } from '../../../lib/messageOf'
import { OwnTextError, type TextReading, type Wish } from '../../../node/local/ownText'
import { useNode } from '../../node'
import { useSentences, useWords } from '../../words/words'

type Source = { readonly files: readonly File[] } | { readonly text: string }

interface Looked {
  readonly source: Source
  readonly wishes: readonly Wish[]
  readonly readings: readonly TextReading[]
}

export interface ReadText {
  /** Null: nothing was read yet. */
  readonly looked: Looked | null
  /** A sentence about what was refused last. */
  readonly failure: string | null
  readonly busy: boolean
  look(source: Source): void
  /** Reads the source at `index` in another way. */
  lookAgain(index: number, wish: Wish): void
  /** Does what trains on other text, and shows what is wrong with it. */
  attempt(work: () => Promise<void>): Promise<boolean>
  forget(): void
}

const sourceOf = (source: Source, wishes: readonly Wish[]) =>
  'files' in source
    ? ({ kind: 'files', files: source.files, wishes } as const)
    : ({ kind: 'paste', text: source.text, wishes } as const)

export function useReadText(): ReadText {
  const { readText: read } = useNode()
  const words = useWords()
  const sentences = useSentences()
  const [looked, setLooked] = useState<Looked | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  /** Only the newest look counts, however long an earlier one takes. */
  const newest = useRef(0)

  const say = (error: unknown) =>
    setFailure(
      error instanceof OwnTextError ? sentences.problem(error.problem) : words.said(messageOf(error)),
    )

  async function readAs(source: Source, wishes: readonly Wish[]): Promise<void> {
    const turn = ++newest.current
    setBusy(true)
    setFailure(null)
    try {
      const readings = await read(sourceOf(source, wishes))
      if (turn === newest.current) setLooked({ source, wishes, readings })
    } catch (error) {
      if (turn !== newest.current) return
      say(error)
      // What is tried again is tried from the way that was refused.
      setLooked((before) =>
        before?.source === source ? { ...before, wishes } : withoutExamples(source, wishes, error),
      )
    } finally {
      if (turn === newest.current) setBusy(false)
    }
  }

  return {
    looked,
    failure,
    busy,
    look: (source) => void readAs(source, []),
    lookAgain(index, wish) {
      if (!looked) return
      const wishes = looked.readings.map((_, at) => (at === index ? wish : (looked.wishes[at] ?? {})))
      void readAs(looked.source, wishes)
    },
    async attempt(work) {
      setBusy(true)
      setFailure(null)
      try {
        await work()
        return true
      } catch (error) {
        say(error)
        return false
      } finally {
        setBusy(false)
      }
    },
    forget() {
      newest.current++
      setLooked(null)
      setFailure(null)
      setBusy(false)
    },
  }
}

/** A table that was refused: nothing of it is read, but its columns are there to choose from. Null for everything else. */
function withoutExamples(source: Source, wishes: readonly Wish[], error: unknown): Looked | null {
  const problem = error instanceof OwnTextError ? error.problem : null
  if (!problem || !('files' in source) || !('columns' in problem)) return null
  const readings = source.files.map(({ name }) => ({
    name,
    form: 'columns' as const,
    column: null,
    columns: name === problem.name ? problem.columns : [],
    examples: [],
    leftOut: [],
    notes: [],
  }))
  return { source, wishes, readings }
}
