/**
 * Who shares with whom, and how many must answer. Up to about sixty devices everybody shares a mask with everybody. In larger
 * crowds each has k neighbours, k = 10 log2 n, on a ring that chance has put in order (SecAgg+, Bell et al., CCS 2020): what a
 * device computes and sends then grows with log n, and the chance that 30 % of all who leave are just too many of one
 * neighbourhood stays small.
 *
 * The threshold t > 2n/3, at least 3, does two things. Fewer than t devices never learn, nor let anybody learn, a secret. And
 * a coordinator that tells half of them another list of survivors than the other half, to be given both secrets of one device,
 * fails: two groups of t have more than n/3 devices in common, and who is asked twice refuses. Half of a neighbourhood has to
 * do where everybody has few neighbours; the sum itself still needs t of all.
 */
import { random } from '../../lib/rng'

/** A sum of fewer hides nobody. */
export const leastTogether = 3

/**
 * How many of n must send, and answer. Whoever merges and trains too holds a share of every secret already: it does not count
 * among those t, so one more is needed.
 */
export const thresholdOf = (count: number, mergerTakesPart: boolean): number => {
  const others = mergerTakesPart ? count - 1 : count
  return Math.max(leastTogether, Math.floor((2 * others) / 3) + 1) + (mergerTakesPart ? 1 : 0)
}

/** Neighbours of each of n devices: all, or an even number of them. */
const degreeOf = (count: number): number => Math.min(count - 1, 10 * Math.ceil(Math.log2(Math.max(2, count))))

/** How many of those that hold a device's shares are needed to put its secrets together. */
export function sharesNeeded(count: number, mergerTakesPart: boolean): number {
  const degree = degreeOf(count)
  if (degree === count - 1) return thresholdOf(count, mergerTakesPart)
  return Math.floor((degree + 1) / 2) + 1 + (mergerTakesPart ? 1 : 0)
}

/**
 * How many shares told are enough for every secret: of a complete graph's devices any t, of sparse neighbourhoods nobody knows
 * before all have answered.
 */
export const answersAwaited = (count: number, mergerTakesPart: boolean): number =>
  degreeOf(count) === count - 1 ? thresholdOf(count, mergerTakesPart) : count

/** Of every device its neighbours, in the order of the roster. A neighbour's neighbour is oneself. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** @param devices the roster, in its order @param seed on which all agree, and which nobody could choose alone */
export function graphOf(devices: readonly string[], seed: string): Graph {
  const degree = degreeOf(devices.length)
  if (degree === devices.length - 1)
    return new Map(devices.map((device) => [device, devices.filter((other) => other !== device)]))
  const ring = random(0, 'secure neighbours', seed).shuffle(devices)
  const placeOf = new Map(ring.map((device, place) => [device, place]))
  return new Map(
    devices.map((device) => {
      const place = placeOf.get(device)!
      const near = new Set(
        Array.from({ length: degree / 2 }, (_, at) => at + 1).flatMap((step) => [
          ring[(place + step) % ring.length],
          ring[(place - step + ring.length) % ring.length],
        ]),
      )
      return [device, devices.filter((other) => near.has(other))]
    }),
  )
}

/** Those that hold shares of a device's secrets: itself and its neighbours, in the order of the roster. */
export const holdersOf = (graph: Graph, roster: readonly string[], device: string): readonly string[] => {
  const near = new Set(graph.get(device))
  return roster.filter((other) => other === device || near.has(other))
}
