import { describe, it } from 'vitest'
import { expectEverywhere, gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { adam } from './adam'
import { sumOfSquares } from './sumOfSquares'

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** One step in 64 bits. */
function reference(
  numbers: { parameters: Float32Array; gradient: Float32Array; first: Float32Array; second: Float32Array },
  [rate, correction1, correction2, maxNorm]: Float32Array,
  isClipped: boolean,
) {
  const { beta1, beta2, epsilon } = settings
  const norm = Math.sqrt(numbers.gradient.reduce((sum, g) => sum + g * g, 0))
  const factor = isClipped ? Math.min(1, maxNorm / (norm + 1e-6)) : 1
  const gradient = [...numbers.gradient].map((g) => factor * g)
  const first = gradient.map((g, place) => beta1 * numbers.first[place] + (1 - beta1) * g)
  const second = gradient.map((g, place) => beta2 * numbers.second[place] + (1 - beta2) * g * g)
  const parameters = first.map((m, place) => {
    const step = (rate * correction1 * m) / (Math.sqrt(second[place]) * correction2 + epsilon)
    return numbers.parameters[place] - step
  })
  return { parameters, first, second }
}

const build = (size: number, isClipped: boolean) => (p: ProgramBuilder) => {
  const gradient = p.input('gradient', [size])
  return adam(
    p,
    {
      parameters: p.state('parameters', [size]),
      gradient,
      first: p.state('first', [size]),
      second: p.state('second', [size]),
      norm: isClipped ? sumOfSquares(p, gradient) : null,
      schedule: p.input('schedule', [4]),
    },
    settings,
  )
}

const schedule = (t: number, maxNorm = 0) =>
  Float32Array.of(0.01, 1 / (1 - 0.9 ** t), 1 / Math.sqrt(1 - 0.999 ** t), maxNorm)

describe('Adam', () => {
  it.each([
    { size: 7, maxNorm: null },
    { size: 8, maxNorm: 0.5 },
    { size: 1032, maxNorm: 1 },
    { size: 1032, maxNorm: 1e6 },
  ])('takes the step of its equations: $size numbers, largest norm $maxNorm', async ({ size, maxNorm }) => {
    const numbers = {
      parameters: gaussians(1, size),
      gradient: gaussians(2, size),
      first: gaussians(3, size),
      second: gaussians(4, size).map(Math.abs),
    }
    const times = schedule(3, maxNorm ?? 0)
    const isClipped = maxNorm !== null
    const expected = reference(numbers, times, isClipped)
    await expectEverywhere(build(size, isClipped), { ...numbers, schedule: times }, expected, 2e-6)
  })

  it('repeats what torch.optim.AdamW does from zero moments', async () => {
    // torch.optim.AdamW([p], lr=0.01, weight_decay=0), p = [1, -2, 0.5], p.grad = [0.3, -4, 0].
    const numbers = {
      parameters: Float32Array.of(1, -2, 0.5),
      gradient: Float32Array.of(0.3, -4, 0),
      first: new Float32Array(3),
      second: new Float32Array(3),
    }
    const parameters = [0.990000022, -1.990000035, 0.5]
    await expectEverywhere(build(3, false), { ...numbers, schedule: schedule(1) }, { parameters }, 1e-6)
  })
})

describe('the sum of squares', () => {
  it.each([1, 7, 1000, 5120])('of %i numbers', async (size) => {
    const x = gaussians(1, size)
    const sum = [x.reduce((sum, number) => sum + number * number, 0)]
    await expectEverywhere((p) => ({ sum: sumOfSquares(p, p.input('x', [size])) }), { x }, { sum }, 1e-6)
  })
})
