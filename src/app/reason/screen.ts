/** Which screen of a room is open: where it learns, where it reasons, where it proves. The address says so, so that a reload opens the same. */
import { useState } from 'react'
import type { Settings } from '../../settings/table'
import { useNodeState } from '../node'

export const screenNames = ['room', 'reason', 'proof'] as const
export type ScreenName = (typeof screenNames)[number]

/** A pane of a wall has not room for all. */
export const paneScreens = ['room', 'proof'] as const satisfies readonly ScreenName[]

type View = Settings['view']

/** What stands in the address for each; of a page the first screen goes without saying. */
const views = {
  page: { room: null, reason: 'reason', proof: 'proof' },
  pane: { room: 'pane', reason: 'pane', proof: 'pane-proof' },
} as const satisfies Readonly<Record<string, Readonly<Record<ScreenName, View | null>>>>

export const isPane = (view: View): boolean => view === 'pane' || view === 'pane-proof'

export function screenOf(view: View): ScreenName {
  switch (view) {
    case 'reason':
      return 'reason'
    case 'proof':
    case 'pane-proof':
      return 'proof'
    case 'full':
    case 'pane':
    case 'lab':
    case 'attacks':
      return 'room'
  }
}

export function useScreen(
  where: keyof typeof views = 'page',
): [screen: ScreenName, open: (screen: ScreenName) => void] {
  const asked = useNodeState(({ settings }) => screenOf(settings.view))
  const [chosen, setChosen] = useState<ScreenName | null>(null)
  const open = (screen: ScreenName) => {
    setChosen(screen)
    writeAddress('view', views[where][screen])
  }
  return [chosen ?? asked, open]
}

/** @param value null: it goes without saying */
export function writeAddress(
  name: 'view' | 'mode' | 'prompt' | 'tokens' | 'temperature' | 'textSeed',
  value: string | null,
): void {
  const address = new URL(location.href)
  if (value === null) address.searchParams.delete(name)
  else address.searchParams.set(name, value)
  history.replaceState(history.state, '', address)
}
