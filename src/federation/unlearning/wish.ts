/**
 * What somebody wishes to be forgotten, and what came of it. A device may be forgotten as a whole: it is out, and nothing that
 * was learned from it stays. Or one text of it: the device stays and trains on what it still holds, and what was learned from
 * it before is learned again without that text. What is unlearned is replay.ts' business.
 */
import type { DeviceKey } from '../names'

export interface Wish {
  readonly device: DeviceKey
  /** `text`: the device has put a text away, and holds the others. */
  readonly of: 'everything' | 'text'
}

/** How the past was dealt with. */
export type Unlearned =
  /** The run was gone through again without it. */
  | {
      readonly kind: 'replayed'
      /** Merges that were gone through again. */
      readonly rounds: number
      /** Local steps of each device, and how many training again from the beginning would take. */
      readonly steps: number
      readonly retrainingSteps: number
      readonly tookMs: number
    }
  /** It was in the last merge alone, which was made again without it: the model is, bit for bit, the one that never had it. */
  | { readonly kind: 'subtracted'; readonly tookMs: number }
  /** Nothing of it was ever merged: there was nothing to forget. */
  | { readonly kind: 'never-merged' }
  /** No ledger is kept here, or a part of it is lost: only the future is without it. */
  | { readonly kind: 'not-kept' }
