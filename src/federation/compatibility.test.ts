import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aggregate } from './aggregation/aggregate'
import { meanDelta, updateFromEnd } from './aggregation/global/mean'
import { aggregationNames, aggregations } from './aggregation/registry'
import type { RobustChain } from './aggregation/robust/chain'
import { fedit } from './aggregation/rules/fedit'
import { denseGlobal, furthest, randomRound, settings } from './aggregation/rules/testing'
import {
  aggregationsFor,
  incompatibility,
  ledgerMisfit,
  type PrivateChoice,
  privacyMisfit,
  secrecyClash,
  whyNotTogether,
} from './compatibility'
import { compressionNames } from './compression/registry'
import { type SchemeName, schemeNames, schemes } from './schemes/registry'
import { synchronous } from './schemes/synchronous'

const named = (sentence: string): string[] => sentence.match(/Choose one of (.*), or another/)![1].split(', ')

describe('what cannot go together', () => {
  it('is refused in a sentence whose alternatives are not refused', () => {
    for (const scheme of schemeNames)
      for (const aggregation of aggregationNames) {
        const sentence = incompatibility({ scheme, aggregation })
        expect(sentence === null).toBe(aggregationsFor(scheme).includes(aggregation))
        if (sentence === null) continue
        expect(sentence).toMatch(new RegExp(`^“${aggregation}” .*, or another scheme than ${scheme}\\.$`))
        expect(named(sentence).length).toBeGreaterThan(1)
        for (const other of named(sentence))
          expect(incompatibility({ scheme, aggregation: other })).toBeNull()
      }
  })

  it.each<[SchemeName, readonly string[]]>([
    ['synchronous', []],
    ['asynchronous', []],
    ['clustered', ['fedsa']],
    ['hierarchical', ['fedex', 'flora', 'flexlora', 'rolora', 'fedsa', 'hetlora', 'decaf']],
    ['gossip', ['fedavgm', 'fedadagrad', 'fedadam', 'fedyogi', 'flora', 'fedsa']],
  ])('with the %s scheme is %j', (scheme, refused) => {
    const allowed = aggregationsFor(scheme)
    expect(aggregationNames.filter((name) => !allowed.includes(name))).toEqual(refused)
  })

  it.each<[SchemeName, readonly string[]]>([
    ['synchronous', ['fedsa']],
    ['asynchronous', aggregationNames],
    ['clustered', aggregationNames],
    ['hierarchical', aggregationNames],
    ['gossip', aggregationNames],
  ])('with a ledger under the scheme %s is %j', (scheme, refused) => {
    const isRefused = (aggregation: string) =>
      ledgerMisfit({ scheme, aggregation, ledger: true })?.endsWith('Choose ledger=0, or others.') ?? false
    expect(aggregationNames.filter(isRefused)).toEqual(refused)
    expect(ledgerMisfit({ scheme, aggregation: 'fedavg', ledger: false })).toBeNull()
  })

  it.each([
    [{ scheme: 'asynchronous' }, 'scheme', 'has no rounds'],
    [{ scheme: 'gossip', aggregation: 'decaf' }, 'scheme', 'has no rounds'],
    [{ scheme: 'clustered', clusterBy: 'similarity' }, 'clusterBy', 'compares what single devices send'],
    [{ compression: 'topk' }, 'compression', 'sends other numbers from each device'],
    [{ compression: 'flasc' }, 'compression', 'sends other numbers from each device'],
    [{ aggregation: 'flora' }, 'aggregation', 'needs what each device sent by itself'],
  ])('with secure aggregation is %j, because of its %s', (chosen, name, why) => {
    const choice = { scheme: 'synchronous', aggregation: 'fedavg', ...chosen }
    expect(secrecyClash({ ...choice, secure: false })).toBeNull()
    expect(secrecyClash({ ...choice, secure: true })).toMatchObject({ name })
    expect(incompatibility({ ...choice, secure: true })).toMatch(why)
  })

  it('with secure aggregation leaves rules that need a mean alone, and codings that send all', () => {
    const secure = { scheme: 'synchronous', aggregation: 'fedavg', secure: true }
    const fitting = <Name extends string>(names: readonly Name[], of: 'aggregation' | 'compression') =>
      names.filter((name) => secrecyClash({ ...secure, [of]: name }) === null)
    expect(fitting(aggregationNames, 'aggregation')).toEqual([
      'fedavg',
      'fedavgm',
      'fedadagrad',
      'fedadam',
      'fedyogi',
      'ffa',
      'rolora',
      'fedsa',
    ])
    expect(fitting(compressionNames, 'compression')).toEqual(['none', 'int8', 'int4'])
    expect(secrecyClash({ ...secure, scheme: 'clustered', clusterBy: 'loss' })).toBeNull()
    expect(secrecyClash({ ...secure, scheme: 'hierarchical' })).toBeNull()
  })

  it('is judged by what a scheme and a rule say of themselves, whatever they are called', () => {
    const registries = {
      schemes: { ...schemes, mine: { ...synchronous, mergedBy: 'edges' as const } },
      aggregations: {
        ...aggregations,
        folding: { rule: { ...fedit, mergesInTiers: false }, serverOptimizer: 'fedavg' as const },
      },
    }
    const judged = (scheme: string, aggregation: string) =>
      incompatibility({ scheme, aggregation }, registries)
    expect(judged('mine', 'fedex')).toMatch(/two tiers/)
    expect(judged('mine', 'folding')).toMatch(/two tiers/)
    expect(judged('mine', 'fedavg')).toBeNull()
    expect(judged('synchronous', 'folding')).toBeNull()
  })
})

