/**
 * That chaos would notice where a room breaks what it promises of privacy, or takes up what its devices have voted down: accounts,
 * votes and merges that are broken on purpose. What a seed's room promises is drawn, so each looks for a seed that promises it.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { emptyAccounts } from '../../src/federation/privacy/budget'
import type { SchemeName } from '../../src/federation/types'
import type { Merging } from '../../src/node/merging/merging'
import type { Settings } from '../../src/settings/table'
import { gateOf } from './invariants/gate'
import { privaciesOf } from './invariants/privacy'
import { runChaos } from './run'
import type { Schedule } from './schedule'
import { keepsLedger, leastDevices, queryOf, settingsOf } from './schemes'

type Break = 'nothing' | 'counting' | 'budgets' | 'discretion' | 'ballots' | 'merges'
const broken = vi.hoisted(() => ({ is: 'nothing' as Break, isVotedDown: false }))
afterEach(() => {
  broken.is = 'nothing'
  broken.isVotedDown = false
})
vi.mock('../../src/federation/privacy/budget', async (original) => {
  const real = await original<typeof import('../../src/federation/privacy/budget')>()
  const charged: typeof real.charged = (account, ...more) =>
    broken.is === 'counting' ? account : real.charged(account, ...more)
  const updatesLeft: typeof real.updatesLeft = (...asked) =>
    broken.is === 'budgets' ? 1 : real.updatesLeft(...asked)
  return { ...real, charged, updatesLeft }
})
vi.mock('../../src/node/device/discretion', async (original) => {
  const real = await original<typeof import('../../src/node/device/discretion')>()
  class Discretion extends real.Discretion {
    override isOn(): boolean {
      return broken.is !== 'discretion' && super.isOn()
    }
  }
  return { ...real, Discretion }
})
vi.mock('../../src/federation/rounds/gate', async (original) => {
  const real = await original<typeof import('../../src/federation/rounds/gate')>()
  const rejection: typeof real.rejection = (...asked) =>
    broken.isVotedDown ? 'Nobody wants it.' : real.rejection(...asked)
  return { ...real, rejection }
})
vi.mock('../../src/node/coordinator/votes', async (original) => {
  const real = await original<typeof import('../../src/node/coordinator/votes')>()
  const votesOf: typeof real.votesOf = (parts) => {
    const votes = real.votesOf(parts)
    const never = new Promise<string | null>(() => {})
    return { ...votes, on: (...asked) => (broken.is === 'ballots' ? never : votes.on(...asked)) }
  }
  return { ...real, votesOf }
})
vi.mock('../../src/node/merging/merger', async (original) => {
  const real = await original<typeof import('../../src/node/merging/merger')>()
  const createMerger: typeof real.createMerger = () => {
    const merging = real.createMerger()
    const made = new Map<number, Awaited<ReturnType<Merging['merge']>>>()
    return {
      ...merging,
      async merge(terms, effect) {
        const merged = await merging.merge(terms, effect)
        made.set(effect.version, merged)
        return merged
      },
      keep: async (terms, effect) =>
        broken.is === 'merges' ? made.get(effect.version)!.version : merging.keep(terms, effect),
    }
  }
  return { ...real, createMerger }
})

/** The first seed whose room is of this kind. */
function seedOf(scheme: SchemeName, fits: (settings: Settings) => boolean): number {
  for (let seed = 0; ; seed++) if (fits(settingsOf(queryOf(scheme, seed)))) return seed
}

/** Nothing befalls this room. What does not hold in it, with this broken. */
async function brokenBy(what: Break, scheme: SchemeName, seed: number): Promise<string | undefined> {
  broken.is = what
  const count = leastDevices(scheme, seed)
  const calm: Schedule = {
    seed,
    devices: Array.from({ length: count }, (_, index) => `device-${index}`),
    acts: [{ do: 'command', key: 'coordinator', command: 'start', atMs: 10_000 }],
    calmAtMs: 12_000,
  }
  const [first] = await runChaos(scheme, calm)
  return first?.invariant
}

const hidden = ({ privacy, secure, epsilon }: Settings) => privacy === 'client' && !secure && epsilon !== null
const underMasks = ({ privacy, secure }: Settings) => privacy !== 'none' && secure
const ofRows = ({ privacy }: Settings) => privacy === 'example'
const withGate = ({ robust }: Settings) => robust.includes('gate')

describe.each<[string, SchemeName, (settings: Settings) => boolean]>([
  ['that hides devices', 'synchronous', hidden],
  ['that hides devices, as they come,', 'asynchronous', hidden],
  ['that hides them under masks, too,', 'synchronous', underMasks],
  ['that hides them behind an edge', 'hierarchical', hidden],
  ['that hides rows', 'clustered', ofRows],
])('a room %s', (_, scheme, fits) => {
  const seed = seedOf(scheme, fits)

  it('holds where nothing is broken, and not where updates are not counted', async () => {
    expect(await brokenBy('nothing', scheme, seed)).toBeUndefined()
    expect(await brokenBy('counting', scheme, seed)).toBe('what leaves is counted')
  })
})

