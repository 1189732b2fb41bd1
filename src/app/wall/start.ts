/** The wall's one button: reaches into the coordinator's pane, which is a tab of the same origin. */
import { useEffect, useRef, useState } from 'react'
import type { GossamerNode } from '../../node/gossamerNode'
import { readiness } from '../coordinator/readiness'

const lookEveryMs = 400

export function useWallStart() {
  const coordinator = useRef<HTMLIFrameElement>(null)
  const [ready, setReady] = useState(0)
  const [started, setStarted] = useState(false)
  useEffect(() => {
    const look = () => {
      const state = nodeIn(coordinator.current)?.store.getState()
      if (!state) return
      setReady(readiness(state).withText)
      setStarted(state.phase.kind !== 'lobby' && state.phase.kind !== 'starting')
    }
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [])
  return { coordinator, ready, started, start: () => nodeIn(coordinator.current)?.start() }
}

function nodeIn(frame: HTMLIFrameElement | null): GossamerNode | undefined {
  return frame?.contentWindow?.window.gossamer
}
