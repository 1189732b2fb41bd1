/** What holds for every rule: repetition, what travels, what a device ends up with, what is refused. */
import { describe, expect, it } from 'vitest'
import { aggregate, settingsComplaint } from '../aggregate'
import { encodeGlobal } from '../global/bytes'
import { downlinkOf, only, receive } from '../global/downlink'
import { globalOf } from '../global/fold'
import { updateFromEnd } from '../global/mean'
import { mixGlobals } from '../global/mix'
import { aggregationNames, aggregations } from '../registry'
import type { AggregationRule, GlobalAdapter, LoraUpdate } from '../types'
import { decaf } from './decaf'
import { fedex } from './fedex'
import { fedit } from './fedit'
import { flora } from './flora'
import { rolora } from './rolora'
import { denseGlobal, furthest, randomRound, settings } from './testing'

const rules: readonly AggregationRule[] = [...new Set(Object.values(aggregations).map(({ rule }) => rule))]

/** A round as this rule has it: every device starts from what the rule gives, and sends what the rule sends. */
function roundOf(rule: AggregationRule, round = 1): { current: GlobalAdapter; updates: LoraUpdate[] } {
  const { current, updates } = randomRound(round, 3)
  const start = rule.start(current, current.adapter.config, settings.seed)
  return {
    current: { ...current, adapter: start },
    updates: updates.map((update) => ({ ...update, start, delta: only(update.delta, rule.sends(round)) })),
  }
}

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  it('repeats bit for bit', () => {
    const { current, updates } = roundOf(rule)
    const [one, other] = [1, 2].map(() => aggregate(rule, current, updates, settings))
    expect(encodeGlobal(one.global)).toEqual(encodeGlobal(other.global))
    expect(one).toEqual(other)
  })

  it('learns at least what it sends', () => {
    for (const round of [1, 2]) {
      const [learned, sent] = [rule.learns(round), rule.sends(round)]
      expect([learned.a || !sent.a, learned.b || !sent.b]).toEqual([true, true])
    }
  })

  it('brings a device that held the last version to the new one, bit for bit', () => {
    const { current, updates } = roundOf(rule)
    const merged = aggregate(rule, current, updates, settings)
    const downlink = downlinkOf(rule, merged, current.adapter.config, settings.seed)
    const held = receive(current, downlink, settings.seed)
    const wanted = {
      ...merged.global,
      adapter: rule.start(merged.global, current.adapter.config, settings.seed),
    }
    expect(encodeGlobal(held)).toEqual(encodeGlobal(wanted))
    expect(held.folds).toBe(merged.global.folds)
  })

  it('counts the bytes that this takes', () => {
    const { current, updates } = roundOf(rule)
    const merged = aggregate(rule, current, updates, settings)
    const { factors, residual } = downlinkOf(rule, merged, current.adapter.config, settings.seed)
    const numbers = [...factors.values(), ...residual.values()].reduce(
      (sum, { data }) => sum + data.length,
      0,
    )
    expect(merged.bytes.get('device 1')!.down).toBe(4 * numbers)
    const sent = [...updates[1].delta.values()].reduce((sum, { data }) => sum + data.length, 0)
    expect(merged.bytes.get('device 1')!.up).toBe(4 * sent)
  })

  it('takes one device alone', () => {
    const { current, updates } = roundOf(rule)
    const { global } = aggregate(rule, current, [{ ...updates[0], weight: 1 }], settings)
    expect([...denseGlobal(global).values()].every(({ data }) => data.every(Number.isFinite))).toBe(true)
  })

  it('refuses a result that is not finite, and an empty set', () => {
    const { current, updates } = roundOf(rule)
    const huge = updates.map((update) => ({
      ...update,
      delta: new Map(
        [...update.delta].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 3e38) }]),
      ),
    }))
    expect(() => aggregate(rule, current, huge, { ...settings, serverRate: 10 })).toThrow(RangeError)
    expect(() => aggregate(rule, current, [], settings)).toThrow(/no update/)
  })

  it('goes on from whatever another rule has left, and loses nothing of it', () => {
    const { current, updates } = roundOf(fedex)
    const { global } = aggregate(fedex, current, updates, settings)
    const nothing = updates.map((update) => ({
      ...update,
      start: global.adapter,
      delta: new Map(
        [...update.delta].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 0) }]),
      ),
    }))
    const after = aggregate(rule, global, nothing, settings).global
    expect(furthest(denseGlobal(global), denseGlobal(after))).toBeLessThan(1e-5)
  })
})

