/** What a tab that trains shows of itself: its text, how it learns, and what it knows of others’ text by now. */
import { RecallPanel } from '../charts/RecallPanel'
import { useNodeState } from '../node'
import { MyTraining } from './MyTraining'
import { PrivateText } from './PrivateText'

export function OwnPanels() {
  const recalled = useNodeState((state) => state.history.some(({ recall }) => recall !== null))
  return (
    <>
      <PrivateText />
      <MyTraining />
      {recalled && <RecallPanel />}
    </>
  )
}
