/**
 * What befalls a room, drawn from a seed: who comes and when, who goes and how, what becomes of links and disks. A schedule
 * is plain data, so that one that broke something can be cut down to what was needed and kept as a test. It ends with calm:
 * everything is healed, the coordinator and enough devices are there, and the run has time to come to its end.
 */
import { random } from '../../src/lib/rng'

export type Act = { readonly atMs: number } /** A device opens its tab, for the first time or again. */ & (
  | { readonly do: 'join'; readonly key: string }
  /** It closes its tab, and says goodbye. */
  | { readonly do: 'leave'; readonly key: string }
  /** Its tab crashes: the others learn nothing of it. */
  | { readonly do: 'kill'; readonly key: string }
  /** Its page is loaded anew, so much later; `kill`: after a crash. */
  | { readonly do: 'reload'; readonly key: string; readonly afterMs: number; readonly isCrash: boolean }
  | { readonly do: 'freeze'; readonly key: string; readonly forMs: number }
  /** These are cut off from all others. */
  | { readonly do: 'partition'; readonly keys: readonly string[]; readonly forMs: number }
  /** What it says takes so long. */
  | { readonly do: 'delay'; readonly key: string; readonly byMs: number; readonly forMs: number }
  /** Much of what it says it says twice. */
  | { readonly do: 'duplicate'; readonly key: string; readonly forMs: number }
  | { readonly do: 'slow-disk'; readonly key: string; readonly byMs: number; readonly forMs: number }
  /** Nothing can be stored there; what is there can be read. */
  | { readonly do: 'full-disk'; readonly key: string; readonly forMs: number }
  /** Its computer's clock is set, and its page loaded anew: a page's own clock only jumps between two lives. */
  | { readonly do: 'clock-jump'; readonly key: string; readonly byMs: number }
  /** Its browser takes the GPU away: whatever it computes fails, until the page is loaded anew or so long. */
  | { readonly do: 'lost-gpu'; readonly key: string; readonly forMs: number }
  /** Whoever coordinates crashes and never comes back. */
  | { readonly do: 'end' }
  /** Somebody who may presses a button. */
  | { readonly do: 'command'; readonly key: string; readonly command: 'start' | 'pause' | 'resume' }
  /** Its person has had enough: it leaves, and is forgotten. */
  | { readonly do: 'forget'; readonly key: string }
)

export interface Schedule {
  readonly seed: number
  /** Who is there at the beginning. */
  readonly devices: readonly string[]
  readonly acts: readonly Act[]
  /** From here on nothing is in the way any more. */
  readonly calmAtMs: number
}

export const coordinatorKey = 'coordinator'
/** So many more that every scheme has a quorum to lose. */
const more = 3
const stormMs = 90_000
const dayMs = 86_400_000

/**
 * @param hasCoordinator false where all are equal: nobody is spared, and nobody must be there
 * @param least devices with which a run comes to its end
 */
export function drawSchedule(seed: number, hasCoordinator: boolean, least = 3): Schedule {
  const dice = random(seed, 'chaos schedule')
  const count = least + dice.int(more + 1)
  const devices = Array.from({ length: count }, (_, index) => `device-${index}`)
  const all = hasCoordinator ? [coordinatorKey, ...devices] : devices
  const newcomers = Array.from({ length: dice.int(3) }, (_, index) => `newcomer-${index}`)
  const acts: Act[] = newcomers.map((key) => ({ do: 'join', key, atMs: dice.int(stormMs) }))
  acts.push({
    do: 'command',
    key: all[0],
    command: 'start',
    atMs: 4_000 + dice.int(12_000),
  })
  for (let left = 2 + dice.int(9); left > 0; left--) acts.push(drawAct(dice, all, devices))
  const ends = hasCoordinator ? drawEnds(seed, devices) : []
  const calmAtMs = stormMs + 20_000
  // Where the coordinator is gone for good, it takes most of the others to elect another one.
  const returning = ends.length > 0 ? devices : dice.shuffle(devices).slice(0, least)
  if (hasCoordinator)
    for (const act of drawForgetting(seed, [...devices, ...newcomers], returning)) acts.push(act)
  return {
    seed,
    devices,
    acts: [
      ...[...acts, ...ends].toSorted((a, b) => a.atMs - b.atMs),
      ...returning.map((key) => ({ do: 'join' as const, key, atMs: calmAtMs })),
    ],
    calmAtMs,
  }
}

