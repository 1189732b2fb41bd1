import { beforeAll, describe, expect, it } from 'vitest'
import { Bench, gaussians, largestError } from './testing'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.open()
})

describe('crossEntropy', () => {
  it.each([1, 2, 7, 512, 5003])(
    'leaves losses, and gradients in place of logits (vocabulary %i)',
    (vocabulary) => {
      const logits = gaussians(3 * vocabulary, 'logits').map((value) => 5 * value + 20)
      const targets = [0, vocabulary - 1, vocabulary >> 1]
      const weights = [0.25, 0, 2]
      const [at, losses] = [bench.put(logits), bench.room(3)]
      bench.functions.crossEntropy(
        at,
        vocabulary,
        bench.putIntegers(targets),
        bench.put(weights),
        losses,
        3,
        vocabulary,
      )
      const oracle = targets.map((target, row) => {
        const own = Array.from(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
        const largest = Math.max(...own)
        const sum = own.reduce((total, logit) => total + Math.exp(logit - largest), 0)
        return {
          loss: Math.log(sum) + largest - own[target],
          gradient: own.map(
            (logit, id) => weights[row] * (Math.exp(logit - largest) / sum - (id === target ? 1 : 0)),
          ),
        }
      })
      bench.get(losses, 3).forEach((loss, row) => {
        expect(Math.abs(loss - oracle[row].loss)).toBeLessThan(1e-6 * (1 + oracle[row].loss))
      })
      const gradients = oracle.flatMap(({ gradient }) => gradient)
      const differences = bench
        .get(at, 3 * vocabulary)
        .map((value, index) => Math.abs(value - gradients[index]))
      expect(Math.max(...differences)).toBeLessThan(1e-6)
    },
  )

  it('bears logits that are far apart', () => {
    const [at, losses] = [bench.put([1e4, -1e4, 0, 0, 300]), bench.room(1)]
    bench.functions.crossEntropy(at, 5, bench.putIntegers([0]), bench.put([1]), losses, 1, 5)
    expect(bench.get(losses, 1)[0]).toBe(0)
    expect(bench.get(at, 5)).toEqual(Float32Array.from([0, 0, 0, 0, 0]))
  })
})

describe('weightedSum', () => {
  it('goes round the ring', () => {
    const [losses, weights, ring] = [bench.put([1, 2, 3]), bench.put([0.5, 0, 2]), bench.put([9, 9, 9, 9])]
    bench.functions.weightedSum(losses, weights, ring, bench.putIntegers([6]), 3, 4)
    expect(bench.get(ring, 4)).toEqual(Float32Array.from([9, 9, 6.5, 9]))
  })
})

describe('sumOfSquares', () => {
  it.each([1, 5, 10_001])('is exact to a float (%i numbers)', (size) => {
    const [x, out] = [gaussians(size, 'x'), bench.room(1)]
    bench.functions.sumOfSquares(bench.put(x), out, size)
    const expected = x.reduce((sum, value) => sum + value * value, 0)
    expect(Math.abs(bench.get(out, 1)[0] / expected - 1)).toBeLessThan(1e-7)
  })
})

describe('adam', () => {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]

  it.each([
    { size: 1, maxNorm: null },
    { size: 7, maxNorm: 0.5 },
    { size: 130, maxNorm: 1e3 },
  ])('follows the paper for three steps ($size numbers, norm at most $maxNorm)', ({ size, maxNorm }) => {
    const rate = 0.01
    const states = { p: gaussians(size, 'p'), m: new Float32Array(size), v: new Float32Array(size) }
    const addresses = { p: bench.put(states.p), m: bench.put(states.m), v: bench.put(states.v) }
    const oracle = Array.from(states.p, (p) => ({ p, m: 0, v: 0 }))
    const norm = bench.room(1)
    for (let step = 1; step <= 3; step++) {
      const gradient = gaussians(size, 'gradient', step)
      const at = bench.put(gradient)
      bench.functions.sumOfSquares(at, norm, size)
      const [correction1, correction2] = [1 / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)]
      const schedule = bench.put([rate, correction1, correction2, maxNorm ?? 0])
      const { p, m, v } = addresses
      const clipped = maxNorm === null ? 0 : norm
      bench.functions.adam(p, at, m, v, clipped, schedule, size, beta1, beta2, epsilon)
      const clip = maxNorm === null ? 1 : Math.min(1, maxNorm / (Math.hypot(...gradient) + 1e-6))
      oracle.forEach((own, index) => {
        const g = clip * gradient[index]
        own.m = beta1 * own.m + (1 - beta1) * g
        own.v = beta2 * own.v + (1 - beta2) * g * g
        own.p -= (rate * correction1 * own.m) / (Math.sqrt(own.v) * correction2 + epsilon)
      })
    }
    for (const name of ['p', 'm', 'v'] as const) {
      const expected = oracle.map((own) => own[name])
      expect(largestError(bench.get(addresses[name], size), expected)).toBeLessThan(1e-6)
    }
  })
})
