/**
 * The coordinator's half of being dispensable: it makes its will, sees to it that a majority knows it, and that the heirs have what
 * is needed to carry the room on (`bequests.ts`). A version is told to nobody before the heirs have it, or have kept the room
 * waiting for too long; so whoever is elected has what the others have seen. What a will may say is settled in
 * `federation/succession/will.ts`.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { newestVersion } from '../../federation/run'
import {
  type Attendance,
  heirsOf,
  nextRoster,
  type SignedWill,
  type Will,
  willText,
} from '../../federation/succession/will'
import type { CoordinatorEvent, DeviceKey, FederationState } from '../../federation/types'
import { mostShared } from '../../federation/view'
import { oneByOne } from '../../lib/async'
import { sha256Hex } from '../../lib/hash'
import type { Identity } from '../../network/identity/identity'
import { canonicalCode } from '../../network/ids'
import type { RoomKeys } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { Post } from '../executor/post'
import type { Versions } from '../executor/versions'
import type { SavedRoom } from '../stored/storage'
import type { FromDevice } from '../wire/messages'
import { bequestsOf } from './bequests'
import type { KnownLineage } from './lineage'

export interface TestatorParts {
  readonly clock: Clock
  readonly identity: Identity
  readonly keys: RoomKeys
  /** How this coordinator came to its place. */
  readonly lineage: KnownLineage
  readonly settings: () => Settings
  readonly state: () => FederationState
  readonly versions: Pick<Versions, 'newest' | 'saved'>
  /** All that had happened before this tab was opened. */
  readonly log: readonly CoordinatorEvent[]
  /** The last will of before a reload. */
  readonly will: SignedWill | null
  readonly standing: () => Pick<SavedRoom, 'begunWith' | 'startedAtMs' | 'door' | 'forgotten'>
  readonly keep: (change: Pick<SavedRoom, 'will'>) => Promise<void>
  readonly send: Post['send']
  readonly show: (heirs: readonly DeviceKey[]) => void
}

type Said = FromDevice & { readonly type: 'will-known' | 'estate-kept' | 'estate-lacking' }

export interface Testator {
  /**
   * An event counts, and changes this. A promise: it has made a version, or somebody was forgotten, which heirs are given before
   * anybody else hears of it.
   */
  counted(
    event: CoordinatorEvent,
    change: Partial<Pick<SavedRoom, 'adapters' | 'forgotten'>>,
  ): Promise<void> | null
  /** Something that stands beside log and adapters is another now: heirs are given it. */
  changed(): void
  /** Who is here may have changed. */
  settled(): void
  /** Another life of a device: it knows nothing. */
  joined(device: DeviceKey): void
  hear(device: DeviceKey, said: Said): void
}

/** A device that has been away for so long is counted on by nobody. */
const goneAfterMs = 10_000