describe('what travels, in numbers of A and B', () => {
  // Two layers of A [2, 9] and B [12, 2], F32.
  const [bytesOfA, bytesOfB] = [4 * 2 * 18, 4 * 2 * 24]
  const both = bytesOfA + bytesOfB
  it.each([
    ['fedavg', both, both],
    ['ffa', bytesOfB, bytesOfB],
    ['rolora', bytesOfB, bytesOfB],
    ['fedsa', bytesOfA, bytesOfA],
    ['flexlora', both, both],
    ['decaf', both, both],
    ['flora', both, 3 * both],
    ['fedex', both, 3 * both],
  ] as const)('%s sends %i up and %i down for three devices', (name, up, down) => {
    const { rule } = aggregations[name]
    const { current, updates } = roundOf(rule)
    expect(aggregate(rule, current, updates, settings).bytes.get('device 0')).toEqual({ up, down })
  })

  it('in even rounds RoLoRA sends A', () => {
    const { current, updates } = roundOf(rolora, 2)
    expect(aggregate(rolora, current, updates, settings).bytes.get('device 0')!.up).toBe(bytesOfA)
  })
})

describe('an edge', () => {
  it('that forwards the end of all its devices changes no bit', () => {
    const { current, updates } = randomRound(21, 5)
    const flat = aggregate(fedit, current, updates, settings).global
    const atEdge = aggregate(fedit, current, updates, settings).global
    const forwarded = updateFromEnd('edge', current.adapter, atEdge.adapter.tensors, 1)
    const twoTiers = aggregate(fedit, current, [forwarded], settings).global
    expect(encodeGlobal(twoTiers)).toEqual(encodeGlobal(flat))
  })

  it('among others gives the flat weighted mean', () => {
    const { current, updates } = randomRound(22, 5)
    const flat = aggregate(fedit, current, updates, settings).global
    const edges = [updates.slice(0, 2), updates.slice(2)].map((own, index) => {
      const total = own.reduce((sum, { weight }) => sum + weight, 0)
      const shares = own.map((update) => ({ ...update, weight: update.weight / total }))
      const { adapter } = aggregate(fedit, current, shares, settings).global
      return updateFromEnd(`edge ${index}`, current.adapter, adapter.tensors, total)
    })
    const twoTiers = aggregate(fedit, current, edges, settings).global
    expect(furthest(denseGlobal(twoTiers), denseGlobal(flat))).toBeLessThan(1e-6)
  })
})

describe('gossip', () => {
  it('of products keeps a weight that was not heard on oneself', () => {
    const { current, updates } = randomRound(23, 3)
    const alone = aggregate(decaf, current, [{ ...updates[0], weight: 0, delta: new Map() }], settings).global
    expect(furthest(denseGlobal(alone), denseGlobal(current))).toBeLessThan(1e-5)
  })

  it('brings all peers to one model', () => {
    let peers = [1, 2, 3, 4].map((seed) => randomRound(seed, 1).current)
    for (let mixing = 0; mixing < 30; mixing++)
      peers = peers.map((own, index) => {
        const neighbours = [index, (index + 1) % 4, (index + 3) % 4]
        const updates = neighbours.map((at) => ({
          device: `peer ${at}`,
          start: peers[at].adapter,
          delta: new Map(),
          weight: 1 / 3,
        }))
        return aggregate(decaf, own, updates, settings).global
      })
    for (const peer of peers) expect(furthest(denseGlobal(peer), denseGlobal(peers[0]))).toBeLessThan(1e-4)
  })
})

describe('versions that are mixed', () => {
  it('mix what they have folded exactly, and their adapters by the rule', () => {
    const { current } = randomRound(31, 1)
    const trained = [32, 33].map((seed) => {
      const { updates } = randomRound(seed, 3)
      const own = updates.map((update) => ({ ...update, start: current.adapter }))
      return aggregate(fedex, current, own, settings).global
    })
    const parts = trained.map((global, index) => ({
      of: `cluster ${index}`,
      global,
      weight: [0.7, 0.3][index],
    }))
    const mixed = mixGlobals(fedex, trained[0], parts, settings)
    const [one, other] = trained.map(denseGlobal)
    const wanted = new Map(
      [...one].map(([name, x]) => [
        name,
        { ...x, data: x.data.map((value, index) => 0.7 * value + 0.3 * other.get(name)!.data[index]) },
      ]),
    )
    expect(furthest(wanted, denseGlobal(mixed))).toBeLessThan(1e-5)
  })
})

describe('the registry', () => {
  it('has a name for every aggregation of the URL', () => {
    expect(aggregationNames).toContain('fedex')
    for (const { rule, serverOptimizer } of Object.values(aggregations))
      expect(settingsComplaint(rule, { serverOptimizer })).toBeNull()
  })

  it('has no server memory for rules that write new factors', () => {
    const { current, updates } = roundOf(flora)
    expect(() => aggregate(flora, current, updates, { ...settings, serverOptimizer: 'fedadam' })).toThrow(
      /"fedadam" would mean nothing/,
    )
    expect(globalOf(current.adapter).folds).toBe(0)
  })
})
