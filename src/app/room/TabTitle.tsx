/** The browser tab's own title: with many tabs of one room, each says who it is and how far the run has come. */
import { useEffect } from 'react'
import { useNodeState } from '../node'
import { useWords } from '../words/words'

export function TabTitle() {
  const words = useWords()
  const name = useNodeState(({ role, devices }) =>
    role === 'coordinator' ? null : (devices.find(({ isSelf }) => isSelf)?.name ?? null),
  )
  const progress = useNodeState(({ phase, round }) =>
    phase.kind === 'running' && round.number > 0 ? `${round.number}/${round.of} · ` : '',
  )
  const title = `${progress}${name ?? words.coordinator} · Gossamer`
  useEffect(() => {
    document.title = title
  }, [title])
  return null
}
