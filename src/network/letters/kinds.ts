/**
 * What is understood in a tab, by those who listen there: kinds of letters, and channels of whispers. Whoever listens says so
 * when it enters a room; this room knows no kind by name. Both are looked up as things arrive, so they may grow later.
 */
export interface Understood {
  /**
   * By `type`: how many bytes may be attached to such a letter. Nothing to most, an adapter to a few, and never more than this
   * tab expects of them at the moment.
   */
  readonly letters: ReadonlyMap<string, () => number>
  /** By channel, from 0 to 255. */
  readonly whispers: ReadonlyMap<number, WhisperKind>
}

export interface WhisperKind {
  /** What its bytes are counted as. */
  readonly name: string
  readonly mostBytes: number
}

export const nothingAttached = () => 0
