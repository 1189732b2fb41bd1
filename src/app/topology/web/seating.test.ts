import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxOf, middleForm, overlap, seat } from './seating'

const people = (count: number) => Array.from({ length: count }, () => ({ isEdge: false, letters: 9 }))
/** Where a web is shown: beside a chart on a projector, on a phone, in a pane of a wall, on a desk. */
const frames = [
  { width: 420, height: 360 },
  { width: 340, height: 360 },
  { width: 300, height: 300 },
  { width: 620, height: 420 },
  { width: 930, height: 360 },
].map((size) => ({ ...size, words: 1, hasMiddle: true }))

describe('seats in the web', () => {
  it('cover neither each other nor the middle, for as many devices as a room shows', () => {
    for (const frame of frames)
      for (let count = 1; count <= 40; count++) {
        const { form, web, seats } = seat(people(count), frame)
        const boxes = [
          ...seats.map((at) => boxOf(form, at, frame.words, 9)),
          boxOf(middleForm(form), web.centre, 1, 12),
        ]
        const crowded = boxes.flatMap((box, at) =>
          boxes.slice(at + 1).flatMap((other) => (overlap(box, other) ? [[box, other]] : [])),
        )
        expect(crowded, `${count} devices in ${frame.width} × ${frame.height}`).toEqual([])
      }
  })

  it('lie inside the frame with their words', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 280, max: 1600 }),
        fc.integer({ min: 280, max: 900 }),
        fc.integer({ min: 1, max: 3 }),
        (count, width, height, words) => {
          const { form, seats } = seat(people(count), { width, height, words, hasMiddle: true })
          for (const at of seats) {
            const box = boxOf(form, at, words, 24)
            expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0)
            expect(box.right).toBeLessThanOrEqual(width)
            expect(box.bottom).toBeLessThanOrEqual(height)
          }
        },
      ),
    )
  })

  it('name everybody as long as there is room for it, and a dozen on a projector', () => {
    const projector = { width: 420, height: 360, words: 1, hasMiddle: true }
    expect(seat(people(4), projector).form).toBe('full')
    expect(['full', 'tight', 'small']).toContain(seat(people(12), projector).form)
    expect(seat(people(12), { ...projector, width: 500, height: 400 }).form).toBe('tight')
    expect(seat(people(40), projector).form).toBe('bare')
    expect(seat(people(12), { ...projector, width: 1200, height: 500 }).form).toBe('full')
  })

  it('of edges lie between the middle and their devices', () => {
    const { web, seats } = seat([...people(1), { isEdge: true, letters: 9 }, ...people(2)], {
      width: 800,
      height: 500,
      words: 2,
      hasMiddle: true,
    })
    const far = ({ x, y }: { x: number; y: number }) => Math.hypot(x - web.centre.x, y - web.centre.y)
    expect(far(seats[1])).toBeLessThan(Math.min(far(seats[0]), far(seats[2])))
  })
})
