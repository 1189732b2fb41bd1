/** For who does not see it: what happens, as it happens, and the whole answer once it is there. Never a single token. */
import type { Asking } from '../../node/reasoning/view/view'
import { useWords } from '../words/words'
import { useTelling } from './costs/telling'
import { tellingsOf } from './costs/tellings'
import type { People } from './people'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

export function Announcements({ asking, people }: Props) {
  const words = useWords()
  const tell = useTelling(people)
  const newest = tellingsOf(asking?.incidents ?? []).at(-1)
  // What happens again and again is said once.
  const latest = newest && 'times' in newest ? { ...newest, times: 1 } : newest
  const isDone = asking !== null && !asking.isRunning && asking.problem === null
  return (
    <>
      <p role="status" className="visually-hidden">
        {latest && tell(latest)}
      </p>
      <p role="status" className="visually-hidden">
        {isDone && words.reason.done(asking.text.trim() || words.reason.nothing)}
      </p>
    </>
  )
}
