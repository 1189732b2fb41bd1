import { describe, it } from 'vitest'
import { expectEverywhere, gaussians } from '../products/testing'
import { gated } from './gated'

const rows = 3

describe('gated', () => {
  it.each([5, 8, 136])('is silu(gate) · up, for %i channels', async (inner) => {
    const gateUp = gaussians(1, rows * 2 * inner).map((number) => 4 * number)
    gateUp.set([-200, 200]) // far where an exponential overflows
    const y = Float64Array.from({ length: rows * inner }, (_, place) => {
      const [row, column] = [Math.floor(place / inner), place % inner]
      const [gate, up] = [gateUp[2 * row * inner + column], gateUp[(2 * row + 1) * inner + column]]
      return (gate / (1 + Math.exp(-gate))) * up
    })
    await expectEverywhere((p) => ({ y: gated(p, p.input('gateUp', [rows, 2 * inner])) }), { gateUp }, { y })
  })
})
