/** What the proof will ask, as it stands in the form; the address says it, too. What nobody has said is as usual. */
import { create } from 'zustand'
import type { ProofWish } from '../../node/reasoning/proof/proving'
import { useNodeState } from '../node'
import { writeAddress } from '../reason/screen'

type Draft = { readonly [Name in keyof ProofWish]: ProofWish[Name] | null }

const usual = { tokens: 32, temperature: 0.7 } as const

const useStored = create<Draft>(() => ({ prompt: null, tokens: null, temperature: null, seed: null }))

export function useProofDraft(): ProofWish {
  const draft = useStored()
  const { prompt, tokens, temperature, textSeed, seed } = useNodeState(({ settings }) => settings)
  const everyday = useNodeState(
    ({ suggestedPrompts }) => suggestedPrompts.find(({ owner }) => owner === null)?.prompt ?? '',
  )
  return {
    prompt: draft.prompt ?? prompt ?? everyday,
    tokens: draft.tokens ?? tokens ?? usual.tokens,
    temperature: draft.temperature ?? temperature ?? usual.temperature,
    seed: draft.seed ?? textSeed ?? seed,
  }
}

export function revise(name: 'prompt', value: string): void
export function revise(name: Exclude<keyof ProofWish, 'prompt'>, value: number): void
export function revise(name: keyof ProofWish, value: string | number): void {
  useStored.setState({ [name]: value })
  writeAddress(name === 'seed' ? 'textSeed' : name, String(value))
}
