/** Three keys for the teacher: space pauses and resumes, a full stop runs one round, a question mark helps. */
import { useEffect } from 'react'
import { useNode } from '../node'
import { usePreferences } from '../preferences'

/** Keys belong to whatever has the focus first: fields take letters, buttons take the space bar. */
const belongsToControl = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(
    'input, textarea, select, button, a, summary, [contenteditable], [role="slider"], [role="listbox"], [role="dialog"]',
  ) !== null

export function useKeys(help: () => void): void {
  const node = useNode()
  const on = usePreferences((preferences) => preferences.keys)
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (belongsToControl(event.target)) return
      if (event.key === '?') return help()
      const { role, phase } = node.store.getState()
      if (role !== 'coordinator') return
      if (event.key === ' ' && phase.kind === 'running') node.pause()
      else if (event.key === ' ' && phase.kind === 'paused') node.resume()
      else if (event.key === '.' && phase.kind === 'paused') node.stepRound()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [node, on, help])
}
