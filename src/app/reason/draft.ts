/** The question as it stands in the form: it stays while somebody looks at another screen. The mode stands in the address, too. */
import { create } from 'zustand'
import { type Codec, type ModeName, usualRisk } from '../../node/reasoning/modes'
import type { AskOptions } from '../../node/reasoning/view/view'
import { useNodeState } from '../node'
import { writeAddress } from './screen'

interface Draft {
  readonly prompt: string
  readonly tokens: number
  readonly temperature: number
  /** Null: what the address says. */
  readonly mode: ModeName | null
  readonly seed: number | null
  /** Guesses at once; null: as many as pay. */
  readonly draft: number | null
  /** Of 100 tokens kept by a cascade, so many may be others than the whole model's. */
  readonly riskPercent: number
  /** Below this doubt a text is left early; null: as usual. */
  readonly doubt: number | null
  readonly codec: Codec
  /** 3: a cloud judges what an edge has judged. */
  readonly tiers: 2 | 3
}

const useStored = create<Draft>(() => ({
  prompt: '',
  tokens: 48,
  temperature: 0,
  mode: null,
  seed: null,
  draft: null,
  riskPercent: 100 * usualRisk,
  doubt: null,
  codec: 'float32',
  tiers: 2,
}))

export type Question = Draft & { readonly mode: ModeName; readonly seed: number }

export function useDraft(): Question {
  const draft = useStored()
  const mode = useNodeState(({ settings }) => settings.mode)
  const seed = useNodeState(({ settings }) => settings.seed)
  return { ...draft, mode: draft.mode ?? mode ?? 'alone', seed: draft.seed ?? seed }
}

/** What is asked of a question's own mode, and of no other. */
export function extrasOf({ mode, draft, riskPercent, doubt, codec, tiers }: Question): AskOptions {
  switch (mode) {
    case 'speculative':
      return { draft, tiers }
    case 'multi-access':
      return { draft }
    case 'cascade':
      return { risk: riskPercent / 100 }
    case 'early-exit':
      return { doubt }
    case 'split':
      return { codec }
    case 'alone':
    case 'pipeline':
    case 'ensemble':
    case 'mixture':
    case 'fusion':
    case 'auto':
      return {}
  }
}

export function revise(change: Partial<Question>): void {
  useStored.setState(change)
  if (change.mode) writeAddress('mode', change.mode)
}