export function testatorOf(parts: TestatorParts): Testator {
  const { clock, settings, state, versions, standing, send } = parts
  const log = [...parts.log]
  const inTurn = oneByOne()
  const saved = () => versions.saved().filter(({ version }) => version > 0)
  let adapters = saved()
  let will = parts.will
  /** The first will with the roster that stands, and who knows one with it. */
  let rosterSince = will?.serial ?? 0
  let knowing = new Set<DeviceKey>()
  let stopLooking = () => {}
  const isHere = (device: DeviceKey) => state().members.some(({ key, present }) => key === device && present)
  const bequests = bequestsOf({
    clock,
    send,
    standing: () => ({ ...standing(), settings: settings() }),
    isHere,
    log,
    adapters: () => adapters,
  })

  /** Signs what has changed, and keeps it: a reload of this tab must not go back behind it. */
  async function renew(): Promise<SignedWill | null> {
    const next = willAsItShouldBe(parts, will, knowing)
    if (next === null) return null
    const isOtherRoster = String(next.roster) !== String(will?.roster ?? electorsOf(parts))
    will = await signed(parts, next)
    if (isOtherRoster) {
      rosterSince = will.serial
      knowing = new Set()
    }
    await parts.keep({ will })
    parts.show(will.heirs)
    return will
  }

  function publish(): void {
    if (will) for (const { key, present } of state().members) if (present) send(key, { type: 'will', will })
  }

  function look(): void {
    stopLooking()
    if (settings().heirs === 0) return
    void inTurn(async () => {
      const renewed = await renew()
      if (!renewed) return
      bequests.give(renewed)
      publish()
    })
    const isSomebodyAway = (will?.roster ?? []).some((device) => !isHere(device))
    if (isSomebodyAway) stopLooking = clock.after(goneAfterMs, look)
  }

  return {
    counted(event, change) {
      log.push(event)
      if (change.adapters) adapters = saved()
      const isAwaited = change.adapters !== undefined || change.forgotten !== undefined
      const isNews = isAwaited || event.type === 'command' || event.type === 'switched'
      if (settings().heirs === 0 || !isNews) return null
      const told = inTurn(async () => {
        await renew()
        if (will) await (isAwaited ? bequests.giveInTime(will) : bequests.give(will))
        publish()
      })
      return isAwaited ? told : null
    },
    changed() {
      if (settings().heirs === 0) return
      void inTurn(async () => {
        if (will) bequests.give(will)
      })
    },
    settled: look,
    joined(device) {
      const papers = parts.lineage.papers()
      if (papers !== '') send(device, { type: 'lineage', papers })
      bequests.lacking(device)
      knowing.delete(device)
      if (will?.heirs.includes(device)) bequests.give({ ...will, heirs: [device] })
      if (will && settings().heirs > 0) send(device, { type: 'will', will })
    },
    hear(device, said) {
      switch (said.type) {
        case 'will-known':
          if (said.serial < rosterSince || knowing.has(device)) return
          knowing.add(device)
          return look()
        case 'estate-kept':
          return bequests.kept(device, said.letter)
        case 'estate-lacking':
          bequests.lacking(device)
          if (will?.heirs.includes(device)) bequests.give({ ...will, heirs: [device] })
          return
      }
    },
  }
}

/** The roster that stands before the first will: it has elected this coordinator. */
const electorsOf = ({ lineage }: TestatorParts): readonly DeviceKey[] =>
  lineage.succession.at(-1)?.will.roster ?? []

/** What would have to be signed now; null: it has been. */
function willAsItShouldBe(
  parts: TestatorParts,
  will: SignedWill | null,
  knowing: ReadonlySet<DeviceKey>,
): Will | null {
  const { clock, keys, lineage, settings, state, versions } = parts
  const before = will?.roster ?? electorsOf(parts)
  const here = attendanceOf(state(), before, clock.now())
  const roster = nextRoster(before, knowing, here)
  const next = {
    // Of any adapter: a device of a cluster knows the version of its own.
    version: newestVersion(state()),
    adapterHash: versions.newest(mostShared(state())).hash,
    settingsHash: sha256Hex(new TextEncoder().encode(settingsToSearch(settings()))),
    roster,
    heirs: heirsOf(roster, here, settings().heirs),
  }
  const names = Object.keys(next) as (keyof typeof next)[]
  if (names.every((name) => String(will?.[name] ?? '') === String(next[name]))) return null
  return { code: canonicalCode(keys.code), term: lineage.term(), serial: (will?.serial ?? 0) + 1, ...next }
}

function attendanceOf({ members }: FederationState, roster: readonly DeviceKey[], nowMs: number): Attendance {
  const inPlace = members.toSorted((a, b) => a.index - b.index)
  const gone = inPlace.filter(({ leftAtMs }) => leftAtMs !== null && nowMs - leftAtMs >= goneAfterMs)
  const forgotten = roster.filter((device) => !members.some(({ key }) => key === device))
  return {
    present: inPlace.flatMap(({ key, present, isForgotten }) => (present && !isForgotten ? [key] : [])),
    gone: new Set([...gone.map(({ key }) => key), ...forgotten]),
  }
}

async function signed({ identity, keys: { signingKey } }: TestatorParts, will: Will): Promise<SignedWill> {
  const publicKey = await identity.publicKeyOf(signingKey)
  const signature = await identity.sign(signingKey, willText(will))
  return { ...will, by: bytesToHex(publicKey), signature: bytesToHex(signature) }
}
