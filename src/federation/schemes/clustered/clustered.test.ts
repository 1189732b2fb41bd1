import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../config'
import { drive, kinds, of, ordered } from '../../fixtures/drive'
import { newCycle } from '../../rounds/stage'
import type { Effect, FederationConfig } from '../../types'
import { joinedUp } from './meeting'
import type { ClusteredConfig, ClusteredProgress } from './state'

/** Devices whose planted domain is their first letter; each answers at once, and its updates point to its domain. */
function federation(
  names: string,
  settings: Partial<ClusteredConfig> = {},
  more: Partial<FederationConfig> = {},
) {
  const run = drive({
    scheme: 'clustered',
    rounds: 20,
    localSteps: 10,
    clustered: { ...defaultConfig.clustered, ...settings },
    ...more,
  })
  const devices = names.split(' ')
  const domains = new Map(devices.map((device) => [device, device[0]]))
  const silent = new Set<string>()
  const progress = () => run.state.progress as ClusteredProgress
  run.join(...devices)

  /** Does what is asked until nothing is asked any more, or `rounds` are done. */
  function play(first: readonly Effect[], rounds = Number.POSITIVE_INFINITY): Effect[] {
    const all: Effect[] = []
    const waiting = [...first]
    while (waiting.length > 0 && run.state.completedRounds < rounds) {
      const effect = waiting.shift()!
      all.push(effect)
      if (effect.type === 'order')
        for (const device of effect.to)
          if (!silent.has(device))
            waiting.push(
              ...run.happen({
                type: 'update-arrived',
                device,
                examples: 4,
                round: effect.round,
                version: effect.version,
              }),
            )
      if (effect.type === 'merge') waiting.push(...run.merged([effect]))
      if (effect.type === 'announce')
        for (const device of effect.to)
          waiting.push(
            ...run.happen({ type: 'loaded', device, adapter: effect.adapter, version: effect.version }),
          )
      if (effect.type === 'compare') {
        const { round, devices: rows, landmarks } = effect
        const alike = (a: string, b: string) => (a === b ? 1 : domains.get(a) === domains.get(b) ? 0.9 : 0)
        const gram = rows.map((row) => landmarks.map((column) => alike(row, column)))
        waiting.push(
          ...run.happen({
            type: 'compared',
            round,
            devices: rows,
            landmarks,
            gram,
            norms: rows.map(() => 1),
          }),
        )
      }
      if (effect.type === 'try')
        for (const device of effect.to) {
          const fits = (adapter: string) =>
            Object.entries(progress().assignment).some(
              ([other, own]) =>
                own === adapter && other !== device && domains.get(other) === domains.get(device),
            )
          const losses = Object.fromEntries(
            effect.adapters.map(({ adapter }) => [adapter, fits(adapter) ? 1 : 2]),
          )
          waiting.push(...run.happen({ type: 'tried', device, round: effect.round, losses }))
        }
    }
    return all
  }
  const groups = () => {
    const names = new Map<string, string[]>()
    for (const [device, adapter] of Object.entries(progress().assignment))
      names.set(adapter, [...(names.get(adapter) ?? []), device])
    return [...names].map(([name, own]) => `${name}: ${own.sort().join(' ')}`).sort()
  }
  return Object.assign(run, { play, groups, domains, silent, progress })
}

