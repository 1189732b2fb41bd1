/** Where the ticks of an axis are, and which of them are written: round places, and no text upon another. */

import type { Axis } from '../loss/lossLines'

const [minute, hour, day] = [60, 3_600, 86_400]

/** Steps of an axis of seconds, as clocks count. */
export const timeSteps: readonly number[] = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 5, 10, 20, 50].map((days) => days * day),
]

/** Steps of an axis of bytes that are written without a fraction: never 12.5 MB. */
const byteSteps: readonly number[] = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((factor) => factor * 10 ** power),
).flat()

/** How far apart ticks may be; undefined: they count in tens. */
export function stepsOf(axis: Axis): readonly number[] | undefined {
  switch (axis) {
    case 'rounds':
      return undefined
    case 'seconds':
      return timeSteps
    case 'bytes':
      return byteSteps
  }
}

/** Pixels between two texts. */
const gap = 14

/**
 * Every n-th text of evenly spaced ticks, so that none touches the next; the others are empty. Which are kept does not change while an axis
 * moves: those at whole multiples.
 * @param widthOf in pixels @param apart pixels from tick to tick @param firstStep how many steps the first tick is from 0
 */
export function spacedOut(
  texts: readonly string[],
  widthOf: (text: string) => number,
  apart: number,
  firstStep = 0,
): string[] {
  const widest = texts.reduce((most, text) => Math.max(most, widthOf(text)), 0)
  const every = Math.max(1, Math.ceil((widest + gap) / Math.max(apart, 1)))
  return texts.map((text, at) => ((firstStep + at) % every === 0 ? text : ''))
}

/** Where an axis of values begins and ends, and how far its ticks are apart: one is at either end. */
export interface Span {
  readonly low: number
  readonly high: number
  readonly step: number
}

/** Of values that are all the same, so much of them is shown around them. */
const leastShare = 0.02
const fewestSteps = 2
/** Values so near to 0 are no smaller than each other. */
const nothing = 1e-6

/**
 * The round places that lie around all values, however near these are to each other: a tick at or below the lowest, one at or
 * above the highest, and as many between as there is room for.
 * @param most steps from tick to tick that there is room for, at least 2
 */
export function spanAround(lowest: number, highest: number, most: number): Span {
  const room = Math.max(fewestSteps, Math.floor(most))
  const size = Math.max(Math.abs(lowest), Math.abs(highest))
  const least = size < nothing ? 1 : leastShare * size
  const missing = Math.max(0, least - (highest - lowest)) / 2
  const [from, to] = [lowest - missing, highest + missing]
  const power = 10 ** Math.floor(Math.log10((to - from) / room))
  for (const factor of [1, 2, 5, 10, 20]) {
    const step = factor * power
    const low = Math.floor(from / step + 1e-9) * step
    const high = Math.ceil(to / step - 1e-9) * step
    if (Math.round((high - low) / step) <= room) return { low, high, step }
  }
  return { low: from, high: to, step: to - from }
}

/** Its ticks, from end to end. */
export const ticksOf = ({ low, high, step }: Span): number[] =>
  Array.from({ length: Math.round((high - low) / step) + 1 }, (_, at) => low + at * step)

/** Digits behind the point with which ticks that are so far apart differ. */
export const digitsFor = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9))

/** Four to seven round places from `low` to `high`; along `steps`, where they count otherwise than in tens. */
export function ticksBetween(low: number, high: number, steps?: readonly number[]): number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const tens = [1, 2, 5, 10].map((factor) => factor * power)
  const step = (steps ?? tens).find((one) => one >= 0.7 * rough) ?? tens[3]
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
}
