import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Box, placesOf } from './places'

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const card = { width: 360, height: 240 }

const apart = (a: Box, b: Box) =>
  a.left + a.width <= b.left ||
  b.left + b.width <= a.left ||
  a.top + a.height <= b.top ||
  b.top + b.height <= a.top

const places = (explained: Box, window = desk, size = card) => {
  const { spot, card: at } = placesOf(explained, size, window)
  return { spot, card: { ...at, ...size } }
}

describe('the card of the tour', () => {
  it('stands beside what it explains where there is room', () => {
    const { spot, card: right } = places({ top: 100, left: 40, width: 500, height: 300 })
    expect([right.left, right.top]).toEqual([spot.left + spot.width + 12, 94])
    expect(places({ top: 100, left: 800, width: 600, height: 300 }).card.left).toBeLessThan(800 - 360)
  })

  it('stands below it on a phone, and above where it is at the foot', () => {
    expect(places({ top: 20, left: 12, width: 366, height: 300 }, phone).card.top).toBe(338)
    expect(places({ top: 500, left: 12, width: 366, height: 300 }, phone).card.top).toBe(242)
  })

  it('lies over a part of what fills the window, which is lit down to the card', () => {
    const { spot, card: own } = places({ top: 20, left: 12, width: 366, height: 900 }, phone)
    expect(own.top + own.height).toBe(844 - 12)
    expect(spot.top + spot.height).toBe(own.top - 12)
  })

  it('is whole in the window and never upon what is lit', () => {
    const side = (most: number) => fc.integer({ min: 20, max: most })
    fc.assert(
      fc.property(
        fc.constantFrom(desk, phone, { width: 1024, height: 768 }, { width: 844, height: 390 }),
        fc.integer({ min: -400, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        side(1400),
        side(1200),
        fc.integer({ min: 120, max: 360 }),
        (window, top, left, width, height, cardHeight) => {
          const own = { width: 360, height: cardHeight }
          const { spot, card: shown } = places({ top, left, width, height }, window, own)
          expect(shown.left).toBeGreaterThanOrEqual(12)
          expect(shown.top).toBeGreaterThanOrEqual(12)
          expect(shown.left + shown.width).toBeLessThanOrEqual(window.width - 12)
          expect(shown.top + shown.height).toBeLessThanOrEqual(window.height - 12)
          expect(spot.height === 0 || apart(spot, shown)).toBe(true)
        },
      ),
    )
  })
})
