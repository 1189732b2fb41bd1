import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeOf, seatedByEdge, tieredSeat } from './tiers'

const edge = (key: string) => ({ key, edge: key, isEdge: true })
const device = (key: string, at: string | null) => ({ key, edge: at, isEdge: false })

describe('devices around their edges', () => {
  it('sit beside their edge, and those without one behind', () => {
    const devices = [
      device('a', 'f'),
      edge('e'),
      device('x', null),
      device('b', 'e'),
      device('c', 'e'),
      edge('f'),
    ]
    expect(seatedByEdge(devices).map(({ key }) => key)).toEqual(['b', 'e', 'c', 'a', 'f', 'x'])
  })

  it('each have one seat, whoever is an edge', () => {
    const anybody = fc.record({ edge: fc.option(fc.constantFrom('0', '1', '2')), isEdge: fc.boolean() })
    fc.assert(
      fc.property(fc.array(anybody, { maxLength: 12 }), (drawn) => {
        const devices = drawn.map((one, index) => ({ ...one, key: String(index) }))
        expect(new Set(seatedByEdge(devices))).toEqual(new Set(devices))
        expect(seatedByEdge(devices)).toHaveLength(devices.length)
      }),
    )
  })

  it('hang on an edge that is there, else on the coordinator', () => {
    const devices = [device('a', 'e'), device('b', 'gone'), edge('e')]
    expect(devices.map((one) => edgeOf(one, devices)?.key ?? null)).toEqual(['e', null, null])
  })

  it('are further out than their edge', () => {
    const [centre, seat] = [
      { x: 100, y: 100 },
      { x: 200, y: 0 },
    ]
    expect(tieredSeat(seat, centre, device('a', 'e'))).toEqual(seat)
    const { x, y } = tieredSeat(seat, centre, edge('e'))
    expect([x > 100 && x < 200, y > 0 && y < 100]).toEqual([true, true])
  })
})
