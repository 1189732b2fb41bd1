/** The base models that ship: their shape and how long they train. What they read: src/corpora/pretraining.ts. */
import type { BaseName } from '../../src/corpora/pretraining'

export interface ModelPlan {
  readonly purpose: string
  readonly vocabularySize: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly contextLength: number
  readonly batch: number
  readonly steps: number
  readonly warmup: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Whether documents of one row see nothing of each other: two pictures in sight would be mistaken for one. */
  readonly apart: boolean
  /** Layers after which the model is taught to speak as it does after the last, so that they can draft for it. */
  readonly exits: readonly number[]
  /** Of an exit's distance from the whole model, beside its own loss. */
  readonly exitWeight: number
}

export const plans = {
  toy: {
    purpose: 'The smallest model that still learns something: for tests, the Lab and a first look.',
    vocabularySize: 1280,
    width: 64,
    layers: 2,
    heads: 4,
    contextLength: 128,
    batch: 16,
    steps: 4000,
    warmup: 100,
    learningRate: 3e-3,
    weightDecay: 0.01,
    apart: false,
    exits: [],
    exitWeight: 0,
  },
  seedling: {
    purpose: 'The default base: small enough for a phone, fluent in the story world before any fine-tuning.',
    vocabularySize: 2048,
    width: 160,
    layers: 6,
    heads: 5,
    contextLength: 256,
    batch: 8,
    steps: 3000,
    warmup: 100,
    learningRate: 2e-3,
    weightDecay: 0.05,
    apart: false,
    exits: [2, 3, 4],
    exitWeight: 0.3,
  },
  lens: {
    purpose: 'The base that sees: small pictures and text in one vocabulary of tokens.',
    vocabularySize: 2048,
    width: 160,
    layers: 6,
    heads: 5,
    contextLength: 256,
    batch: 8,
    steps: 3000,
    warmup: 100,
    learningRate: 2e-3,
    weightDecay: 0.05,
    apart: true,
    exits: [2, 3, 4],
    exitWeight: 0.3,
  },
} as const satisfies Record<BaseName, ModelPlan>
