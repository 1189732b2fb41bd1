import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { decodePositions, encodePositions } from './positions'
import { CompressionError } from './types'

const size = 20_000

/** Random positions, each place with the same probability. */
function positionsOf(density: number, seed = 1): Uint32Array {
  const { next } = random(seed, 'positions')
  return Uint32Array.from(Array.from({ length: size }, (_, at) => at).filter(() => next() < density))
}

const varintBytes = (positions: Uint32Array): number =>
  positions.reduce((sum, at, i) => sum + (at - (i === 0 ? 0 : positions[i - 1]) < 128 ? 1 : 2), 0)

describe('positions', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(size - 1), { maxLength: 200 }), (places) => {
        const positions = Uint32Array.from(places).sort()
        const bytes = encodePositions(positions)
        const { positions: back, bytesRead } = decodePositions(bytes, positions.length, size)
        expect(back).toEqual(positions)
        expect(bytesRead).toBe(bytes.length)
      }),
      { numRuns: 60 },
    )
  })

  it.each([0.5, 0.2, 0.1, 0.05, 0.01])(
    'take no more than a bitmap or gap-varints at density %f',
    (density) => {
      const positions = positionsOf(density)
      expect(encodePositions(positions).length).toBeLessThanOrEqual(
        1 + Math.min(size / 8, varintBytes(positions)),
      )
    },
  )

  it('take hardly more than their entropy', () => {
    const positions = positionsOf(0.1)
    const entropy = size * (-0.1 * Math.log2(0.1) - 0.9 * Math.log2(0.9))
    expect(8 * encodePositions(positions).length).toBeLessThan(1.05 * entropy)
  })

  it.each([
    ['no bytes', [], 1],
    ['an impossible shift', [200, 0], 1],
    ['a run of ones that does not end', [0, 255, 255], 1],
    ['a position beyond the end', [3, 0b0101_0111], 1],
    ['fewer positions than promised', [0, 0], 9],
  ] as const)('are refused where there is %s', (_, bytes, count) => {
    expect(() => decodePositions(Uint8Array.from(bytes), count, 20)).toThrow(CompressionError)
  })
})
