import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import { aggregate } from '../aggregate'
import { fedit } from '../rules/fedit'
import { ffa } from '../rules/ffa'
import { flora } from '../rules/flora'
import { denseGlobal, furthest, randomRound, settings } from '../rules/testing'
import type { AggregationRule, LoraUpdate } from '../types'
import { type RobustChain, type RobustRuleName, robustRules } from './chain'
import { robustly } from './estimate'
import { minorityOf } from './rule'
import { counted, far, flat, mixed, regauged, roundWithLiars } from './testing'

const names = Object.keys(robustRules) as RobustRuleName[]
const inProductSpace = names.filter((name) => !robustRules[name].perCoordinate)
const byNumbers = names.filter((name) => robustRules[name].perCoordinate)
/** B alone, as FFA-LoRA trains it. */
const onlyB = { a: false, b: true }

const run = (rule: AggregationRule, updates: readonly LoraUpdate[], chain: RobustChain, liars = 0.3) =>
  robustly(rule, updates, 1, { chain, liars, seed: 3 })

const seeds = fc.nat(1000)
const properties = { numRuns: 25 }

/** The definitions, on dense matrices and without any trick. */
const oracles: Readonly<Record<RobustRuleName, (x: readonly Float64Array[], f: number) => Float64Array>> = {
  krum: (x, f) => x[orderOf(x, f)[0]],
  'multi-krum': (x, f) =>
    meanOf(
      orderOf(x, f)
        .slice(0, x.length - f)
        .map((at) => x[at]),
    ),
  'trimmed-mean': (x, f) => perNumber(x, (sorted) => sorted.slice(f, sorted.length - f)),
  median: (x) =>
    perNumber(x, (sorted) =>
      sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1),
    ),
  // No closed form: the gradient of Σ ‖v - x‖ is followed down in small steps.
  'geometric-median': (x) => {
    let v = meanOf(x)
    for (let step = 0; step < 4000; step++) {
      const rate = 0.02 / (1 + step / 100)
      const pull = x.map((one) => 1 / far(one, v))
      v = v.map(
        (value, at) => value + rate * x.reduce((sum, one, own) => sum + pull[own] * (one[at] - value), 0),
      )
    }
    return v
  },
  'centred-clipping': (x) => {
    const lower = (values: readonly number[]) =>
      [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1]
    const reach = x.map((one) => lower(x.map((other) => far(one, other))))
    let v = x[reach.indexOf(Math.min(...reach))]
    for (const _ of [1, 2, 3]) {
      const radius = lower(x.map((one) => far(one, v)))
      const from = v
      const drawn = x.map((one) =>
        one.map((value, at) => (value - from[at]) * Math.min(1, radius / (far(one, from) || 1))),
      )
      v = v.map((value, at) => value + meanOf(drawn)[at])
    }
    return v
  },
}

const meanOf = (x: readonly Float64Array[]): Float64Array =>
  mixed(
    x,
    x.map(() => 1 / x.length),
  )
function orderOf(x: readonly Float64Array[], f: number): number[] {
  const scores = x.map((one, own) =>
    x
      .filter((_, at) => at !== own)
      .map((other) => far(one, other) ** 2)
      .sort((a, b) => a - b)
      .slice(0, x.length - f - 2)
      .reduce((sum, square) => sum + square, 0),
  )
  return [...x.keys()].sort((i, j) => scores[i] - scores[j])
}
const perNumber = (x: readonly Float64Array[], kept: (sorted: number[]) => number[]): Float64Array =>
  x[0].map((_, at) => {
    const values = kept(x.map((one) => one[at]).sort((a, b) => a - b))
    return values.reduce((sum, value) => sum + value, 0) / values.length
  })

/** FedIT and FLoRA train both factors; what looks at single numbers needs one that is shared. */
const rulesFor = (name: RobustRuleName): readonly AggregationRule[] =>
  robustRules[name].perCoordinate ? [ffa] : [flora, ffa]

