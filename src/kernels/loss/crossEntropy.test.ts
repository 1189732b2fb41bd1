import { describe, expect, it } from 'vitest'
import { machines, numericGradient, relativeError, runOn } from '../machines/testing'
import { expectEverywhere, gaussians } from '../products/testing'
import type { ProgramBuilder } from '../program'
import { crossEntropy } from './crossEntropy'
import { weightedSum } from './weightedSum'

const rows = 3
const weights = Float32Array.of(0.5, 0, 0.25)

const numbersFor = (vocabulary: number, factor = 1) => ({
  logits: gaussians(1, rows * vocabulary).map((logit) => factor * logit),
  targets: Int32Array.of(0, vocabulary - 1, Math.floor(vocabulary / 2)),
  weights,
})

const build =
  (vocabulary: number, stride = vocabulary) =>
  (p: ProgramBuilder) =>
    crossEntropy(
      p,
      {
        logits: p.input('logits', [rows, stride]),
        targets: p.input('targets', [rows], 'int32'),
        weights: p.input('weights', [rows]),
      },
      { vocabulary },
    )

/** The definition in 64 bits. */
function reference({ logits, targets }: ReturnType<typeof numbersFor>, vocabulary: number) {
  const results = Array.from({ length: rows }, (_, row) => {
    const numbers = [...logits.subarray(row * vocabulary, (row + 1) * vocabulary)]
    const largest = Math.max(...numbers)
    const sum = numbers.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
    const pull = numbers.map(
      (logit, id) => weights[row] * (Math.exp(logit - largest) / sum - (id === targets[row] ? 1 : 0)),
    )
    return { loss: Math.log(sum) + largest - numbers[targets[row]], pull }
  })
  return { losses: results.map(({ loss }) => loss), dLogits: results.flatMap(({ pull }) => pull) }
}

describe('cross-entropy', () => {
  it.each([3, 64, 515, 1024])(
    'is what its definition says, also where rows count 0: %i tokens',
    async (vocabulary) => {
      const numbers = numbersFor(vocabulary)
      await expectEverywhere(build(vocabulary), numbers, reference(numbers, vocabulary))
    },
  )

  it.each([
    { vocabulary: 6, stride: 8 },
    { vocabulary: 1021, stride: 1024 },
    { vocabulary: 5, stride: 7 },
  ])('leaves zeros where rows are padded: $vocabulary tokens in $stride columns', async (sizes) => {
    const { vocabulary, stride } = sizes
    const numbers = numbersFor(vocabulary)
    const { losses, dLogits } = reference(numbers, vocabulary)
    const padded = (of: ArrayLike<number>, filling: number) =>
      Float32Array.from({ length: rows * stride }, (_, place) =>
        place % stride < vocabulary
          ? of[Math.floor(place / stride) * vocabulary + (place % stride)]
          : filling,
      )
    const logits = padded(numbers.logits, Number.POSITIVE_INFINITY)
    const expected = { losses, dLogits: padded(dLogits, 0) }
    await expectEverywhere(build(vocabulary, stride), { ...numbers, logits }, expected)
  })

  it('survives logits whose exponentials no float holds', async () => {
    const numbers = numbersFor(65, 1000)
    await expectEverywhere(build(65), numbers, reference(numbers, 65))
  })

  it('gives the slope of the weighted losses', async () => {
    const numbers = numbersFor(9)
    const cpu = (await machines()).get('cpu')!
    const losses = async (logits: Float32Array) => (await runOn(cpu, build(9), { ...numbers, logits })).losses
    const slope = await numericGradient(losses, numbers.logits, weights)
    const { dLogits } = await runOn(cpu, build(9), numbers)
    expect(relativeError(dLogits, slope)).toBeLessThan(1e-3)
  })
})

describe('the weighted sum', () => {
  it.each([1, 5, 600])(
    'of %i losses goes to its step in the ring, and nothing else changes',
    async (size) => {
      const numbers = { losses: gaussians(1, size), weights: gaussians(2, size), ring: gaussians(3, 4) }
      const sum = numbers.losses.reduce((sum, loss, row) => sum + loss * numbers.weights[row], 0)
      for (const step of [0, 7]) {
        const ring = numbers.ring.map((old, place) => (place === step % 4 ? sum : old))
        await expectEverywhere(
          (p) => ({
            ring: weightedSum(p, {
              losses: p.input('losses', [size]),
              weights: p.input('weights', [size]),
              ring: p.state('ring', [4]),
              step: p.input('step', [1], 'int32'),
            }),
          }),
          { ...numbers, step: Int32Array.of(step) },
          { ring },
        )
      }
    },
  )
})
