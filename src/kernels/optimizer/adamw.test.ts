import { describe, it } from 'vitest'
import { expectEverywhere, gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { adamw, sumOfSquares } from './adamw'

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** One step in 64 bits. */
function reference(
  numbers: { parameters: Float32Array; gradient: Float32Array; first: Float32Array; second: Float32Array },
  [rate, correction1, correction2, maxNorm, decay]: Float32Array,
) {
  const { beta1, beta2, epsilon } = settings
  const norm = Math.sqrt(numbers.gradient.reduce((sum, g) => sum + g * g, 0))
  const factor = maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1
  const gradient = [...numbers.gradient].map((g) => factor * g)
  const first = gradient.map((g, place) => beta1 * numbers.first[place] + (1 - beta1) * g)
  const second = gradient.map((g, place) => beta2 * numbers.second[place] + (1 - beta2) * g * g)
  const parameters = first.map((m, place) => {
    const step = (rate * correction1 * m) / (Math.sqrt(second[place]) * correction2 + epsilon)
    return numbers.parameters[place] * (1 - rate * decay) - step
  })
  return { parameters, first, second }
}

const build = (size: number, isClipped: boolean) => (p: ProgramBuilder) => {
  const gradient = p.input('gradient', [size])
  const state = (name: string) => p.state(name, [size])
  return adamw(
    p,
    {
      parameters: state('parameters'),
      gradient,
      first: state('first'),
      second: state('second'),
      norm: isClipped ? sumOfSquares(p, gradient) : null,
      schedule: p.input('schedule', [5]),
    },
    settings,
  )
}

const numbersFor = (size: number) => ({
  parameters: gaussians(1, size),
  gradient: gaussians(2, size),
  first: gaussians(3, size),
  second: gaussians(4, size).map(Math.abs),
})

const schedule = (t: number, maxNorm: number, decay: number) =>
  Float32Array.of(0.01, 1 / (1 - 0.9 ** t), 1 / Math.sqrt(1 - 0.999 ** t), maxNorm, decay)

describe('AdamW', () => {
  it.each([
    { size: 7, maxNorm: 0, decay: 0 },
    { size: 8, maxNorm: 0.5, decay: 0.1 },
    { size: 1032, maxNorm: 1, decay: 0.01 },
    { size: 1032, maxNorm: 1e6, decay: 0 },
  ])('takes the step of its equations: $size numbers, largest norm $maxNorm, decay $decay', async (given) => {
    const numbers = numbersFor(given.size)
    const times = schedule(3, given.maxNorm, given.decay)
    await expectEverywhere(
      build(given.size, true),
      { ...numbers, schedule: times },
      reference(numbers, times),
      2e-6,
    )
  })

  it('clips nothing where it is given no norm', async () => {
    const numbers = numbersFor(12)
    const times = schedule(1, 0, 0)
    await expectEverywhere(build(12, false), { ...numbers, schedule: times }, reference(numbers, times), 2e-6)
  })

  it('repeats what torch.optim.AdamW does from zero moments', async () => {
    // torch.optim.AdamW([p], lr=0.01, weight_decay=0.1), p = [1, -2, 0.5], p.grad = [0.3, -4, 0]: PyTorch 1.13.
    const numbers = {
      parameters: Float32Array.of(1, -2, 0.5),
      gradient: Float32Array.of(0.3, -4, 0),
      first: new Float32Array(3),
      second: new Float32Array(3),
    }
    const parameters = [0.989000022, -1.988000035, 0.499500006]
    await expectEverywhere(
      build(3, true),
      { ...numbers, schedule: schedule(1, 0, 0.1) },
      { parameters },
      1e-6,
    )
  })
})

describe('the sum of squares', () => {
  it.each([1, 7, 1000, 5120])('of %i numbers', async (size) => {
    const x = gaussians(1, size)
    const sum = [x.reduce((sum, number) => sum + number * number, 0)]
    await expectEverywhere((p) => ({ sum: sumOfSquares(p, p.input('x', [size])) }), { x }, { sum }, 1e-6)
  })
})
