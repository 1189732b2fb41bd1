/**
 * What devices say often, on its way to the page and to the log. The page is told the newest of each device ten times a
 * second; an event is logged only where it changes something, and of a device that changes its mind again and again the
 * last word counts, every now and then. A log that is replayed after a reload must not grow by chatter.
 */
import type { Capability, CoordinatorHappening, DeviceKey, FederationState } from '../../../federation/types'
import type { Clock } from '../../../network/time/clock'
import type { FromDevice } from '../../wire/messages'
import { newestOf } from './newest'

type Status = FromDevice & { type: 'status' }
type Volunteer = FromDevice & { type: 'volunteer' }

/** Devices show themselves five times a second at most. */
const shownEveryMs = 100
/** Falling asleep and waking up, volunteering and not: a person does that a few times an hour. */
const flipEveryMs = 2_000
/** Once per order, and when somebody chooses other text. */
const measuredEveryMs = 500

export interface Often {
  status(device: DeviceKey, status: Status): void
  /** @param isSpent nothing more may be learned from it */
  textHeld(device: DeviceKey, examples: number, isSpent: boolean): void
  volunteer(device: DeviceKey, word: Volunteer): void
  measured(device: DeviceKey, capability: Partial<Capability>): void
  /** It has come or gone: another stay. */
  forget(device: DeviceKey): void
}

/** The newest, and the newest that speaks of training: its loss belongs into the curves. */
interface Shown {
  readonly trained: Status | null
  readonly last: Status
}

export interface OftenParts {
  readonly clock: Clock
  readonly state: () => FederationState
  readonly happen: (event: CoordinatorHappening) => void
  readonly show: (device: DeviceKey, status: Status) => void
  readonly volunteered: (device: DeviceKey, word: Volunteer) => void
}

export function hearOften({ clock, state, happen, show, volunteered }: OftenParts): Often {
  /** What was logged last in this stay: whether it is paused, and its examples. */
  const paused = new Map<DeviceKey, boolean>()
  const held = new Map<DeviceKey, string>()

  const shown = newestOf<Shown>(
    clock,
    shownEveryMs,
    (device, { trained, last }) => {
      if (trained && trained !== last) show(device, trained)
      show(device, last)
      return true
    },
    (before, after) => ({ ...after, trained: after.trained ?? before.trained }),
  )
  const pauses = newestOf<{ isPaused: boolean }>(clock, flipEveryMs, (device, { isPaused }) => {
    if (paused.get(device) === isPaused) return false
    const known = state().members.find(({ key }) => key === device)
    if (!known?.present) return false
    paused.set(device, isPaused)
    if (known.paused === isPaused) return false
    happen({ type: isPaused ? 'device-paused' : 'device-resumed', device })
    return true
  })
  const texts = newestOf<{ examples: number; isSpent: boolean }>(clock, flipEveryMs, (device, text) => {
    const { examples, isSpent } = text
    if (held.get(device) === JSON.stringify(text)) return false
    held.set(device, JSON.stringify(text))
    happen({ type: 'text-held', device, examples, ...(isSpent ? { isSpent } : {}) })
    return true
  })
  const edges = newestOf<Volunteer>(clock, flipEveryMs, (device, word) => {
    volunteered(device, word)
    return true
  })
  const capabilities = newestOf<Partial<Capability>>(
    clock,
    measuredEveryMs,
    (device, capability) => {
      happen({ type: 'measured', device, capability })
      return true
    },
    (before, after) => ({ ...before, ...after }),
  )

  return {
    status(device, status) {
      shown.say(device, { trained: status.loss === null ? null : status, last: status })
      pauses.say(device, { isPaused: status.activity === 'paused' })
    },
    textHeld: (device, examples, isSpent) => texts.say(device, { examples, isSpent }),
    volunteer: edges.say,
    measured: capabilities.say,
    forget(device) {
      paused.delete(device)
      held.delete(device)
      for (const said of [shown, pauses, texts, edges, capabilities]) said.forget(device)
    },
  }
}
