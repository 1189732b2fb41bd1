/** As long as somebody looks at a screen on which tabs reason, the tab knows who is there. */
import { useEffect } from 'react'
import { useNode, useNodeState } from '../node'

/** Links to others rest two minutes after they were looked for. */
const lookAgainMs = 60_000

export function useLookingAround(): void {
  const node = useNode()
  const model = useNodeState((state) => state.model.hash)
  useEffect(() => {
    if (model === null) return
    // What stands in the way is said to whoever asks.
    const look = () => void node.lookAround().catch(() => {})
    look()
    const timer = setInterval(look, lookAgainMs)
    return () => clearInterval(timer)
  }, [node, model])
}
