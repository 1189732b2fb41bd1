/**
 * What a coordinator gives to its heirs, letter by letter, and what they have said of it. An heir that is up to date is waited for
 * when there is something new, for a while; one that was late before is not, until it has caught up.
 */
import type { SignedWill } from '../../federation/succession/will'
import type { CoordinatorEvent, DeviceKey } from '../../federation/types'
import { deferred } from '../../lib/async'
import { sha256Hex } from '../../lib/hash'
import type { Clock } from '../../network/time/clock'
import type { Post } from '../executor/post'
import type { Estate, SavedAdapter } from '../stored/storage'
import { encodeGrowth } from './estate'

export interface BequestParts {
  readonly clock: Clock
  readonly send: Post['send']
  /** All that is not the log and the adapters. */
  readonly standing: () => Omit<Estate, 'will' | 'log' | 'adapters'>
  readonly isHere: (device: DeviceKey) => boolean
  /** All events so far, and the newest adapters. */
  readonly log: readonly CoordinatorEvent[]
  readonly adapters: () => readonly SavedAdapter[]
}

export interface Bequests {
  /** To each heir what it lacks. */
  give(will: SignedWill): void
  /** The same; resolves once every heir that was up to date is so again, or the room has waited for long enough. */
  giveInTime(will: SignedWill): Promise<void>
  kept(heir: DeviceKey, letter: number): void
  /** It has nothing of what it was given. */
  lacking(heir: DeviceKey): void
}

/** No version waits longer for its heirs. */
const patienceMs = 1_500

interface Given {
  /** Number of the last letter to it, and of the last of which it has said that it is kept. */
  readonly letter: number
  readonly kept: number
  readonly events: number
  readonly adapters: readonly SavedAdapter[]
}

export function bequestsOf(parts: BequestParts): Bequests {
  const { clock, send, standing, isHere, log, adapters } = parts
  const given = new Map<DeviceKey, Given>()
  let letter = 0
  let waiting: (() => void)[] = []
  const wake = () => {
    const sleepers = waiting
    waiting = []
    for (const resolve of sleepers) resolve()
  }
  const isUpToDate = (heir: DeviceKey): boolean => {
    const before = given.get(heir)
    return before !== undefined && before.kept === before.letter
  }

  function give(will: SignedWill): void {
    const newest = adapters()
    for (const heir of will.heirs) {
      const before = given.get(heir)
      const from = before?.events ?? 0
      const bytes = encodeGrowth({
        ...standing(),
        will,
        from,
        events: log.slice(from),
        adapters: before?.adapters === newest ? null : newest,
      })
      // By the clock: a reloaded coordinator goes on counting.
      letter = Math.max(letter + 1, Math.floor(clock.now()))
      given.set(heir, { letter, kept: before?.kept ?? 0, events: log.length, adapters: newest })
      send(heir, { type: 'estate', number: letter, hash: sha256Hex(bytes) }, bytes)
    }
  }

  return {
    give,
    async giveInTime(will) {
      const awaited = will.heirs.filter((heir) => isHere(heir) && isUpToDate(heir))
      give(will)
      const late = deferred<void>()
      let isLate = false
      const stop = clock.after(patienceMs, () => {
        isLate = true
        late.resolve()
      })
      while (!isLate && awaited.some((heir) => given.has(heir) && !isUpToDate(heir)))
        await Promise.race([late.promise, new Promise<void>((resolve) => waiting.push(resolve))])
      stop()
    },
    kept(heir, upTo) {
      const before = given.get(heir)
      if (!before || upTo > before.letter) return
      given.set(heir, { ...before, kept: Math.max(before.kept, upTo) })
      wake()
    },
    lacking(heir) {
      given.delete(heir)
      wake()
    },
  }
}