describe.each(names)('%s', (name) => {
  it('is its definition on dense matrices', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 5, max: 9 }), (seed, devices) => {
        // B moves alone, so that models are linear in what was sent and every rule can be compared; FLoRA measures models.
        const updates = randomRound(seed, devices, { out: 4, into: 5, rank: 2 }, onlyB).updates.map(
          (update) => ({
            ...update,
            weight: 1 / devices,
          }),
        )
        const f = Math.min(Math.floor(0.3 * devices), robustRules[name].bears(devices))
        const out = run(flora, updates, [name])
        if (!robustRules[name].perCoordinate) {
          const expected = oracles[name](updates.map(flat), f)
          const length = far(
            expected,
            expected.map(() => 0),
          )
          expect(far(counted(out.updates), expected)).toBeLessThan(1e-3 * length)
          return
        }
        for (const [tensor, { data }] of out.updates[0].delta) {
          const sent = updates.map(({ delta }) => Float64Array.from(delta.get(tensor)!.data))
          expect(far(Float64Array.from(data), oracles[name](sent, f))).toBeLessThan(1e-12)
        }
      }),
      properties,
    )
  })

  it('comes to the same in whatever order updates stand, also in buckets, or mixed with neighbours', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(null, 'bucketing', 'neighbour-mixing'), (seed, means) => {
        const updates = roundWithLiars(seed, 8, 2, 5, onlyB)
        const chain: RobustChain = means === null ? [name] : [means, name]
        for (const rule of rulesFor(name)) {
          const [one, other] = [updates, random(seed, 'order').shuffle(updates)].map((all) =>
            counted(run(rule, all, chain, 0.2).updates),
          )
          expect(far(one, other)).toBeLessThan(
            1e-6 *
              far(
                one,
                one.map(() => 0),
              ),
          )
        }
      }),
      properties,
    )
  })

  it('is where the honest are, however far away the others go', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(1, 10, 1e4, 1e12),
        fc.integer({ min: 6, max: 10 }),
        (seed, length, devices) => {
          const liars = Math.min(Math.floor(0.3 * devices), robustRules[name].bears(devices))
          const honest = devices - liars
          for (const rule of rulesFor(name)) {
            const updates = roundWithLiars(seed, honest, liars, length, onlyB)
            const models = updates.slice(0, honest).map(flat)
            const mean = meanOf(models)
            const spread = Math.max(...models.map((model) => far(model, mean)))
            expect(far(counted(run(rule, updates, [name]).updates), mean)).toBeLessThan(4 * spread)
          }
        },
      ),
      properties,
    )
  })

  it('gives back what it has where all are the same, or only one came', () => {
    const [update] = randomRound(4, 1, undefined, onlyB).updates
    for (const count of [1, 2, 3, 6]) {
      const same = Array.from({ length: count }, (_, at) => ({
        ...update,
        device: `device ${at}`,
        weight: 1 / count,
      }))
      for (const rule of rulesFor(name))
        expect(far(counted(run(rule, same, [name]).updates), flat(update))).toBeLessThan(1e-6)
    }
  })
})

describe.each(inProductSpace)('%s in product space', (name) => {
  it('sees the same model in another basis as the same', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.2, max: 5, noNaN: true }), (seed, g) => {
        const updates = randomRound(seed, 7).updates
        const turned = updates.map((update, at) => (at % 2 ? regauged(update, g) : update))
        const [one, other] = [updates, turned].map((all) =>
          denseGlobal(
            aggregate(flora, { ...randomRound(seed, 7).current }, run(flora, all, [name]).updates, settings)
              .global,
          ),
        )
        expect(furthest(one, other)).toBeLessThan(1e-3)
      }),
      properties,
    )
  })

  it('is not deceived where factors are averaged: the same model in a far basis spoils their mean', () => {
    const honest = roundWithLiars(5, 7, 0, 1)
    const lying = honest.map((update, at) => ({
      ...(at < 2 ? regauged(update, 1e5) : update),
      weight: 1 / 7,
    }))
    const { current } = randomRound(5, 7)
    const merged = (updates: readonly LoraUpdate[]) =>
      denseGlobal(aggregate(fedit, { ...current, adapter: honest[0].start }, updates, settings).global)
    const wanted = merged(honest)
    expect(furthest(merged(lying), wanted), 'plain averaging is deceived').toBeGreaterThan(100)
    expect(furthest(merged(run(fedit, lying, [name]).updates), wanted)).toBeLessThan(1)
  })
})

describe.each(byNumbers)('%s', (name) => {
  it('sends one change of the factor that was trained, with the weight of all', () => {
    const updates = randomRound(2, 5, undefined, onlyB).updates
    const { updates: made } = run(ffa, updates, [name])
    expect(made).toHaveLength(1)
    expect(made[0].weight).toBeCloseTo(1)
    expect([...made[0].delta.keys()].every((tensor) => tensor.includes('lora_B'))).toBe(true)
  })
})

describe('too few updates for what was supposed', () => {
  it('are averaged as they are where a rule cannot be asked at all, which is said', () => {
    const updates = randomRound(1, 2).updates
    const { updates: same, weakened } = run(flora, updates, ['krum'])
    expect(same).toEqual(updates)
    expect(weakened).toBe('2 updates are too few for “krum”. They were averaged as they are.')
    expect(run(flora, updates.slice(1), ['multi-krum']).weakened).toMatch(/^One update is too few/)
  })

  it('are asked for fewer liars, which is said', () => {
    const { weakened } = run(flora, randomRound(1, 4).updates, ['krum'], 0.45)
    expect(weakened).toMatch(/^Of 4 updates “krum” bears 0 that lie, and 1 were supposed/)
    expect(run(flora, randomRound(1, 4).updates, ['geometric-median'], 0.45).weakened).toBeNull()
  })

  it('are not put into buckets of which most may be spoilt, which is said', () => {
    const updates = roundWithLiars(1, 7, 3, 5)
    const [bucketed, single] = [['bucketing', 'centred-clipping'], ['centred-clipping']] as const
    const out = run(flora, updates, bucketed)
    expect(out.weakened).toMatch(/^Of 10 updates 3 may lie, too many for buckets of two/)
    expect(out.updates).toEqual(run(flora, updates, single).updates)
    expect(run(flora, updates, bucketed, 0.2).weakened).toBeNull()
  })

  it('never bear half', () => {
    for (const name of names)
      for (let count = 1; count < 12; count++) {
        expect(2 * robustRules[name].bears(count)).toBeLessThan(count)
        expect(robustRules[name].bears(count)).toBeLessThanOrEqual(minorityOf(count))
      }
  })
})

it('an empty chain, or the norm bound alone, changes nothing here', () => {
  const { updates } = randomRound(1, 5)
  for (const chain of [[], ['norm-bound']] as const)
    expect(run(flora, updates, chain)).toEqual({ updates, leftOut: [], weakened: null })
})
