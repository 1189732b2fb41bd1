/**
 * That chaos would notice: in each of these rooms the reducer, a tab or a link is broken on purpose, in a way that one
 * invariant forbids.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defaultConfig } from '../../src/federation/config'
import type { CoordinatorEffect } from '../../src/federation/effects'
import { signedWill, usualWill } from '../../src/federation/succession/fixtures/signatures'
import type { CoordinatorEvent, CoordinatorHappening, FederationState } from '../../src/federation/types'
import { edgesOf } from './invariants/edges'
import { ledgerOf } from './invariants/ledger'
import { peersOf } from './invariants/peers'
import { successionsOf } from './invariants/succession'
import { versionsOf } from './invariants/versions'
import { runChaos } from './run'
import type { Schedule } from './schedule'

type Step = (
  state: FederationState,
  event: CoordinatorEvent,
) => readonly [FederationState, readonly CoordinatorEffect[]]
const broken = vi.hoisted(() => ({
  step: null as null | ((real: Step, state: FederationState, event: CoordinatorEvent) => ReturnType<Step>),
}))
const voting = vi.hoisted(() => ({ isRefused: false }))
vi.mock('../../src/federation/succession/election', async (original) => {
  const real = await original<typeof import('../../src/federation/succession/election')>()
  const whyNoVote: typeof real.whyNoVote = (...asked) =>
    voting.isRefused ? 'voted' : real.whyNoVote(...asked)
  return { ...real, whyNoVote }
})
vi.mock('../../src/federation/federation', async (original) => {
  const real = await original<typeof import('../../src/federation/federation')>()
  const step: Step = (state, event) =>
    broken.step ? broken.step(real.step, state, event) : real.step(state, event)
  return { ...real, step }
})
afterEach(() => {
  broken.step = null
  voting.isRefused = false
})

/** Nothing befalls this room, which keeps a ledger and promises nothing more. */
const calm: Schedule = {
  seed: 13,
  devices: ['device-0', 'device-1', 'device-2'],
  acts: [{ do: 'command', key: 'coordinator', command: 'start', atMs: 4_000 }],
  calmAtMs: 10_000,
}
/** The invariant that does not hold with this reducer. */
async function brokenBy(step: typeof broken.step, schedule = calm): Promise<string | undefined> {
  broken.step = step
  const [first] = await runChaos('synchronous', schedule)
  return first?.invariant
}
/** The real reducer, but for its effects. */
const withEffects =
  (change: (effect: CoordinatorEffect) => CoordinatorEffect[]): typeof broken.step =>
  (real, state, event) => {
    const [next, effects] = real(state, event)
    return [next, effects.flatMap(change)]
  }

