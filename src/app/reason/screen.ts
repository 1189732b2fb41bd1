/** Which screen of a room is open: where it learns, or where it reasons. The address says so, so that a reload opens the same. */
import { useState } from 'react'
import { useNodeState } from '../node'

export const screenNames = ['room', 'reason'] as const
export type ScreenName = (typeof screenNames)[number]

export function useScreen(): [screen: ScreenName, open: (screen: ScreenName) => void] {
  const asked = useNodeState(({ settings }): ScreenName => (settings.view === 'reason' ? 'reason' : 'room'))
  const [chosen, setChosen] = useState<ScreenName | null>(null)
  const open = (screen: ScreenName) => {
    setChosen(screen)
    writeAddress('view', screen === 'reason' ? 'reason' : null)
  }
  return [chosen ?? asked, open]
}

/** @param value null: it goes without saying */
export function writeAddress(name: 'view' | 'mode', value: string | null): void {
  const address = new URL(location.href)
  if (value === null) address.searchParams.delete(name)
  else address.searchParams.set(name, value)
  history.replaceState(history.state, '', address)
}
