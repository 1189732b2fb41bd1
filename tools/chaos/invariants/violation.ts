/** What must always hold in a room, whatever befalls it; and how a breach is noted. */
export const invariants = [
  'no update is counted twice',
  'versions never go back',
  'a closed round never reopens',
  'nobody outside the cohort counts',
  'who wants to be forgotten is',
  'one version has one hash',
  'all live nodes end with one adapter',
  'a run goes on while a quorum lives',
  'one coordinator in a term',
  'what a majority has seen is never lost',
  'the log leads to the state',
  'what leaves is counted',
  'no account goes beyond its budget',
  'nothing private is told without noise',
  'what was voted down is in no version',
  'nothing throws',
] as const
export type Invariant = (typeof invariants)[number]

export interface Violation {
  readonly invariant: Invariant
  /** What happened, and when. */
  readonly event: string
}

export type Note = (invariant: Invariant, event: string) => void
