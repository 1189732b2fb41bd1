/** What an answer's notes tell in words: which ways of working were chosen and why, and which views contradicted each other. */
import type { Note, Said } from './mode'

type Told<Kind extends Note['kind']> = Omit<Extract<Note, { readonly kind: Kind }>, 'kind' | 'from'> & {
  /** So many tokens had been said. */
  readonly after: number
}

/** Null where that does not apply to a mode. */
export interface Tales {
  readonly ways: readonly Told<'mode'>[] | null
  readonly contradictions: readonly Told<'contradiction'>[] | null
}

/** A note, and how many tokens had been said. */
export type Dated = Note & { readonly after: number }

export function talesOf(mode: string, notes: readonly Dated[]): Tales {
  const ways = notes.flatMap((note) =>
    note.kind === 'mode' ? [{ after: note.after, mode: note.mode, why: note.why }] : [],
  )
  const contradictions = notes.flatMap((note) =>
    note.kind === 'contradiction' ? [{ after: note.after, between: note.between, chosen: note.chosen }] : [],
  )
  return {
    ways: mode === 'auto' ? ways : null,
    contradictions: mode === 'fusion' ? contradictions : null,
  }
}

export function dated(said: readonly Said[]): readonly Dated[] {
  let after = 0
  return said.flatMap((one): readonly Dated[] => {
    if (one.kind === 'token') after++
    return one.kind === 'note' ? [{ ...one.note, after }] : []
  })
}
