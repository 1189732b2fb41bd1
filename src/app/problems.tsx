/**
 * What went wrong, in plain words with the next action: once as a toast, and in a list until dismissed. Where the list is all
 * that a screen has to say, it stays, and the toast would only say it twice.
 */
import { useEffect, useRef } from 'react'
import { toast } from 'sonner'
import type { Problem } from '../node/state'
import { useNode, useNodeState } from './node'
import styles from './problems.module.css'
import { Button } from './ui/controls/Button'
import { useWords, wordsOf } from './words/words'

export function Problems({ lasting = false }: { readonly lasting?: boolean }) {
  const words = useWords()
  const node = useNode()
  const problems = useNodeState((state) => state.problems)
  useProblemToasts(lasting ? none : problems)
  if (problems.length === 0) return null
  return (
    <section
      aria-label={words.problems.title}
      role={lasting ? 'alert' : undefined}
      className={styles.problems}
    >
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.atMs} ${problem.message}`}>
            <svg aria-hidden="true" viewBox="-10 -10 20 20" width="18" height="18">
              <path
                d="M0-8 8 0 0 8-8 0ZM0-3.6V1M0 3.6V3.7"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.7"
                strokeLinecap="round"
              />
            </svg>
            <p>{words.said(problem.message)}</p>
            {!lasting && (
              <Button look="quiet" onClick={() => node.dismissProblem(problem)}>
                {words.problems.dismiss}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const none: readonly Problem[] = []

/** Each problem is announced once; those that stood there when the page opened are only listed. */
function useProblemToasts(problems: readonly Problem[]): void {
  const known = useRef<ReadonlySet<Problem> | null>(null)
  useEffect(() => {
    const before = known.current
    known.current = new Set(problems)
    if (!before) return
    for (const problem of problems) if (!before.has(problem)) toast.warning(wordsOf().said(problem.message))
  }, [problems])
}
