/**
 * Resource allocation: what each device does in a round, so that all finish together within the deadline. Local steps
 * follow from measured speed, as in FedCompass; a device that cannot do the fewest steps in time gets smaller batches, then
 * a smaller rank; one with little memory keeps the base in fewer bits, then takes smaller batches. Whatever is assigned can
 * be overridden by hand, device by device. A device of unknown speed counts as the median until it has been measured.
 */
import type { DeviceKey } from '../names'

/** What a device can do, as measured; null: not known yet. */
export interface Capability {
  readonly tokensPerSecond: number | null
  /** Predicted tokens of a row of its own text. */
  readonly tokensPerRow: number | null
  readonly memoryBytes: number | null
  /** To the coordinator. */
  readonly roundTripMs: number | null
  /** To each edge that it can reach. */
  readonly edgeRoundTripsMs: Readonly<Record<DeviceKey, number>>
}

/** How the frozen base may be kept, the most exact first. */
export const basePrecisions = ['float32', 'float16', 'int8', 'nf4'] as const
export type BasePrecision = (typeof basePrecisions)[number]

export interface Assignment {
  readonly rank: number
  readonly steps: number
  readonly batch: number
  readonly precision: BasePrecision
}

/** What the room would give to a device that can do everything. */
export interface Wish {
  readonly rank: number
  /** Below `rank` where the aggregation merges updates of mixed ranks. */
  readonly leastRank: number
  readonly batch: number
  /** Of the base; fewer bits where memory is short. */
  readonly precision: BasePrecision
  readonly leastSteps: number
  readonly mostSteps: number
  readonly deadlineMs: number
  /** Predicted tokens of a row, where a device has not said. */
  readonly tokensPerRow: number
  readonly parameters: number
  /** Bytes that a row of a batch keeps for the backward pass. */
  readonly bytesPerRow: number
}

/** The same for a room, with what a person gives single devices by hand. */
export interface AllocationConfig extends Wish {
  readonly overrides: Readonly<Record<DeviceKey, Partial<Assignment>>>
}

export interface Candidate {
  readonly device: DeviceKey
  readonly capability: Pick<Capability, 'tokensPerSecond' | 'tokensPerRow' | 'memoryBytes' | 'roundTripMs'>
  readonly override?: Partial<Assignment>
}

export interface Allocated extends Assignment {
  readonly device: DeviceKey
  /** When its update is expected, after the order. */
  readonly expectedMs: number
  readonly isInTime: boolean
}

const bytesPerParameter: Readonly<Record<BasePrecision, number>> = {
  float32: 4,
  float16: 2,
  int8: 1,
  nf4: 0.5,
}
/** Exchanges of an order, an adapter and an update. */
const tripsPerRound = 3
const usualTokensPerSecond = 1000

export function allocate(candidates: readonly Candidate[], wish: Wish): Allocated[] {
  const speeds = candidates.flatMap(({ capability }) => capability.tokensPerSecond ?? [])
  const usual =
    speeds.length > 0 ? speeds.toSorted((a, b) => a - b)[speeds.length >> 1] : usualTokensPerSecond
  const shaped = candidates.map((candidate) =>
    shapeOf(candidate, candidate.capability.tokensPerSecond ?? usual, wish),
  )
  const together = meetingMs(shaped, wish)
  return shaped.map(({ device, stepMs, waitMs, override, ...shape }) => {
    const fitting = Math.floor((together - waitMs) / stepMs)
    const steps = override?.steps ?? Math.max(wish.leastSteps, Math.min(wish.mostSteps, fitting))
    const expectedMs = waitMs + steps * stepMs
    return { device, ...shape, steps, expectedMs, isInTime: expectedMs <= wish.deadlineMs }
  })
}

interface Shaped extends Omit<Assignment, 'steps'> {
  readonly device: DeviceKey
  readonly stepMs: number
  readonly waitMs: number
  readonly override: Partial<Assignment> | undefined
}

/** Precision, batch and rank of one device: as wished, or as much of it as fits into its memory and the deadline. */
function shapeOf({ device, capability, override }: Candidate, tokensPerSecond: number, wish: Wish): Shaped {
  const waitMs = tripsPerRound * (capability.roundTripMs ?? 0)
  const memory = capability.memoryBytes ?? Number.POSITIVE_INFINITY
  const bytesOf = (precision: BasePrecision, batch: number) =>
    wish.parameters * bytesPerParameter[precision] + batch * wish.bytesPerRow
  const tokensPerRow = capability.tokensPerRow ?? wish.tokensPerRow
  const stepMsOf = (batch: number) => (1000 * batch * tokensPerRow) / tokensPerSecond
  const isTooSlow = (batch: number) => waitMs + wish.leastSteps * stepMsOf(batch) > wish.deadlineMs

  const coarser = basePrecisions.slice(basePrecisions.indexOf(wish.precision))
  let batch = override?.batch ?? wish.batch
  const precision = override?.precision ?? coarser.find((each) => bytesOf(each, batch) <= memory) ?? 'nf4'
  if (override?.batch === undefined)
    while (batch > 1 && (isTooSlow(batch) || bytesOf(precision, batch) > memory)) batch = batch >> 1
  const wanted = override?.rank ?? (isTooSlow(batch) ? wish.rank >> 1 : wish.rank)
  const rank = Math.min(wish.rank, Math.max(wish.leastRank, wanted))
  return { device, rank, batch, precision, stepMs: stepMsOf(batch), waitMs, override }
}

/** When all are to be ready: once the fastest has done its most steps and the slowest its fewest, but by the deadline. */
function meetingMs(shaped: readonly Shaped[], { leastSteps, mostSteps, deadlineMs }: Wish): number {
  const least = shaped.map(({ waitMs, stepMs }) => waitMs + leastSteps * stepMs)
  const most = shaped.map(({ waitMs, stepMs }) => waitMs + mostSteps * stepMs)
  return Math.min(deadlineMs, Math.max(...least, Math.min(...most)))
}
