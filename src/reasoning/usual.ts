/** What a person may leave unsaid of a question. */
import type { Question } from './mode'
import { usualLeastWeight } from './modes/ensemble/attention'
import { usualStages } from './modes/pipeline/crew'

export const usualWish = {
  temperature: 0,
  topK: 0,
  topP: 1,
  stop: [],
  stages: usualStages,
  cut: null,
  codec: 'float32',
  draft: null,
  doubt: null,
  risk: 0.03,
  hedges: true,
  tiers: 2,
  leastWeight: usualLeastWeight,
  weights: null,
  draftAdapter: null,
} as const satisfies Partial<Question>
