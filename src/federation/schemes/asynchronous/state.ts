/** How asynchronous schemes are set, and what they remember of a run. */
import { z } from 'zod'
import type { DeviceKey } from '../../names'
import type { SchemeStep, StateOf } from '../scheme'
import type { Schedule } from './compass'
import { stalenessNames } from './staleness'

export const asynchronousMethods = ['fedasync', 'fedbuff', 'fedcompass'] as const

const whole = z.number().int().min(0)

export const asynchronousConfig = z
  .object({
    /** FedAsync mixes every update in at once, FedBuff collects K, FedCompass makes the devices of a group arrive together. */
    method: z.enum(asynchronousMethods).default('fedbuff'),
    /** K; null: half of the devices. */
    bufferSize: whole.min(1).nullable().default(null),
    /** alpha of FedAsync. */
    mixing: z.number().min(0).max(1).default(0.6),
    staleness: z.enum(stalenessNames).default('polynomial'),
    /** Updates older than so many versions are dropped; 20, so that a tab ten times slower than five others still counts. */
    mostStale: whole.default(20),
    /** Devices that train at the same time at most; null: all. */
    concurrency: whole.min(1).nullable().default(null),
    /** A buffer that has waited so long is merged as soon as it holds two updates. */
    timeBudgetMs: z.number().min(0).default(60_000),
    /** FedCompass gives a device between so many and so many local steps. */
    leastSteps: whole.default(10),
    mostSteps: whole.default(50),
    /** FedCompass waits so many times the expected arrival for a group. */
    lateness: z.number().min(0).default(1.2),
  })
  .readonly()

export type AsynchronousConfig = z.output<typeof asynchronousConfig>

export interface Buffered {
  readonly device: DeviceKey
  readonly round: number
  readonly version: number
  readonly examples: number
  readonly group: number | null
}

export interface AsynchronousProgress extends Schedule {
  readonly kind: 'asynchronous'
  /** Indices of those without an order. */
  readonly waiting: readonly number[]
  readonly buffer: readonly Buffered[]
  readonly merging: { readonly round: number; readonly updates: readonly Buffered[] } | null
  readonly merges: number
  /** The last merge's. */
  readonly staleness: { readonly mean: number; readonly largest: number } | null
}

export type AsynchronousState = StateOf<AsynchronousProgress, AsynchronousConfig>
export type AsynchronousStep = SchemeStep<AsynchronousProgress, AsynchronousConfig>
