/** What a row is called, why it did not run, and how it came out, in the language of the page. */
import { mostSpread, type RowName, spreadOf, type WhyUnproven } from '../../node/reasoning/proof/rows'
import type { Judgement, Proof, Row } from '../../node/reasoning/proof/verdict'
import { useNodeState } from '../node'
import type { People } from '../reason/people'
import { useWords } from '../words/words'

export interface Named {
  readonly title: string
  readonly lead: string
}

/** So many layers the model has; null while nobody knows. */
const useLayers = (): number | null => useNodeState(({ reasoning }) => reasoning.holds?.of ?? null)

/** Of a split, how many tabs it takes is said as it was, or else as it will be. */
export function useRowName(): (name: RowName, row: Row | null, self: string) => Named {
  const { proof: words } = useWords()
  const layers = useLayers()
  const most = mostSpread(layers ?? Number.POSITIVE_INFINITY)
  return (name, row, self) => {
    if (name !== 'split') return { title: words[name], lead: words[`${name}Lead`] }
    const spread = row?.asking && row.asking.stages.length > 0 ? spreadOf(row.asking, self) : most
    const few = layers !== null && layers < mostSpread(Number.POSITIVE_INFINITY)
    const lead = few ? `${words.splitLead} ${words.fewLayers(layers)}` : words.splitLead
    return { title: words.split(spread), lead }
  }
}

export function useWhy(people: People): (why: WhyUnproven) => string {
  const words = useWords()
  const { proof } = words
  return (why) => {
    switch (why.kind) {
      case 'lacking':
      case 'broke':
        return words.said(why.why)
      case 'tabs':
      case 'judges':
        return proof[why.kind](why.needed, why.there)
      case 'short':
        return proof.short(why.tokens)
      case 'stays':
      case 'unmissed':
        return proof[why.kind](people.of(why.peer).name)
      case 'unspread':
      case 'learned':
      case 'stopped':
      case 'coordinator-only':
      case 'nobody':
        return proof.why[why.kind]
    }
  }
}

/** How a row looks and is said to stand. */
export type Look = 'waiting' | 'preparing' | 'running' | 'first' | 'same' | 'differs' | 'excused' | 'unproven'

export function lookOf(row: Row | null, judgement: Judgement | null): Look {
  if (judgement) return judgement.kind === 'differs' && judgement.isExcused ? 'excused' : judgement.kind
  if (!row) return 'waiting'
  return row.state.kind === 'done' ? 'running' : row.state.kind
}

export function useLookName(): (look: Look) => string {
  const { proof } = useWords()
  return (look) => (look === 'running' ? proof.beingMade : proof[look])
}

/** The number of a row, from 1. */
export const numberOf = ({ rows }: Pick<Proof, 'rows'>, name: RowName): number =>
  1 + rows.findIndex((row) => row.name === name)
