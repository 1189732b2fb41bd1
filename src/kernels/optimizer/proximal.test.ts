import { describe, it } from 'vitest'
import { expectEverywhere, gaussians } from '../products/testing'
import { proximal } from './proximal'

describe('the pull of FedProx', () => {
  it.each([3, 8, 1032])('adds mu times the way from the anchor: %i numbers', async (size) => {
    const numbers = {
      gradient: gaussians(1, size),
      parameters: gaussians(2, size),
      anchor: gaussians(3, size),
      strength: Float32Array.of(0.3),
    }
    const { gradient, parameters, anchor } = numbers
    const expected = gradient.map((g, place) => g + 0.3 * (parameters[place] - anchor[place]))
    await expectEverywhere(
      (p) => ({
        gradient: proximal(p, {
          gradient: p.state('gradient', [size]),
          parameters: p.input('parameters', [size]),
          anchor: p.input('anchor', [size]),
          strength: p.input('strength', [1]),
        }),
      }),
      numbers,
      { gradient: expected },
      1e-6,
    )
  })
})
