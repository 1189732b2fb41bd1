/** The page of a tab that has a node: the right screen for its role and phase, with head, toasts, keys and announcements. */
import { useEffect, useState } from 'react'
import { Toaster } from 'sonner'
import type { Phase } from '../../node/state'
import { CoordinatorPage } from '../coordinator/CoordinatorPage'
import { Knocks } from '../coordinator/Knocks'
import { DevicePage } from '../device/DevicePage'
import { focusScreen } from '../focus'
import { PeerPage } from '../gossip/PeerPage'
import { NodeProvider, type PageNode, useNode, useNodeState } from '../node'
import { DevicePane } from '../pane/DevicePane'
import { RoomPane } from '../pane/RoomPane'
import { usePreferences } from '../preferences'
import { ProofPage } from '../proof/ProofPage'
import { ReasonPage } from '../reason/ReasonPage'
import { ScreenTabs } from '../reason/ScreenTabs'
import { paneScreens, type ScreenName, useScreen } from '../reason/screen'
import { Tour } from '../tour/Tour'
import { PageHead } from '../ui/page/PageHead'
import { Rail, railStep } from '../ui/page/Rail'
import { Announcer } from './Announcer'
import { Help } from './Help'
import { useKeys } from './keys'
import styles from './LivePage.module.css'
import { Starting } from './Starting'
import { TabTitle } from './TabTitle'

interface Props {
  readonly page: PageNode
  /** A pane is a tab inside a wall: small, without head or tour. */
  readonly isPane: boolean
}

export function LivePage({ page, isPane }: Props) {
  const theme = usePreferences((preferences) => preferences.theme)
  return (
    <NodeProvider value={page}>
      {isPane ? <Pane /> : <Screen />}
      <Knocks />
      <Announcer />
      <TabTitle />
      <Toaster theme={theme === 'auto' ? 'system' : theme} position="bottom-right" closeButton />
    </NodeProvider>
  )
}

const isOpen = ({ kind }: Phase): boolean =>
  kind === 'lobby' || kind === 'running' || kind === 'paused' || kind === 'finished'

function RolePage() {
  const role = useNodeState((state) => state.role)
  const gossips = useNodeState((state) => state.settings.scheme === 'gossip')
  if (gossips) return <PeerPage />
  return role === 'coordinator' ? <CoordinatorPage /> : <DevicePage />
}

function Pane() {
  /** Who opened the room, whether or not it coordinates. */
  const invites = useNodeState((state) => state.invite !== null)
  const open = useNodeState((state) => isOpen(state.phase))
  if (!open) return <Starting />
  return invites ? <InvitingPane /> : <DevicePane />
}

function InvitingPane() {
  const [screen, openScreen] = useScreen('pane')
  return (
    <>
      <div className={styles.paneHead}>
        <ScreenTabs screen={screen} screens={paneScreens} onOpen={openScreen} />
      </div>
      {screen === 'proof' ? <ProofPage /> : <RoomPane />}
    </>
  )
}

/** What of a room is open on a page of its own. */
function OpenScreen({ screen }: { readonly screen: ScreenName }) {
  switch (screen) {
    case 'room':
      return <RolePage />
    case 'reason':
      return <ReasonPage />
    case 'proof':
      return <ProofPage />
  }
}

function Screen() {
  const [helping, setHelping] = useState(false)
  const [touring, setTouring] = useState<boolean | null>(null)
  const [screen, openScreen] = useScreen()
  const room = useNodeState((state) => state.room)
  const step = useNodeState((state) => railStep(state.phase, state.history.length))
  const node = useNode()
  const leave = async () => {
    await node.leave()
    location.assign('/')
  }
  useKeys(() => setHelping(true))
  const open = useNodeState((state) => isOpen(state.phase))
  useEffect(() => {
    if (open) focusScreen()
  }, [open])
  return (
    <>
      <PageHead room={room} onHelp={() => setHelping(true)} onLeave={() => void leave()}>
        {open && <Rail step={step} />}
        {open && <ScreenTabs screen={screen} onOpen={openScreen} />}
      </PageHead>
      {open && screen === 'room' && <Tour asked={touring} onEnd={() => setTouring(false)} />}
      {!open && <Starting />}
      {open && <OpenScreen screen={screen} />}
      <Help
        open={helping}
        onOpenChange={setHelping}
        onTour={() => {
          setHelping(false)
          openScreen('room')
          setTouring(true)
        }}
      />
    </>
  )
}