describe('a room', () => {
  it('whose devices go beyond their budgets', async () => {
    const tight = (settings: Settings) => hidden(settings) && settings.noise === 1 && settings.epsilon! < 8
    expect(await brokenBy('budgets', 'synchronous', seedOf('synchronous', tight))).toBe(
      'no account goes beyond its budget',
    )
  })

  it('whose devices tell what they should hide', async () => {
    expect(await brokenBy('discretion', 'synchronous', seedOf('synchronous', hidden))).toBe(
      'nothing private is told without noise',
    )
  })

  it('whose vote never ends', async () => {
    const seed = seedOf('synchronous', withGate)
    expect(await brokenBy('nothing', 'synchronous', seed)).toBeUndefined()
    expect(await brokenBy('ballots', 'synchronous', seed)).toBe('a run goes on while a quorum lives')
  })

  it('that takes up what was voted down', async () => {
    const seed = seedOf('synchronous', withGate)
    broken.isVotedDown = true
    expect(await brokenBy('nothing', 'synchronous', seed)).toBeUndefined()
    expect(await brokenBy('merges', 'synchronous', seed)).toBe('what was voted down is in no version')
  })
})

describe('what a seed promises', () => {
  const settings = (scheme: SchemeName) =>
    Array.from({ length: 60 }, (_, seed) => settingsOf(queryOf(scheme, seed)))

  it('is of every kind that goes together, beside the ledger that it keeps', () => {
    const all = settings('synchronous')
    const kinds: ((room: (typeof all)[number]) => boolean)[] = [
      hidden,
      underMasks,
      ofRows,
      withGate,
      ({ privacy, ledger }) => privacy !== 'none' && ledger,
      ({ privacy, robust }) => privacy !== 'none' && robust.length > 1,
      ({ privacy, clip }) => privacy === 'client' && clip === null,
      ({ privacy, noise }) => privacy === 'client' && noise === null,
    ]
    for (const isSo of kinds) expect(all.some(isSo)).toBe(true)
    for (const [seed, { ledger }] of all.entries()) expect(ledger).toBe(keepsLedger('synchronous', seed))
  })

  it('is no privacy where tabs gossip', () => {
    expect(settings('gossip').every(({ privacy }) => privacy === 'none')).toBe(true)
  })
})

describe('the books', () => {
  const found = () => {
    const noted: string[] = []
    return { noted, note: (invariant: string) => void noted.push(invariant) }
  }
  const when = () => 'now'
  const terms = { unit: 'device', delta: 1e-5, budget: null, noise: 1, updates: 8 } as const
  const masked = (session: string) => ({
    type: 'masked',
    session,
    version: 0,
    examples: 1,
    loss: null,
    hash: 'ab'.repeat(32),
    within: null,
  })
  const [first, second, third] = ['1', '2', '3'].map((name) => name.repeat(32))

  it('count an update under masks once in two sums that nobody knows, and again once one may be known', () => {
    const { noted, note } = found()
    const privacy = privaciesOf(note, when, terms)
    privacy.opened('a')
    privacy.keeps('a', { ...emptyAccounts, device: { ...emptyAccounts.device, updates: 1 } })
    for (const session of [first, second, third])
      privacy.said('coordinator', { type: 'secure-begin', round: 1, session })
    privacy.said('a', masked(first))
    privacy.said('a', masked(second))
    expect(noted).toEqual([])
    privacy.said('a', { type: 'secure-told', session: second, ofMasks: {}, ofKeys: {} })
    privacy.said('a', masked(third))
    expect(noted).toEqual(['what leaves is counted'])
  })

  it('let a later life of a coordinator make again what was voted down in an earlier one', () => {
    const { noted, note } = found()
    const gate = gateOf(note, when)
    const from = { adapter: 'global', version: 0 }
    const common = {
      adapter: 'global',
      version: 1,
      round: 1,
      from,
      relativeTo: 'start',
      updates: [],
    } as const
    const effect = { type: 'merge', ...common } as const
    const merged = { type: 'merged', adapter: 'global', version: 1, round: 1, adapterHash: 'h' } as const
    gate.makes('coordinator', effect, 'h')
    gate.refuses('coordinator', effect)
    gate.said('coordinator', { type: 'adapter', hash: 'g' })
    expect(noted).toEqual([])
    gate.stores('coordinator', { atMs: 1, ...merged })
    gate.said('coordinator', { type: 'adapter', hash: 'h' })
    expect(noted).toHaveLength(2)
    gate.opened('coordinator')
    gate.said('coordinator', { type: 'adapter', hash: 'h' })
    expect(noted).toHaveLength(2)
  })
})