describe('the clustered scheme', () => {
  it('warms up together, then gives every group of alike devices an adapter that begins with the common one', () => {
    const run = federation('a1 a2 a3 b1 b2 b3')
    const effects = run.play(run.start(), 3)
    expect(run.groups()).toEqual(['cluster-1: a1 a2 a3', 'cluster-2: b1 b2 b3'])
    expect(of(effects, 'combine').map(({ adapter, of }) => [adapter, of])).toEqual([
      ['cluster-1', [{ adapter: 'global', version: 2, weight: 1 }]],
      ['cluster-2', [{ adapter: 'global', version: 2, weight: 1 }]],
    ])
    const merges = of(effects, 'merge').map(({ adapter, updates }) => [adapter, updates.length])
    expect(merges).toEqual([
      ['global', 6],
      ['global', 6],
      ['cluster-1', 3],
      ['cluster-2', 3],
    ])
  })

  it('keeps one cluster where all are alike', () => {
    const run = federation('a1 a2 a3 a4 a5 a6')
    const effects = run.play(run.start())
    expect(run.groups()).toEqual(['global: a1 a2 a3 a4 a5 a6'])
    expect(of(effects, 'combine')).toEqual([])
    expect(run.state.adapters.global).toBe(20)
    expect(run.state.control.kind).toBe('finished')
  })

  it('moves a device that drifts, and clusters keep their names', () => {
    const run = federation('a1 a2 a3 b1 b2 b3')
    const first = run.play(run.start(), 4)
    expect(kinds(first)).not.toContain('finished')
    run.domains.set('a3', 'b')
    const open = run.progress()
    expect(open.meetAfter).toBe(7)
    const rest = run.play(restart(run))
    expect(run.groups()).toEqual(['cluster-1: a1 a2', 'cluster-2: a3 b1 b2 b3'])
    const survey = of(rest, 'order').find(({ adapter }) => adapter === 'global')
    expect(survey, 'all train some steps from the clusters’ mean').toMatchObject({ steps: 5 })
    const adopted = of(rest, 'announce').find(
      ({ to, adapter }) => to.includes('a3') && adapter === 'cluster-2',
    )
    expect(adopted).toBeDefined()
  })

  it('does not let a slow cluster hold up the others between meetings', () => {
    const run = federation('a1 a2 a3 b1 b2 b3')
    run.play(run.start(), 3)
    for (const device of ['b1', 'b2', 'b3']) run.silent.add(device)
    run.play(restart(run))
    expect(run.progress().cycles['cluster-1'].completedRounds).toBe(7)
    expect(run.progress().cycles['cluster-2'].completedRounds).toBe(3)
    expect(run.state.completedRounds).toBe(3)
  })

  it('keeps the adapter of a cluster that has lost its devices, and is not held up by it', () => {
    const run = federation('a1 a2 a3 b1 b2 b3')
    run.play(run.start(), 3)
    for (const device of ['b1', 'b2', 'b3']) run.play(run.happen({ type: 'device-left', device }), 3)
    run.play(restart(run))
    expect(run.state.control.kind).toBe('finished')
    expect(run.state.adapters['cluster-2']).toBeGreaterThan(0)
  })

  it('is over where the others were done when the last cluster lost its devices', () => {
    const run = federation('a1 a2 a3 b1 b2 b3', {}, { rounds: 7 })
    run.play(run.start(), 3)
    for (const device of ['b1', 'b2', 'b3']) run.silent.add(device)
    run.play(restart(run))
    expect(run.progress().cycles['cluster-1'].completedRounds).toBe(7)
    expect(run.state.control.kind).toBe('running')
    for (const device of ['b1', 'b2', 'b3']) run.play(run.happen({ type: 'device-left', device }))
    expect(run.state.control.kind).toBe('finished')
    expect(run.state.completedRounds).toBe(7)
  })

  it('lets clusters share a part of their mean every few rounds', () => {
    const run = federation('a1 a2 a3 b1 b2 b3', { mixing: 0.1, mixEvery: 4 })
    const effects = run.play(run.start(), 5)
    const shared = of(effects, 'combine').filter(({ of }) => of.length === 2)
    expect(shared).toHaveLength(2)
    const [own, other] = shared[0].of.map(({ weight }) => weight)
    expect(own).toBeCloseTo(0.95, 12)
    expect(other).toBeCloseTo(0.05, 12)
  })

  it('by loss: every device tries all clusters’ adapters and goes where it fits best', () => {
    const run = federation('a1 a2 a3 b1 b2 b3', { by: 'loss', count: 2 })
    run.play(run.start(), 4)
    run.domains.set('b1', 'a')
    const effects = run.play(restart(run), 9)
    expect(of(effects, 'try')[0].adapters.map(({ adapter }) => adapter)).toEqual(['cluster-1', 'cluster-2'])
    expect(run.groups()).toEqual(['cluster-1: a1 a2 a3 b1', 'cluster-2: b2 b3'])
  })

  it('takes a late joiner into the largest cluster until the next meeting, and trains alone where it is alone', () => {
    const run = federation('a1 a2 a3 b1 b2')
    run.play(run.start(), 3)
    run.domains.set('b9', 'b')
    run.play(run.join('b9'))
    run.play(restart(run), 9)
    expect(run.groups()).toEqual(['cluster-1: a1 a2 a3', 'cluster-2: b1 b2 b9'])
    const alone = federation('a1')
    alone.play(alone.start())
    expect(alone.state.control.kind).toBe('finished')
  })

  it('ends with one mean of all that was learned when another scheme takes over', () => {
    const run = federation('a1 a2 a3 a4 b1 b2')
    run.play(run.start(), 4)
    const next = { ...run.config, scheme: 'synchronous' as const }
    const effects = run.play([...run.happen({ type: 'switched', config: next }), ...restart(run)], 6)
    expect(run.state.config.scheme).toBe('synchronous')
    const mean = of(effects, 'combine').find(({ adapter }) => adapter === 'global')!
    expect(mean.of.map(({ adapter, weight }) => [adapter, weight])).toEqual([
      ['cluster-1', 4 / 6],
      ['cluster-2', 2 / 6],
    ])
    expect(ordered(effects)).toContain('b2')
    const version = run.state.adapters.global
    expect(version).toBeGreaterThan(mean.version)
  })
})

/** What is still to be answered of the orders under way. */
function restart(run: ReturnType<typeof federation>): Effect[] {
  const { cycles, meeting } = run.progress()
  const open = [...Object.values(cycles), ...(meeting?.kind === 'survey' ? [meeting.cycle] : [])]
  return open.flatMap(({ stage, adapter }): Effect[] => {
    if (stage.kind === 'training') {
      const { round, awaited, from } = stage
      return [{ type: 'order', to: awaited, round, steps: 1, proximal: 0, ...from }]
    }
    if (stage.kind === 'loading')
      return [{ type: 'announce', to: stage.awaited, adapter, version: stage.version }]
    return []
  })
}

describe('secure clusters', () => {
  const divided = (secure: boolean, sizes: readonly number[]) => {
    const run = drive({ scheme: 'clustered', secure })
    const ofCluster = sizes.flatMap((size, at) => Array<string>(size).fill(`cluster-${at}`))
    const devices = ofCluster.map((_, at) => `d${at}`)
    run.join(...devices)
    const assignment = Object.fromEntries(devices.map((device, at) => [device, ofCluster[at]]))
    const cycles = Object.fromEntries(sizes.map((_, at) => [`cluster-${at}`, newCycle(`cluster-${at}`)]))
    const progress = { ...(run.state.progress as ClusteredProgress), assignment, cycles }
    const { assignment: joined } = joinedUp({ ...run.state, progress }).progress
    return sizes.map((_, at) => devices.filter((device) => joined[device] === `cluster-${at}`).length)
  }

  it('that have too few devices here to hide each other go with the largest, until clusters meet again', () => {
    expect(divided(true, [3, 4])).toEqual([3, 4])
    expect(divided(true, [2, 3, 4])).toEqual([0, 3, 6])
    expect(divided(true, [2, 2])).toEqual([4, 0])
    expect(divided(false, [2, 3, 4])).toEqual([2, 3, 4])
  })
})
