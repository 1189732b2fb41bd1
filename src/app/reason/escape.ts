/** Escape ends what is running, unless it closes something that lies above. */
import { useEffect } from 'react'

export function useEscape(isRunning: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isRunning) return
    const press = (event: KeyboardEvent) => {
      const isElsewhere =
        event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]')
      if (event.key === 'Escape' && !event.defaultPrevented && !isElsewhere) stop()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [stop, isRunning])
}
