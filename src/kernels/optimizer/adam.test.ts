import { describe, it } from 'vitest'
import { expectEverywhere, gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { adam } from './adam'

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** One step in 64 bits. */
function reference(
  numbers: { parameters: Float32Array; gradient: Float32Array; first: Float32Array; second: Float32Array },
  [rate, correction1, correction2]: Float32Array,
) {
  const { beta1, beta2, epsilon } = settings
  const gradient = [...numbers.gradient]
  const first = gradient.map((g, place) => beta1 * numbers.first[place] + (1 - beta1) * g)
  const second = gradient.map((g, place) => beta2 * numbers.second[place] + (1 - beta2) * g * g)
  const parameters = first.map((m, place) => {
    const step = (rate * correction1 * m) / (Math.sqrt(second[place]) * correction2 + epsilon)
    return numbers.parameters[place] - step
  })
  return { parameters, first, second }
}

const build = (size: number) => (p: ProgramBuilder) =>
  adam(
    p,
    {
      parameters: p.state('parameters', [size]),
      gradient: p.input('gradient', [size]),
      first: p.state('first', [size]),
      second: p.state('second', [size]),
      schedule: p.input('schedule', [3]),
    },
    settings,
  )

const schedule = (t: number) => Float32Array.of(0.01, 1 / (1 - 0.9 ** t), 1 / Math.sqrt(1 - 0.999 ** t))

describe('Adam', () => {
  it.each([7, 8, 1032])('takes the step of its equations: %i numbers', async (size) => {
    const numbers = {
      parameters: gaussians(1, size),
      gradient: gaussians(2, size),
      first: gaussians(3, size),
      second: gaussians(4, size).map(Math.abs),
    }
    const times = schedule(3)
    await expectEverywhere(build(size), { ...numbers, schedule: times }, reference(numbers, times), 2e-6)
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
    await expectEverywhere(build(3), { ...numbers, schedule: schedule(1) }, { parameters }, 1e-6)
  })
})
