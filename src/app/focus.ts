/**
 * Keeps the focus in the page. A button that starts a run is gone once it runs, and browsers then let the focus fall to the
 * body, where keys do nothing and screen readers begin again. Here it goes to what is nearest to where it was: what is marked
 * with `data-rest`, else a heading, else a control. One mechanism for all screens, in the document and not in components.
 */
const headings = 'h1, h2, h3, h4'
const controls = 'button:not(:disabled), a[href], input:not(:disabled), select, textarea, summary'

/** Where the focus was, from the inside out. */
type Trail = readonly Element[]

/** Follows the focus of the document from now on. @returns ends that */
export function keepFocus(): () => void {
  let trail: Trail = []
  const isLost = () => document.activeElement === null || document.activeElement === document.body

  const look = () => {
    const [last] = trail
    if (!last || !isLost()) return
    if (last.isConnected) {
      // A control that was switched off for a while has it back.
      if (!last.matches(':disabled')) rest(last)
      return
    }
    const target = restIn(trail)
    if (target) rest(target)
  }
  const entered = ({ target }: FocusEvent) => {
    if (target instanceof Element) trail = trailOf(target)
  }
  /** Somebody who clicks beside everything wants nothing to have it. */
  const left = () =>
    queueMicrotask(() => {
      const [last] = trail
      if (last?.isConnected && !last.matches(':disabled') && isLost()) trail = []
    })

  const observer = new MutationObserver(look)
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  })
  document.addEventListener('focusin', entered)
  document.addEventListener('focusout', left)
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', entered)
    document.removeEventListener('focusout', left)
  }
}

/** A new screen takes the focus that nobody has: to where it is to be read from. */
export function focusScreen(): void {
  const { activeElement, body } = document
  const screen = document.querySelector('main')
  if (activeElement !== body || !screen) return
  const target = restIn([screen])
  if (target) rest(target)
}

function trailOf(element: Element): Trail {
  const trail: Element[] = []
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) trail.push(at)
  return trail
}

function restIn(trail: Trail): HTMLElement | null {
  const screen = document.querySelector('main')
  if (!screen) return null
  // What was pressed in the head of a page was meant for what is below it.
  const here = trail.filter(
    (element) => element.isConnected && !element.contains(screen) && element.closest('main, section'),
  )
  for (const around of [...here, screen])
    for (const wanted of ['[data-rest]', headings, controls]) {
      const found = around.querySelector<HTMLElement>(wanted)
      if (found) return found
    }
  return null
}

function rest(target: Element): void {
  // A pane of a wall must not take the focus from the page around it.
  if (!(target instanceof HTMLElement) || (window.parent !== window && !document.hasFocus())) return
  if (target.tabIndex < 0) target.tabIndex = -1
  target.focus({ preventScroll: true })
}