/**
 * Every third room loses its coordinator for good, some of them twice, or while it falls into two halves for longer than a room waits
 * before it elects. Drawn by itself, so that all else of a seed stays as it was.
 */
function drawEnds(seed: number, devices: readonly string[]): Act[] {
  const dice = random(seed, 'chaos ends')
  const atMs = 20_000 + dice.int(40_000)
  const end: Act = { do: 'end', atMs }
  const half = [coordinatorKey, ...devices].filter(() => dice.next() < 0.5)
  const draws: (() => Act[])[] = [
    () => [end],
    () => [end, { do: 'end', atMs: atMs + 1_000 + dice.int(40_000) }],
    () => [end, { do: 'kill', key: dice.pick(devices), atMs: atMs + dice.int(15_000) }],
    () => [{ do: 'partition', keys: half, atMs, forMs: 40_000 + dice.int(20_000) }],
  ]
  return dice.next() < 1 / 3 ? dice.pick(draws)() : []
}

/** Whoever is ever there, but the coordinator. */
export const allDevices = ({ devices, acts }: Schedule): string[] => [
  ...new Set([...devices, ...acts.flatMap((act) => (act.do === 'join' ? [act.key] : []))]),
]

/** In half of all rooms up to two of those that a run can end without want to be forgotten. */
function drawForgetting(seed: number, all: readonly string[], needed: readonly string[]): Act[] {
  const dice = random(seed, 'chaos forgetting')
  const others = all.filter((key) => !needed.includes(key))
  if (others.length === 0 || dice.int(2) === 0) return []
  return Array.from({ length: 1 + dice.int(2) }, () => ({
    do: 'forget',
    key: dice.pick(others),
    atMs: 10_000 + dice.int(stormMs),
  }))
}

function drawAct(dice: ReturnType<typeof random>, all: readonly string[], devices: readonly string[]): Act {
  const atMs = dice.int(stormMs)
  const forMs = Math.round(500 * 2 ** (7 * dice.next())) // from half a second to a minute
  const key = dice.pick(all)
  const device = dice.pick(devices)
  const draws: (() => Act)[] = [
    () => ({ do: 'leave', key: device, atMs }),
    () => ({ do: 'kill', key: device, atMs }),
    () => ({ do: 'join', key: device, atMs }),
    () => ({ do: 'reload', key, atMs, afterMs: 200 + dice.int(8_000), isCrash: dice.next() < 0.5 }),
    () => ({ do: 'reload', key, atMs, afterMs: 200 + dice.int(8_000), isCrash: dice.next() < 0.5 }),
    () => ({ do: 'freeze', key, atMs, forMs }),
    () => ({ do: 'partition', keys: all.filter(() => dice.next() < 0.4), atMs, forMs }),
    () => ({ do: 'delay', key, atMs, forMs, byMs: dice.int(5_000) }),
    () => ({ do: 'duplicate', key, atMs, forMs }),
    () => ({ do: 'slow-disk', key, atMs, forMs, byMs: 1 + dice.int(3_000) }),
    () => ({ do: 'full-disk', key, atMs, forMs }),
    () => ({ do: 'clock-jump', key, atMs, byMs: Math.round((2 * dice.next() - 1) * dayMs) }),
    () => ({ do: 'lost-gpu', key: device, atMs, forMs }),
    () => ({ do: 'command', key: all[0], command: dice.pick(['pause', 'resume'] as const), atMs }),
  ]
  return dice.pick(draws)()
}
