/** What a tab that trains shows of itself: its text, how it learns, and what it knows of others’ text by now. */
import { GeneralPanel } from '../charts/GeneralPanel'
import { RecallPanel } from '../charts/RecallPanel'
import { useHasFacts } from '../facts'
import { useNodeState } from '../node'
import { PrivacyPanel } from '../privacy/PrivacyPanel'
import { MyTraining } from './MyTraining'
import { PrivateText } from './PrivateText'

export function OwnPanels() {
  const asksFacts = useHasFacts()
  const measured = useNodeState((state) => state.history.some(({ recall }) => recall !== null))
  return (
    <>
      <PrivateText />
      <PrivacyPanel />
      <MyTraining />
      {asksFacts && measured && <RecallPanel />}
      <GeneralPanel />
    </>
  )
}