describe('beside a promise of privacy', () => {
  const asked = { privacy: 'client', clusterBy: 'similarity', clip: 1, noise: 1, epsilon: null } as const
  const misfit = (scheme: string, change: Partial<PrivateChoice> = {}) =>
    privacyMisfit({ ...asked, scheme, ...change })?.name ?? null

  it('every aggregation stands, and every scheme with a coordinator', () => {
    for (const scheme of schemeNames)
      for (const aggregation of aggregationsFor(scheme))
        expect(whyNotTogether({ ...asked, ledger: false, scheme, aggregation }) === null).toBe(
          scheme !== 'gossip',
        )
  })

  it('nothing stands that tells private text in another way, or that nobody could follow', () => {
    expect(misfit('clustered', { clusterBy: 'loss' })).toBe('clusterBy')
    expect(misfit('synchronous', { clusterBy: 'loss' })).toBeNull()
    expect(misfit('synchronous', { robust: ['norm-bound', 'multi-krum', 'gate'] })).toBe('robust')
    expect(misfit('synchronous', { robust: ['norm-bound', 'multi-krum'] })).toBeNull()
    expect(misfit('synchronous', { clip: null })).toBeNull()
    expect(misfit('synchronous', { clip: null, privacy: 'example' })).toBe('clip')
    expect(misfit('hierarchical', { clip: null })).toBe('clip')
    expect(misfit('synchronous', { noise: null })).toBe('noise')
    expect(misfit('synchronous', { noise: null, epsilon: 3 })).toBeNull()
    expect(misfit('gossip', { privacy: 'none' })).toBeNull()
  })

  it('is judged by what a scheme says of itself', () => {
    const registries = { schemes: { ...schemes, mine: { ...synchronous, comparesDevices: true } } }
    expect(privacyMisfit({ ...asked, scheme: 'mine', clusterBy: 'loss' }, registries)?.name).toBe('clusterBy')
  })
})

describe('robust rules', () => {
  const judged = (robust: RobustChain, scheme: SchemeName, aggregation = 'fedavg') =>
    incompatibility({ scheme, aggregation, robust })

  it('need all updates of a round in one place; the norm bound, or nothing, goes with everything', () => {
    for (const scheme of schemeNames) {
      const aggregation = scheme === 'gossip' ? 'decaf' : 'fedavg'
      expect(judged([], scheme, aggregation)).toBeNull()
      expect(judged(['norm-bound'], scheme, aggregation)).toBeNull()
      const said = judged(['multi-krum'], scheme, aggregation)
      if (scheme === 'synchronous' || scheme === 'clustered') expect(said).toBeNull()
      else
        expect(said).toMatch(/^“multi-krum” looks at all updates .* the scheme .* nobody sees them together/)
    }
  })

  it.each([
    ['krum', ['fedsa', 'hetlora']],
    ['geometric-median', ['fedsa', 'hetlora']],
    ['median', aggregationNames.filter((name) => name !== 'ffa' && name !== 'rolora')],
    ['trimmed-mean', aggregationNames.filter((name) => name !== 'ffa' && name !== 'rolora')],
  ] as const)('%s cannot go with %j', (rule, refused) => {
    expect(aggregationNames.filter((name) => judged([rule], 'synchronous', name) !== null)).toEqual(refused)
  })

  it('say what is wrong with them before anything else', () => {
    expect(judged(['krum', 'median'], 'gossip', 'decaf')).toMatch(/^“median” cannot follow “krum”/)
    expect(judged(['median'], 'synchronous')).toMatch(
      /single numbers\. Choose norm-bound, or another aggregation\.$/,
    )
  })
})

describe('a rule that says that it merges sums', () => {
  const ofSums = aggregationNames
    .map((name) => aggregations[name].rule)
    .filter((rule, at, all) => rule.mergesSums && all.indexOf(rule) === at)

  it.each(ofSums.map((rule) => [rule.name, rule] as const))(
    '%s: makes of the mean of all what it makes of all',
    (_, rule) => {
      fc.assert(
        fc.property(fc.nat(1000), fc.integer({ min: 1, max: 3 }), (seed, round) => {
          const { current, updates } = randomRound(seed, 5, undefined, rule.sends(round))
          const shared = updates.map((update) => ({ ...update, start: current.adapter }))
          const mean = { ...shared[0], delta: meanDelta(shared), weight: 1 }
          const [one, all] = [[mean], shared].map((own) => aggregate(rule, current, own, settings).global)
          expect(furthest(denseGlobal(one), denseGlobal(all))).toBeLessThan(1e-5)
        }),
        { numRuns: 30 },
      )
    },
  )
})

describe('a rule that says that it merges in tiers', () => {
  const inTiers = aggregationNames
    .map((name) => aggregations[name].rule)
    .filter((rule, at, all) => rule.mergesInTiers && all.indexOf(rule) === at)

  it.each(inTiers.map((rule) => [rule.name, rule] as const))(
    '%s: what edges make of their devices comes to what all devices make together',
    (_, rule) => {
      fc.assert(
        fc.property(
          fc.nat(1000),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 3 }),
          (seed, at, round) => {
            const { current, updates } = randomRound(seed, 5, undefined, rule.sends(round))
            const flat = aggregate(rule, current, updates, settings).global
            const edges = [updates.slice(0, at), updates.slice(at)].map((own, edge) => {
              const examples = own.reduce((sum, { weight }) => sum + weight, 0)
              const parts = own.map((update) => ({ ...update, weight: update.weight / examples }))
              const { adapter } = aggregate(rule, current, parts, settings).global
              return updateFromEnd(`edge ${edge}`, current.adapter, adapter.tensors, examples)
            })
            const tiers = aggregate(rule, current, edges, settings).global
            expect(furthest(denseGlobal(tiers), denseGlobal(flat))).toBeLessThan(1e-5)
          },
        ),
        { numRuns: 30 },
      )
    },
  )
})
