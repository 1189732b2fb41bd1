/**
 * What a proof has come to. Rows are compared id by id with the first one that ran; where two part, the place, both words and the
 * gaps by which they won are told. Nothing that did not run counts as the same. Pure.
 */
import { isTie } from '../../../reasoning/core/tie'
import { isJudged } from '../modes'
import type { Asking, ShownToken } from '../view/view'
import { plans, type RowName, type WhyUnproven } from './rows'

export type RowState =
  | { readonly kind: 'waiting' | 'preparing' | 'running' | 'done' }
  | { readonly kind: 'unproven'; readonly why: WhyUnproven }

export interface Row {
  readonly name: RowName
  readonly state: RowState
  /** Its text as it grows; null before it began. */
  readonly asking: Asking | null
  /** Which tab was closed in mid-sentence, and after how many tokens. */
  readonly closed: { readonly peer: string; readonly after: number } | null
  /** Of the arithmetic of all that took part, each once. */
  readonly fingerprints: readonly string[]
  /** With which its text was made. */
  readonly adapterHash: string | null
}

export interface Proof {
  readonly prompt: string
  readonly tokens: number
  readonly temperature: number
  readonly seed: number
  /** This tab. */
  readonly self: string
  readonly isRunning: boolean
  readonly rows: readonly Row[]
}

/** What stands at the place where two rows part. */
export interface Parting {
  /** What it adds to the text, or its id where that cannot be seen; null: the text was over there. */
  readonly word: string | null
  /** By how much it won; null where nobody says: of a guess that was found right its judge does not. */
  readonly gap: number | null
}

export type Judgement =
  /** The others are compared with it. */
  | { readonly kind: 'first' | 'same' }
  | {
      readonly kind: 'differs'
      /** The first place where they differ, from 0. */
      readonly at: number
      readonly first: Parting
      readonly here: Parting
      readonly roundOtherwise: boolean
      /** A tie between machines that round otherwise: explained, and not the same for all that. */
      readonly isExcused: boolean
    }

export type Verdict =
  /** Not all rows are over, or none has said anything. */
  | { readonly kind: 'open' }
  /** All rows say the same. */
  | { readonly kind: 'proven'; readonly hash: string }
  /** Those that ran do; `same` of `of`. */
  | { readonly kind: 'partly'; readonly same: number; readonly of: number; readonly hash: string }
  | { readonly kind: 'differs'; readonly same: number; readonly of: number; readonly isExcused: boolean }

const idsOf = ({ tokens }: Asking): readonly number[] => tokens.map(({ id }) => id)

/** Whether a text is whole: it has a hash only then. */
export const isWhole = (row: Row): row is Row & { readonly asking: Asking & { readonly hash: string } } =>
  row.asking !== null && row.asking.hash !== null

/** The one with which the others are compared; null while none is done. */
export const firstOf = ({ rows }: Pick<Proof, 'rows'>): Row | null =>
  rows.find((row) => row.state.kind === 'done' && isWhole(row)) ?? null

/** Null: there is nothing to be compared. */
export function judgementOf({ rows, temperature, self }: Proof, row: Row): Judgement | null {
  const first = firstOf({ rows })
  if (row.state.kind !== 'done' || !isWhole(row) || !first || !isWhole(first)) return null
  if (row === first) return { kind: 'first' }
  const [known, ids] = [idsOf(first.asking), idsOf(row.asking)]
  const length = Math.max(known.length, ids.length)
  const at = Array.from({ length }, (_, place) => place).find((place) => known[place] !== ids[place])
  if (at === undefined && first.asking.hash === row.asking.hash) return { kind: 'same' }
  const place = at ?? length
  const [there, here] = [partingOf(first, place, self), partingOf(row, place, self)]
  const roundOtherwise = new Set([...first.fingerprints, ...row.fingerprints]).size > 1
  const isTied = [there, here].every(({ gap }) => gap !== null && isTie(gap, temperature))
  return {
    kind: 'differs',
    at: place,
    first: there,
    here,
    roundOtherwise,
    isExcused: roundOtherwise && isTied,
  }
}

function partingOf({ name, asking }: Row, place: number, self: string): Parting {
  const token = asking?.tokens[place]
  if (!token) return { word: null, gap: null }
  const isGuess = isJudged(plans[name].mode) && token.by[0] === self
  return { word: wordOf(token), gap: isGuess ? null : token.gap }
}

const wordOf = ({ piece, id }: ShownToken): string => piece.trim() || `#${id}`

export function verdictOf(proof: Proof): Verdict {
  const { rows, isRunning } = proof
  const first = firstOf(proof)
  if (isRunning || !first || !isWhole(first)) return { kind: 'open' }
  const judgements = rows.flatMap((row) => judgementOf(proof, row) ?? [])
  const differing = judgements.filter((one) => one.kind === 'differs')
  const same = judgements.length - differing.length
  const counts = { same, of: rows.length }
  const { hash } = first.asking
  if (differing.length > 0)
    return { kind: 'differs', ...counts, isExcused: differing.every(({ isExcused }) => isExcused) }
  return same === rows.length ? { kind: 'proven', hash } : { kind: 'partly', ...counts, hash }
}
