/** What came of it: questions to the model of this tab, its adapter as files, and what all of it has told others. */
import { AskPanel } from '../ask/AskPanel'
import { DepartedPanel } from '../departed/DepartedPanel'
import { useNodeState } from '../node'
import { TakeHome } from '../room/TakeHome'

export function LearnedPanels() {
  const learned = useNodeState((state) => state.version > 0)
  return (
    <>
      <AskPanel />
      <TakeHome prominent={learned} />
      <DepartedPanel />
    </>
  )
}
