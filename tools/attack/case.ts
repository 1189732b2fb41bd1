/**
 * What an attack is: a name, a seed, and what it found. A case tries something that a stranger or a member could do, and
 * says in words for an engineer what did not hold. It decides nothing by a stopwatch where the machine's own load could
 * be to blame: time is the processor time of this process, and its bounds are ten times what is needed.
 */

/** `slice` is what `npm test` has time for; `whole` is everything. */
export type Scope = 'slice' | 'whole'

export interface Violation {
  readonly what: string
  /** Where it begins with another seed than the case's own: `--case NAME --seed K` repeats it. */
  readonly seed?: number
}

export interface Findings {
  /** How often something was tried. */
  readonly runs: number
  readonly violations: readonly Violation[]
}

export interface Case {
  readonly name: string
  /** Minutes, or a browser: not part of the slice. */
  readonly isLong: boolean
  /** Whoever takes longer hangs: its process is ended, and that is a violation. */
  readonly limitMs: number
  run(seed: number, scope: Scope, progress: (seed: number) => void): Promise<Findings>
}

interface CaseOptions {
  readonly isLong?: boolean
  readonly limitMs?: number
}

/** A case that tries one thing; `attack` returns what did not hold. */
export const attack = (
  name: string,
  run: (seed: number) => Promise<readonly string[]>,
  { isLong = false, limitMs = 60_000 }: CaseOptions = {},
): Case => ({
  name,
  isLong,
  limitMs,
  run: async (seed) => ({ runs: 1, violations: (await run(seed)).map((what) => ({ what })) }),
})

/** The words of those claims that do not hold. */
export const broken = (claims: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [`does not hold: ${claim}`]))
