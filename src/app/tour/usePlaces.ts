/** Where spot and card of the tour are now: they follow scrolling, resizing, and a page that goes on meanwhile. */
import { type CSSProperties, useLayoutEffect, useState } from 'react'
import { type Box, placesOf } from './places'

interface Shown {
  /** Null when the page has no such part. */
  readonly spot: Box | null
  readonly place: CSSProperties
}

const inTheMiddle: Shown = {
  spot: null,
  place: { top: '50%', left: '50%', translate: '-50% -50%' },
}

export function usePlaces(target: string, card: HTMLElement | null): Shown {
  const [shown, setShown] = useState<Shown>(inTheMiddle)
  useLayoutEffect(() => {
    const element = document.querySelector<HTMLElement>(`[data-tour="${target}"]`)
    if (!element || !card) return setShown(inTheMiddle)
    const measure = () => {
      const { top, left, width, height } = element.getBoundingClientRect()
      const size = { width: card.offsetWidth, height: card.offsetHeight }
      const places = placesOf({ top, left, width, height }, size, { width: innerWidth, height: innerHeight })
      setShown({ spot: places.spot, place: places.card })
    }
    // As high as it goes where the page is narrow: the card then has the rest of the window.
    element.scrollIntoView({ block: innerWidth < narrow ? 'start' : 'nearest' })
    measure()
    const resized = new ResizeObserver(measure)
    for (const one of [element, card, document.body]) resized.observe(one)
    addEventListener('resize', measure)
    addEventListener('scroll', measure, true)
    return () => {
      resized.disconnect()
      removeEventListener('resize', measure)
      removeEventListener('scroll', measure, true)
    }
  }, [target, card])
  return shown
}

const narrow = 900
