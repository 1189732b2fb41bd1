/**
 * How far a step goes in which round. Late in a run small steps find what large ones only wander about: `cosine` begins with
 * the whole rate and ends with a twentieth of it. Where a run has no rounds to count, every step goes as far.
 * Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983 (without restarts).
 */
import { hasRounds } from '../setting'
import type { Settings } from '../table'

const leastShare = 1 / 20

/** @param round from 1; beyond the last one the rate stays as it is there */
export function learningRateIn(settings: Settings, round: number): number {
  const { lr, lrSchedule, rounds } = settings
  if (lrSchedule === 'constant' || !hasRounds(settings)) return lr
  const progress = Math.min(1, Math.max(0, (round - 1) / Math.max(1, rounds - 1)))
  return lr * (leastShare + (1 - leastShare) * 0.5 * (1 + Math.cos(Math.PI * progress)))
}

/** Beyond it LoRA under Adam diverges on short texts. */
const mostRate = 0.01

/** The rate of steps that go so many times as far as usual, or as far as is safe where that is less; never less than usual. */
export const further = (rate: number, stride: number): number =>
  Math.max(rate, Math.min(stride * rate, mostRate))

/** Of a run from its first round to its last. */
export const learningRatesOf = (settings: Settings): number[] =>
  Array.from({ length: settings.rounds }, (_, at) => learningRateIn(settings, at + 1))
