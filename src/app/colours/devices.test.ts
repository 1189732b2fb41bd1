import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { colourPlaces, type Seat } from './devices'
import { paletteColour, paletteSize } from './palette'

const device = (key: string, index: number): Seat => ({ key, index, role: 'device' })
const colourOf = (seats: readonly Seat[], key: string) => paletteColour(colourPlaces(seats).get(key)!)
const rooms = fc.uniqueArray(
  fc.record({
    key: fc.string({ minLength: 1, maxLength: 8 }),
    index: fc.integer({ min: -1, max: 40 }),
    role: fc.constantFrom('device', 'edge'),
  }) as fc.Arbitrary<Seat>,
  { selector: ({ key }) => key, maxLength: 40 },
)

describe('the colours of a room', () => {
  it('are all different, whatever indices the devices hold', () => {
    fc.assert(
      fc.property(rooms, (seats) => {
        const places = [...colourPlaces(seats).values()]
        expect(new Set(places).size).toBe(seats.length)
      }),
    )
  })

  it('are different for the first and the ninth device, and for one that has no index yet', () => {
    const seats = [...Array.from({ length: 9 }, (_, index) => device(`d${index}`, index)), device('new', -1)]
    expect(new Set(seats.map(({ key }) => colourOf(seats, key))).size).toBe(10)
  })

  it('follow the index: who else is there, and in which order, changes nothing', () => {
    fc.assert(
      fc.property(rooms, fc.integer({ min: 0, max: 63 }), (others, index) => {
        const rest = others.filter((other) => other.index !== index)
        fc.pre(rest.every(({ key }) => key !== 'self'))
        const self = device('self', index)
        expect(colourOf([...rest, self], 'self')).toBe(colourOf([self], 'self'))
      }),
    )
  })

  it('leave the sun to the coordinator', () => {
    expect(colourPlaces([{ key: 'c', index: -1, role: 'coordinator' }]).size).toBe(0)
  })
})

describe('the palette', () => {
  it('has a colour for each of the 64 devices of a room', () => {
    expect(new Set(Array.from({ length: paletteSize }, (_, place) => paletteColour(place))).size).toBe(64)
  })
})
