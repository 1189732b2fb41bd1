/**
 * FedCompass's scheduler (Li et al., arXiv 2309.14675): the number of local steps follows from a device's measured speed,
 * so that the devices of a group arrive together although none is as fast as another. A group has an expected arrival and
 * a limit; a device joins the open group in which it can do most steps within [Q_min, Q_max], else it opens one that
 * expects it after Q_max steps. A group is merged when all have arrived, or at its limit; who comes late is merged with
 * the next group.
 */
/** An order that has not been answered yet. */
export interface Job {
  readonly round: number
  readonly version: number
  readonly steps: number
  readonly orderedAtMs: number
  /** Whom it is to arrive with; null: nobody. */
  readonly group: number | null
}

/** What is known of a device as one that works. */
export interface Worker {
  readonly job: Job | null
  /** Its last order: who has waited longest comes next. 0: it never had one. */
  readonly lastOrder: number
  /** A moving average; null: it has not answered yet. */
  readonly secondsPerStep: number | null
}

/** Devices that were given steps such that they arrive together. */
export interface Group {
  readonly id: number
  readonly expectedAtMs: number
  readonly limitAtMs: number
}

/** What the scheduler looks at. */
export interface Schedule {
  /** Of every device, at its index. */
  readonly workers: readonly Worker[]
  readonly buffer: readonly { readonly group: number | null }[]
  readonly groups: readonly Group[]
  /** Orders given so far. */
  readonly ordered: number
}

/** Q_min, Q_max and lambda. */
export interface CompassConfig {
  readonly leastSteps: number
  readonly mostSteps: number
  readonly lateness: number
}

/** Weight of the newest measurement. */
const forgetting = 0.5

export interface Assigned {
  readonly steps: number
  readonly group: number | null
  /** The group that was opened for it. */
  readonly opened: Group | null
}

/** How many steps this device takes next, and whom it arrives with. A device of unknown speed shows it first. */
export function assignSteps(
  { groups, ordered }: Pick<Schedule, 'groups' | 'ordered'>,
  secondsPerStep: number | null,
  { leastSteps, mostSteps, lateness }: CompassConfig,
  atMs: number,
): Assigned {
  if (secondsPerStep === null) return { steps: leastSteps, group: null, opened: null }
  const stepMs = 1000 * secondsPerStep
  const fitting = groups
    .map(({ id, expectedAtMs }) => ({ id, steps: Math.floor((expectedAtMs - atMs) / stepMs) }))
    .filter(({ steps }) => steps >= leastSteps && steps <= mostSteps)
    .toSorted((a, b) => b.steps - a.steps || a.id - b.id)
  if (fitting.length > 0) return { steps: fitting[0].steps, group: fitting[0].id, opened: null }
  const wholeMs = mostSteps * stepMs
  const opened = { id: ordered + 1, expectedAtMs: atMs + wholeMs, limitAtMs: atMs + lateness * wholeMs }
  return { steps: mostSteps, group: opened.id, opened }
}

/** A device's speed is learned from what it sends: time from order to arrival over steps. */
export function speedAfter(before: number | null, job: Job, atMs: number): number {
  const seconds = (atMs - job.orderedAtMs) / 1000 / job.steps
  return (1 - forgetting) * (before ?? seconds) + forgetting * seconds
}

/** All have arrived that were to arrive with this group. */
export const isGroupReady = ({ workers, buffer }: Schedule, { id }: Group): boolean =>
  !workers.some(({ job }) => job?.group === id) && buffer.some(({ group }) => group === id)
