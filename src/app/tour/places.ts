/**
 * Where the card of the tour stands: beside what it explains, else below or above it, and where that leaves no room, over a part
 * of it. What is lit then ends where the card begins. Pixels of the window throughout.
 */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface Box extends Size {
  readonly top: number
  readonly left: number
}

export interface Places {
  /** What is lit: as much of the explained as the card leaves in sight. */
  readonly spot: Box
  readonly card: { readonly top: number; readonly left: number }
}

/** Between card and spot, and between either and the edge of the window. */
const gap = 12
/** Around what is explained. */
const margin = 6

export function placesOf(explained: Box, card: Size, window: Size): Places {
  const spot = {
    top: explained.top - margin,
    left: explained.left - margin,
    width: explained.width + 2 * margin,
    height: explained.height + 2 * margin,
  }
  const right = spot.left + spot.width
  const foot = spot.top + spot.height
  const across = (at: number) => within(at, card.width, window.width)
  const down = (at: number) => within(at, card.height, window.height)
  if (right + card.width + 2 * gap <= window.width)
    return { spot, card: { top: down(spot.top), left: across(right + gap) } }
  if (spot.left - card.width >= 2 * gap)
    return { spot, card: { top: down(spot.top), left: across(spot.left - card.width - gap) } }
  const left = across((window.width - card.width) / 2)
  if (foot + card.height + 2 * gap <= window.height) return { spot, card: { top: down(foot + gap), left } }
  if (spot.top - card.height >= 2 * gap)
    return { spot, card: { top: down(spot.top - card.height - gap), left } }
  const top = down(window.height)
  return { spot: { ...spot, height: Math.max(0, top - gap - spot.top) }, card: { top, left } }
}

/** As near to `at` as the window allows. */
const within = (at: number, size: number, all: number): number =>
  Math.max(gap, Math.min(at, all - size - gap))
