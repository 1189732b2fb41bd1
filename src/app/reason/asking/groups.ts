/** The modes as a newcomer meets them: from one tab by itself to one that several strong ones help. */
import type { ModeName } from '../../../node/reasoning/modes'

export type GroupName = 'chosen' | 'itself' | 'together' | 'edge' | 'edges'

export const modeGroups: readonly (readonly [group: GroupName, modes: readonly ModeName[]])[] = [
  ['chosen', ['auto']],
  ['itself', ['alone', 'early-exit']],
  ['together', ['pipeline', 'ensemble', 'mixture', 'fusion']],
  ['edge', ['speculative', 'cascade', 'split']],
  ['edges', ['multi-access']],
]

/** What a tab that holds only a part of the model is in a mode: it guesses, lends its part, or cannot take that way. */
export function partOfWeak(mode: ModeName): 'judged' | 'shared' | 'chosen' | 'unable' {
  switch (mode) {
    case 'speculative':
    case 'cascade':
    case 'multi-access':
      return 'judged'
    case 'pipeline':
    case 'split':
      return 'shared'
    case 'auto':
      return 'chosen'
    case 'alone':
    case 'early-exit':
    case 'ensemble':
    case 'mixture':
    case 'fusion':
      return 'unable'
  }
}
