import { describe, expect, it } from 'vitest'
import { bytesFrom, gaussians, uniform } from './unguessable'

const secretOf = (byte: number) => new Uint8Array(32).fill(byte)
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('bytes from a secret', () => {
  it('are the same for the same secret, however they are asked for, and others for another', () => {
    const [whole, pieces] = [bytesFrom(secretOf(7))(96), bytesFrom(secretOf(7))]
    expect([...pieces(32), ...pieces(64)]).toEqual([...whole])
    expect([...bytesFrom(secretOf(8))(96)]).not.toEqual([...whole])
  })

  it('are spread evenly, and do not come again', () => {
    const bytes = bytesFrom(secretOf(7))(65_536)
    const counts = new Uint32Array(256)
    for (const byte of bytes) counts[byte]++
    expect(Math.min(...counts)).toBeGreaterThan(190)
    expect(Math.max(...counts)).toBeLessThan(330)
    expect([...bytes.subarray(0, 32)]).not.toEqual([...bytes.subarray(32, 64)])
  })
})

describe('numbers from bytes', () => {
  const chance = gaussians(bytesFrom(secretOf(7)))
  const drawn = Array.from({ length: 20_000 }, () => chance.next().value)

  it('have mean 0, variance 1, and the tails of a normal distribution', () => {
    expect(meanOf(drawn)).toBeCloseTo(0, 1)
    expect(meanOf(drawn.map((value) => value ** 2))).toBeCloseTo(1, 1)
    const beyond = (sigmas: number) => drawn.filter((value) => Math.abs(value) > sigmas).length / drawn.length
    expect(beyond(1)).toBeCloseTo(0.3173, 1.5)
    expect(beyond(2)).toBeCloseTo(0.0455, 2)
    expect(beyond(3)).toBeCloseTo(0.0027, 2.5)
  })

  it('do not hang on the one before', () => {
    expect(meanOf(drawn.slice(1).map((value, at) => value * drawn[at]))).toBeCloseTo(0, 1)
  })

  it('are finite whatever the bytes are', () => {
    for (const byte of [0, 255])
      expect(gaussians((count) => new Uint8Array(count).fill(byte)).next().value).toSatisfy(Number.isFinite)
  })

  it('are evenly spread from 0 to 1', () => {
    const bytes = bytesFrom(secretOf(9))
    const even = Array.from({ length: 2000 }, () => uniform(bytes))
    expect(meanOf(even)).toBeCloseTo(0.5, 1)
    expect(even.every((value) => value >= 0 && value < 1)).toBe(true)
  })
})
