/** The question as it stands in the form: it stays while somebody looks at another screen. The mode stands in the address, too. */
import { create } from 'zustand'
import type { ModeName } from '../../node/reasoning/view'
import { useNodeState } from '../node'
import { writeAddress } from './screen'

interface Draft {
  readonly prompt: string
  readonly tokens: number
  readonly temperature: number
  /** Null: what the address says. */
  readonly mode: ModeName | null
  readonly seed: number | null
}

const useStored = create<Draft>(() => ({ prompt: '', tokens: 48, temperature: 0, mode: null, seed: null }))

export type Question = { readonly [Name in keyof Draft]: NonNullable<Draft[Name]> }

export function useDraft(): Question {
  const draft = useStored()
  const mode = useNodeState(({ settings }) => settings.mode)
  const seed = useNodeState(({ settings }) => settings.seed)
  return { ...draft, mode: draft.mode ?? mode ?? 'alone', seed: draft.seed ?? seed }
}

export function revise(change: Partial<Question>): void {
  useStored.setState(change)
  if (change.mode) writeAddress('mode', change.mode)
}
