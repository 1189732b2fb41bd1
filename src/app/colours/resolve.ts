/**
 * The colours of a theme as a canvas needs them. `light-dark()` and `var()` mean nothing to a canvas, so a probe element
 * is coloured with each and asked what came out.
 */
export function resolveColours(host: HTMLElement, colours: readonly string[]): string[] {
  const probe = document.createElement('span')
  // Where less motion is asked for, every change takes a moment: the first colour would be the answer for all.
  probe.style.setProperty('transition', 'none', 'important')
  host.append(probe)
  const resolved = colours.map((colour) => {
    probe.style.color = colour
    return getComputedStyle(probe).color
  })
  probe.remove()
  return resolved
}
