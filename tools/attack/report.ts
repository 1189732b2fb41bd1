/** What a family's process tells the one that started it, word by word over the channel between them. */
import type { Findings } from './case'

export type Report =
  | { readonly type: 'begins'; readonly name: string; readonly limitMs: number }
  /** Has come as far as this seed: what hangs afterwards began there. */
  | { readonly type: 'reached'; readonly seed: number }
  | { readonly type: 'ended'; readonly name: string; readonly findings: Findings }
  /** Every case that was asked for has been run. */
  | { readonly type: 'over' }

/** What a family's process is told: its arguments, as JSON. */
export interface Orders {
  readonly family: string
  readonly seed: number
  readonly scope: 'slice' | 'whole'
  /** Only cases whose names hold this. */
  readonly only: string | null
  /** Cases that were done, or fell, before. */
  readonly skip: readonly string[]
}
