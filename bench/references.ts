/**
 * What the float64 oracle (reference.ts) says of each shape, stored, since it takes minutes for S2 and S3: the loss of the
 * first batch, of a GPT-2 in either dialect, and the token that follows the prompt. They belong to the seed of weights.ts; references.test.ts
 * computes those of the smallest shape again.
 */
import type { ShapeName } from './shapes'

export interface Reference {
  readonly loss: number
  /** Null where nobody has waited for it, or there is no such dialect. */
  readonly nanogpt: number | null
  readonly firstId: number
}

export const references: Readonly<Record<ShapeName, Reference>> = {
  S0: { loss: 6.402096877312713, nanogpt: 6.458847000696587, firstId: 181 },
  C1: { loss: 7.120092157658996, nanogpt: 7.145871156190856, firstId: 11 },
  S1: { loss: 7.9186412484472894, nanogpt: 7.934316287191928, firstId: 413 },
  S2: { loss: 11.73663407602048, nanogpt: null, firstId: 26204 },
  S3: { loss: 13.109051386826804, nanogpt: null, firstId: 39695 },
}
