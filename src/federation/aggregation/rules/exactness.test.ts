/** Against the dense average that no rule forms: W0 + rate Σ wᵢ (Wᵢ(end) - Wᵢ(start)). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import type { Adapter } from '../../../model/adapter'
import { aggregate } from '../aggregate'
import { type Matrix, multiply } from '../algebra/matrix'
import { endOf, layersOf, nameOfA, nameOfB, productsOf, sumOf } from '../algebra/models'
import { exactModel } from '../global/exact'
import { updateFromEnd } from '../global/mean'
import type { AggregationRule, GlobalAdapter, LoraUpdate } from '../types'
import { decaf } from './decaf'
import { fedex } from './fedex'
import { fedit } from './fedit'
import { ffa } from './ffa'
import { flexlora } from './flexlora'
import { flora } from './flora'
import { hetlora } from './hetlora'
import { rolora } from './rolora'
import { adapterOf, denseGlobal, denseOf, furthest, randomRound, settings, sharesOf } from './testing'

const runs = { numRuns: 15 }
const seed = fc.nat(1_000_000)
const devices = fc.integer({ min: 1, max: 6 })
const rank = fc.constantFrom(1, 2, 4)
const onlyB = { a: false, b: true }
const onlyA = { a: true, b: false }

/** The dense oracle: what should be added to the base afterwards. */
const shouldBe = (current: GlobalAdapter, updates: readonly LoraUpdate[], rate = 1) =>
  denseOf(sumOf([exactModel(current, updates, rate), productsOf(current.folded, 1)]))

describe('exact rules', () => {
  it.each([
    ['FedEx', fedex, { a: true, b: true }],
    ['FLoRA', flora, { a: true, b: true }],
    ['FFA', ffa, onlyB],
    ['RoLoRA on B', rolora, onlyB],
    ['RoLoRA on A', rolora, onlyA],
  ] as const)('%s gives the average of the models', (_, rule, moves) => {
    fc.assert(
      fc.property(seed, devices, rank, fc.constantFrom(1, 0.5, 1.5), (start, count, r, serverRate) => {
        const { current, updates } = randomRound(start, count, { out: 12, into: 9, rank: r }, moves)
        const { global, distortion } = aggregate(rule, current, updates, { ...settings, serverRate })
        expect(furthest(shouldBe(current, updates, serverRate), denseGlobal(global))).toBeLessThan(1e-5)
        expect(distortion!.relative).toBeLessThan(1e-6)
      }),
      runs,
    )
  })

  it.each([1, 4, 32])(
    'three devices of rank %i: FedEx and FLoRA miss less than 1e-5, FedIT much more',
    (r) => {
      const { current, updates } = randomRound(r, 3, { out: 48, into: 40, rank: r })
      for (const rule of [fedex, flora])
        expect(
          furthest(
            shouldBe(current, updates),
            denseGlobal(aggregate(rule, current, updates, settings).global),
          ),
        ).toBeLessThan(1e-5)
      expect(aggregate(fedit, current, updates, settings).distortion!.relative).toBeGreaterThan(1e-3)
    },
  )

  it('FlexLoRA does too, where its rank holds all directions', () => {
    const { current, updates } = randomRound(5, 3)
    const wide = {
      ...current,
      adapter: { ...current.adapter, config: { ...current.adapter.config, rank: 9, alpha: 18 } },
    }
    const { global, truncationError } = aggregate(flexlora, wide, updates, settings)
    expect(furthest(shouldBe(current, updates), denseGlobal(global))).toBeLessThan(1e-5)
    expect(truncationError).toBeLessThan(1e-5)
  })

  it('round after round: what is folded adds up', () => {
    for (const rule of [fedex, flora]) {
      const { current } = randomRound(1, 1)
      let global = { ...current, adapter: rule.start(current, current.adapter.config, settings.seed) }
      for (let round = 1; round <= 4; round++) {
        const { adapter: start } = global
        const updates = randomRound(round, 3).updates.map((update) => ({ ...update, start }))
        const expected = shouldBe(global, updates)
        global = aggregate(rule, global, updates, settings).global
        expect(furthest(expected, denseGlobal(global))).toBeLessThan(1e-5)
      }
      expect(global.folds).toBe(4)
      // Four residuals of rank 4 or 6 are more than 9, the smaller side: the sum is kept instead.
      for (const name of layersOf(global.folded))
        expect(global.folded.get(nameOfB(name))!.shape).toEqual([12, 9])
    }
  })

  it('late updates too: other starts, weights that shrink with age', () => {
    const { current, updates: fresh } = randomRound(3, 2)
    const { updates: late } = randomRound(4, 2)
    const updates = [...fresh, ...late].map((update, index) => ({
      ...update,
      weight: [0.3, 0.2, 0.15, 0.1][index],
    }))
    for (const rule of [fedex, flora])
      expect(
        furthest(shouldBe(current, updates), denseGlobal(aggregate(rule, current, updates, settings).global)),
      ).toBeLessThan(1e-5)
  })

  it('RoLoRA folds what late updates of the other turn would distort', () => {
    const { current, updates: ofB } = randomRound(3, 2, undefined, onlyB)
    const { updates: ofA } = randomRound(3, 2, undefined, onlyA)
    const updates = [...ofB, ...ofA]
    const { global, residual } = aggregate(rolora, current, updates, settings)
    expect(residual.size).toBeGreaterThan(0)
    expect(furthest(shouldBe(current, updates), denseGlobal(global))).toBeLessThan(1e-5)
    expect(aggregate(rolora, current, ofB, settings).residual.size).toBe(0)
  })
})

