/**
 * The simulated devices: how fast each computes, which local network it is in, how far everything is, when it is away. All
 * of it is drawn from the seed, device by device, so that the same seed makes the same world and a further device changes
 * nothing about the others.
 */
import { largestOf } from '../../lib/extremes'
import { random } from '../../lib/rng'

export interface LinkSettings {
  readonly roundTripMs: number
  readonly bytesPerSecond: number
}

export interface WorldSettings {
  readonly devices: number
  readonly seed: number
  /** Means of a job of `localSteps`, dealt out by `shares` (of 16, say 4, 8 and 4). */
  readonly jobSeconds: readonly { readonly mean: number; readonly share: number }[]
  /** Standard deviation of each job. */
  readonly jobDeviation: number
  /** Local networks; the coordinator is in none of them. */
  readonly sites: number
  readonly lan: LinkSettings
  readonly wan: LinkSettings
  /** Each link's round trip is drawn around the above: standard deviation of its logarithm. */
  readonly spread: number
  /** Mean minutes that a device stays and is away; null: nobody ever leaves. */
  readonly churn: { readonly stayMinutes: number; readonly awayMinutes: number } | null
  /** The share of devices that do what the room's `attack` says. */
  readonly attackingDevices: number
}

export type LinkKind = 'lan' | 'wan' | 'self'

export interface Link {
  readonly kind: LinkKind
  readonly roundTripMs: number
  readonly bytesPerSecond: number
}

export interface Draws {
  readonly settings: WorldSettings
  readonly keys: readonly string[]
  indexOf(key: string): number
  siteOf(key: string): number
  /** Milliseconds of one local step, before the job's own deviation. */
  stepMs(key: string, localSteps: number): number
  /** How long a device's nth job takes; `steps` of whole batches. */
  jobMs(key: string, nth: number, steps: number, localSteps: number): number
  /** Between two nodes; `coordinator` is one too. */
  link(from: string, to: string): Link
  /** Mean minutes until a device leaves or comes back, the `turn`th time. */
  stayMs(key: string, turn: number): number
  isAttacking(key: string): boolean
}

export const coordinatorKey = 'coordinator'

export const keyOfDevice = (index: number): string => `device-${String(index).padStart(4, '0')}`

export function drawsOf(settings: WorldSettings): Draws {
  const { devices, seed, sites, jobSeconds, jobDeviation, spread, churn, attackingDevices } = settings
  const keys = Array.from({ length: devices }, (_, index) => keyOfDevice(index))
  const attacking = new Set(
    random(seed, 'attacking')
      .shuffle(keys)
      .slice(0, Math.round(attackingDevices * devices)),
  )
  const indices = new Map(keys.map((key, index) => [key, index]))
  const indexOf = (key: string) => indices.get(key)!
  const meanOf = dealt(jobSeconds, devices)
  const siteOf = (key: string) => (key === coordinatorKey ? -1 : indexOf(key) % sites)
  const stepMs = (key: string, localSteps: number) => (1000 * meanOf[indexOf(key)]) / localSteps
  const self: Link = { kind: 'self', roundTripMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY }
  const drawn = new Map<string, Link>()
  return {
    settings,
    keys,
    indexOf,
    siteOf,
    stepMs,
    jobMs(key, nth, steps, localSteps) {
      const draw = random(seed, 'job', key, nth)
      const mean = steps * stepMs(key, localSteps)
      const deviation = 1000 * jobDeviation * Math.sqrt(steps / localSteps)
      return Math.max(mean / 10, mean + deviation * draw.gaussian())
    },
    link(from, to) {
      if (from === to) return self
      const name = from < to ? `${from} ${to}` : `${to} ${from}`
      const known = drawn.get(name)
      if (known) return known
      const kind: LinkKind = siteOf(from) === siteOf(to) ? 'lan' : 'wan'
      const factor = Math.exp(spread * random(seed, 'link', name).gaussian())
      const { roundTripMs, bytesPerSecond } = settings[kind]
      const link = { kind, roundTripMs: roundTripMs * factor, bytesPerSecond: bytesPerSecond / factor }
      drawn.set(name, link)
      return link
    },
    stayMs(key, turn) {
      if (!churn) return Number.POSITIVE_INFINITY
      const mean = turn % 2 === 0 ? churn.stayMinutes : churn.awayMinutes
      return -mean * 60_000 * Math.log(1 - random(seed, 'churn', key, turn).next())
    },
    isAttacking: (key) => attacking.has(key),
  }
}

/** So long that a device of middling speed does `localSteps`, wherever it is: order, adapter and update travel too. */
export function usualDeadlineMs({ keys, stepMs, link }: Draws, localSteps: number): number {
  const jobs = keys.map((key) => localSteps * stepMs(key, localSteps)).sort((a, b) => a - b)
  return jobs[jobs.length >> 1] + 3 * largestOf(keys.map((key) => link(key, coordinatorKey).roundTripMs))
}

/** Each device's mean, dealt in proportion to the shares and in turn, so that every class is in every site. */
function dealt(classes: WorldSettings['jobSeconds'], devices: number): number[] {
  const total = classes.reduce((sum, { share }) => sum + share, 0)
  const given = classes.map(() => 0)
  return Array.from({ length: devices }, (_, index) => {
    const wanted = classes.map(({ share }, at) => (share / total) * (index + 1) - given[at])
    const next = wanted.indexOf(Math.max(...wanted))
    given[next]++
    return classes[next].mean
  })
}
