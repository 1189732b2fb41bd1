/** What came of it: questions to the model of this tab, and its adapter as files. */
import { AskPanel } from '../ask/AskPanel'
import { useNodeState } from '../node'
import { TakeHome } from '../room/TakeHome'

export function LearnedPanels() {
  const learned = useNodeState((state) => state.version > 0)
  return (
    <>
      <AskPanel />
      <TakeHome prominent={learned} />
    </>
  )
}