describe('distortion', () => {
  it('of FedIT is none with one device, and some as soon as devices differ', () => {
    fc.assert(
      fc.property(seed, devices, (start, count) => {
        const { current, updates } = randomRound(start, count)
        const { relative } = aggregate(fedit, current, updates, settings).distortion!
        if (count === 1) expect(relative).toBeLessThan(1e-6)
        else expect(relative).toBeGreaterThan(1e-3)
      }),
      runs,
    )
  })

  it('of FedIT is what FedEx folds', () => {
    const { current, updates } = randomRound(8, 4)
    const { distortion } = aggregate(fedit, current, updates, settings)
    const { residual } = aggregate(fedex, current, updates, settings)
    const norm = Math.sqrt(
      [...denseOf(productsOf(residual, 1)).values()].reduce(
        (sum, { data }) => sum + data.reduce((s, x) => s + x * x, 0),
        0,
      ),
    )
    expect(norm).toBeCloseTo(distortion!.absolute, 5)
  })

  it('does not depend on the server optimizer', () => {
    const { current, updates } = randomRound(8, 4)
    const plain = aggregate(fedit, current, updates, settings).distortion!
    const adam = aggregate(fedit, current, updates, {
      ...settings,
      serverOptimizer: 'fedadam',
      serverRate: 1e-3,
    })
    expect(adam.distortion!.absolute).toBeCloseTo(plain.absolute, 12)
  })
})

describe('the gauge', () => {
  const gauge: Matrix = { rows: 2, columns: 2, data: Float64Array.from([1.5, 0.5, -0.25, 0.75]) }
  const inverse: Matrix = { ...gauge, data: Float64Array.from([0.6, -0.4, 0.2, 1.2]) }

  /** The same models, each written in other factors (B G, G⁻¹ A), another G for every second device. */
  const regauged = (updates: readonly LoraUpdate[]): LoraUpdate[] =>
    updates.map((update, index) => {
      const tensors = new Map(
        [...endOf(update)].flatMap(([name, [{ b, a }]]) => [
          [nameOfB(name), plain(index % 2 ? multiply(b, gauge) : b)],
          [nameOfA(name), plain(index % 2 ? multiply(inverse, a) : a)],
        ]),
      )
      return updateFromEnd(update.device, update.start, tensors, update.weight)
    })
  const plain = ({ rows, columns, data }: Matrix) => ({
    shape: [rows, columns],
    data: Float32Array.from(data),
  })

  const change = (rule: AggregationRule): number => {
    const { current, updates } = randomRound(11, 3)
    const [one, other] = [updates, regauged(updates)].map(
      (all) => aggregate(rule, current, all, settings).global,
    )
    return furthest(denseGlobal(one), denseGlobal(other))
  }

  it.each([fedex, flora, flexlora, decaf])('does not matter to $name', (rule) => {
    expect(change(rule)).toBeLessThan(1e-5)
  })

  it.each([fedit, hetlora])('matters to $name: it averages factors', (rule) => {
    expect(change(rule)).toBeGreaterThan(1e-2)
  })
})

describe('mixed ranks', () => {
  const ranks = [4, 8, 16, 32]
  const shape = { out: 40, into: 36 }
  const layers = ['h.0.attn.c_attn', 'h.0.mlp.c_fc']
  const source = random(2, 'mixed')
  const room = adapterOf(layers, { ...shape, rank: 32 }, source.gaussian)
  const current: GlobalAdapter = { adapter: room, folded: new Map(), folds: 0 }
  const shares = sharesOf(source, ranks.length)
  const trained = (rule: AggregationRule): LoraUpdate[] =>
    ranks.map((r, index) => {
      const start = rule.start(current, { ...room.config, rank: r, alpha: 16 }, settings.seed)
      const step: Adapter = adapterOf(layers, { ...shape, rank: r }, () => 0.1 * random(r, index).gaussian())
      return { device: `rank ${r}`, start, delta: step.tensors, weight: shares[index] }
    })

  it('FLoRA is exact', () => {
    const fresh = { ...current, adapter: flora.start(current, room.config, settings.seed) }
    const updates = trained(flora)
    const { global, distortion } = aggregate(flora, fresh, updates, settings)
    expect(furthest(shouldBe(fresh, updates), denseGlobal(global))).toBeLessThan(1e-5)
    expect(distortion!.relative).toBeLessThan(1e-6)
  })

  it('FlexLoRA gives each device the best that its rank can hold', () => {
    const errors = ranks.map((r) => {
      const start = flexlora.start(current, { ...room.config, rank: r, alpha: 16 }, settings.seed)
      return furthest(denseGlobal(current), denseGlobal({ ...current, adapter: start }))
    })
    expect(errors[3]).toBeLessThan(1e-4)
    for (let index = 1; index < errors.length; index++) expect(errors[index]).toBeLessThan(errors[index - 1])
    expect(aggregate(flexlora, current, trained(flexlora), settings).distortion!.relative).toBeLessThan(0.2)
  })

  it('HetLoRA fills up with zeros, and is less exact than stacking', () => {
    const { distortion } = aggregate(hetlora, current, trained(hetlora), settings)
    expect(distortion!.relative).toBeGreaterThan(1e-3)
  })

  it.each([fedit, fedex, ffa])('are refused by $name in words', (rule) => {
    expect(() => aggregate(rule, current, trained(flora), settings)).toThrow(/rank 32 on every device.*flora/)
  })
})