describe('a room', () => {
  it('where nothing is broken holds', async () => {
    expect(await runChaos('synchronous', calm)).toEqual([])
  })

  it('whose reducer counts an update twice', async () => {
    const twice = withEffects((effect) =>
      effect.type === 'merge' ? [{ ...effect, updates: [...effect.updates, effect.updates[0]] }] : [effect],
    )
    expect(await brokenBy(twice)).toBe('no update is counted twice')
  })

  it('whose reducer counts what it never asked for', async () => {
    const stranger = { device: 'stranger', round: 1, weight: 0 }
    const anybody = withEffects((effect) =>
      effect.type === 'merge' ? [{ ...effect, updates: [...effect.updates, stranger] }] : [effect],
    )
    expect(await brokenBy(anybody)).toBe('nobody outside the cohort counts')
  })

  it('whose reducer goes back to an older version', async () => {
    const back = (real: Step, state: FederationState, event: CoordinatorEvent): ReturnType<Step> => {
      const [next, effects] = real(state, event)
      return [
        event.type === 'merged' && event.round === 3 ? { ...next, adapters: { global: 1 } } : next,
        effects,
      ]
    }
    expect(await brokenBy(back)).toBe('versions never go back')
  })

  it('whose reducer opens a round again', async () => {
    const again = withEffects((effect) =>
      effect.type === 'order' && effect.round === 3 ? [{ ...effect, round: 2 }] : [effect],
    )
    expect(await brokenBy(again)).toBe('a closed round never reopens')
  })

  it('whose reducer decides otherwise when its log is replayed', async () => {
    let calls = 0
    const forgetful = (real: Step, state: FederationState, event: CoordinatorEvent): ReturnType<Step> =>
      event.type === 'merged' && ++calls % 2 === 0 ? [state, []] : real(state, event)
    expect(await brokenBy(forgetful)).toBe('the log leads to the state')
  })

  it('whose reducer leaves somebody out at the end', async () => {
    const leavesOut = withEffects((effect) =>
      effect.type === 'announce' && effect.version === 8 ? [{ ...effect, to: effect.to.slice(1) }] : [effect],
    )
    expect(await brokenBy(leavesOut)).toBe('all live nodes end with one adapter')
  })

  it('whose reducer never merges', async () => {
    const idle = withEffects((effect) => (effect.type === 'merge' ? [] : [effect]))
    expect(await brokenBy(idle)).toBe('a run goes on while a quorum lives')
  })

  it.each<[string, typeof broken.step]>([
    [
      'goes on with who wants to be forgotten',
      (real, state, event) => (event.type === 'forget-asked' ? [state, []] : real(state, event)),
    ],
    [
      'never says that somebody was forgotten',
      withEffects((effect) => (effect.type === 'forgotten' ? [] : [effect])),
    ],
  ])('whose reducer %s', async (_, step) => {
    const leaves = { do: 'forget', key: 'device-2', atMs: 20_000 } as const
    const schedule = { ...calm, acts: [...calm.acts, leaves], calmAtMs: 25_000 }
    broken.step = null
    expect(await runChaos('synchronous', schedule)).toEqual([])
    expect(await brokenBy(step, schedule)).toBe('who wants to be forgotten is')
  })

  it('whose coordinator is gone for good goes on under another one, unless nobody votes', async () => {
    const bereft: Schedule = { ...calm, acts: [...calm.acts, { do: 'end', atMs: 20_000 }], calmAtMs: 25_000 }
    expect(await runChaos('synchronous', bereft)).toEqual([])
    voting.isRefused = true
    const [first] = await runChaos('synchronous', bereft)
    expect(first?.invariant).toBe('a run goes on while a quorum lives')
  })

  it('where something throws', async () => {
    const tell = (line: string) => {
      if (line.includes('---')) throw new Error('a clumsy tab')
    }
    const [first] = await runChaos('synchronous', calm, tell)
    expect(first).toMatchObject({ invariant: 'nothing throws' })
  })
})

describe('the books', () => {
  const found = () => {
    const noted: string[] = []
    return { noted, note: (invariant: string) => void noted.push(invariant) }
  }
  const when = () => 'now'
  const adapter = { type: 'adapter', adapter: 'global', version: 1, hash: 'a' }

  it('know a version with two hashes, and a tab that loads an older one', () => {
    const { noted, note } = found()
    const versions = versionsOf(note, when)
    versions.said('coordinator', adapter, 0)
    versions.said('device', { ...adapter, type: 'loaded' }, 0)
    versions.said('device', { ...adapter, type: 'loaded', version: 2, hash: 'b' }, 0)
    expect(noted).toEqual([])
    versions.said('other', { ...adapter, type: 'loaded', hash: 'c' }, 0)
    versions.said('device', { ...adapter, type: 'loaded' }, 0)
    expect(noted).toEqual(['one version has one hash', 'versions never go back'])
  })

  it('know two coordinators of one term, and one that begins behind what most have seen', () => {
    const { noted, note } = found()
    const successions = successionsOf(note, when)
    for (const device of ['a', 'b'])
      successions.said(device, { type: 'loaded', adapter: 'global', version: 3, hash: 'h' })
    successions.said('c', { type: 'loaded', adapter: 'global', version: 4, hash: 'h' })
    successions.tookOver('a', 'here', 1, ['a', 'b', 'c'], 3)
    successions.tookOver('a', 'here', 1, ['a', 'b', 'c'], 3)
    expect(noted).toEqual([])
    successions.tookOver('b', 'there', 1, ['a', 'b', 'c'], 3)
    successions.tookOver('b', 'there', 2, ['a', 'b', 'c'], 2)
    expect(noted).toEqual(['one coordinator in a term', 'what a majority has seen is never lost'])
  })

  it('know whether those who are left could elect: no heir that knows, or has, less than most others', () => {
    const successions = successionsOf(() => {}, when)
    const names = ['a', 'b', 'c']
    const will = { ...usualWill, roster: names, heirs: ['a', 'b'] }
    const make = (serial: number, version: number) => {
      const signed = signedWill('founder', { ...will, serial, version })
      const hex = { by: 'ab'.repeat(65), signature: 'ab'.repeat(64), adapterHash: 'ab'.repeat(32) }
      successions.said('coordinator', {
        type: 'will',
        will: { ...signed, ...hex, settingsHash: hex.adapterHash },
      })
    }
    make(1, 2)
    for (const name of names) successions.said(name, { type: 'will-known', serial: 1 })
    successions.said('b', { type: 'estate-kept', letter: 1 })
    expect([successions.canElect(names), successions.canElect(['b', 'c'])]).toEqual([true, true])
    expect([successions.canElect(['a', 'c']), successions.canElect(['b'])]).toEqual([false, false])
    make(2, 3)
    for (const name of ['a', 'c']) successions.said(name, { type: 'will-known', serial: 2 })
    expect(successions.canElect(names), 'b was cut off, and is behind').toBe(false)
  })

  it('let a sum that was asked for before a wish be merged after it, and none that is asked for later', () => {
    const { noted, note } = found()
    const ledger = ledgerOf(note, when)
    const devices = ['a', 'b', 'c', 'd']
    ledger.begins({ ...defaultConfig, secure: true, rounds: 2 })
    const happen = (event: CoordinatorHappening) => ledger.stores({ atMs: 1, ...event })()
    const each = (eventOf: (device: string) => CoordinatorHappening) => {
      for (const device of devices) happen(eventOf(device))
    }
    const step = (step: 'keys' | 'shares' | 'unmasking') =>
      each((device) => ({ type: 'step-taken', step, device, round: 1 }))
    each((device) => ({ type: 'device-joined', device }))
    each((device) => ({ type: 'text-held', device, examples: 4 }))
    happen({ type: 'command', command: 'start' })
    step('keys')
    step('shares')
    each((device) => ({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 }))
    happen({ type: 'forget-asked', device: 'd', of: 'everything' })
    step('unmasking')
    happen({ type: 'merged', adapter: 'global', version: 1, round: 1, adapterHash: 'h' })
    expect([ledger.state?.adapters.global, noted]).toEqual([1, []])
    broken.step = (_, state) => [state, [{ type: 'unmask', adapter: 'global', round: 2, survivors: devices }]]
    happen({ type: 'device-paused', device: 'a' })
    expect(noted).toEqual(['who wants to be forgotten is'])
  })

  it('know a device that two edges bring, and an edge that brings a stranger', () => {
    const { noted, note } = found()
    const edges = edgesOf(note, when)
    const common = { manifest: { baseHash: 'ab'.repeat(32), rank: 1, alpha: 1, targets: [], dtype: 'none' } }
    const forward = (key: string, device: string) =>
      edges.said(key, 'coordinator', {
        ...common,
        type: 'forward',
        round: 1,
        version: 0,
        examples: 4,
        loss: 1,
        hash: 'ab'.repeat(32),
        trained: { [device]: { loss: 1, examples: 4 } },
        lanBytes: 0,
      })
    const name = (to: string) =>
      edges.said('coordinator', to, {
        type: 'edge-devices',
        number: 1,
        round: 1,
        devices: ['a'],
        signature: 'ab'.repeat(64),
      })
    const update = (device: string) => ({ device, round: 1, weight: 0.5 })
    for (const edge of ['e', 'f']) name(edge)
    for (const edge of ['e', 'f']) forward(edge, 'a')
    expect(noted).toEqual([])
    edges.merged({
      type: 'merge',
      adapter: 'global',
      version: 1,
      round: 1,
      from: { adapter: 'global', version: 0 },
      relativeTo: 'start',
      updates: [update('e'), update('f')],
    })
    forward('e', 'stranger')
    expect(noted).toEqual(['no update is counted twice', 'nobody outside the cohort counts'])
  })

  it('know a tab that gossips and takes a share twice, or merges what another has trained', () => {
    const { noted, note } = found()
    const peers = peersOf(note, when, true)
    const of = [{ adapter: 'device-b', version: 3, weight: 0.5 }]
    const mix = { type: 'combine', adapter: 'device-a', version: 4, of } as const
    peers.mixes('a', mix)
    expect(noted).toEqual([])
    peers.mixes('a', mix)
    peers.merges('a', {
      type: 'merge',
      adapter: 'device-a',
      version: 5,
      round: 2,
      from: { adapter: 'device-a', version: 4 },
      relativeTo: 'start',
      updates: [{ device: 'b', round: 2, weight: 1 }],
    })
    expect(noted).toEqual(['no update is counted twice', 'nobody outside the cohort counts'])
  })
})
