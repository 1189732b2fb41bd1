/** Why a tab works as it does, in one sentence: for the page, which says it in its own language, and for the command line. */
import type { Estimate, Strain } from './choose'

/** What made a tab look anew. */
export type Occasion =
  | 'begins'
  /** Somebody came, went or broke off; or the way before broke off. */
  | 'came'
  | 'left'
  | 'failed'
  /** Tokens took another time than was foreseen. */
  | 'measured'
  /** The tab was hidden, or its battery ran down; or that is over. */
  | 'strained'
  | 'eased'

export interface Choice {
  readonly chosen: Estimate
  /** What else there was. */
  readonly found: readonly Estimate[]
  readonly occasion: Occasion
  readonly strain: Strain | null
  /** This tab may hold so many of the model's layers. */
  readonly holds: { readonly layers: number; readonly of: number }
}

export function whyIn({ chosen, found, occasion, strain, holds }: Choice): string {
  const others = found.filter(({ mode }) => mode !== chosen.mode)
  const since = sinceOf[occasion]
  if (holds.layers < holds.of)
    return `${since}This tab may hold ${holds.layers} of the model’s ${holds.of} layers, so others do what it cannot.`
  if (others.length === 0) return `${since}Nobody who could help has answered, so this tab works alone.`
  if (strain && chosen.mode !== 'alone') return `${since}${sparing[strain]}`
  const next = Math.min(...others.map(({ millisecondsPerToken }) => millisecondsPerToken))
  const [own, other] = [inWords(chosen.millisecondsPerToken), inWords(next)]
  return chosen.mode === 'alone'
    ? `${since}By itself this tab takes about ${own} ms a token, with others at least ${other} ms.`
    : `${since}So a token takes about ${own} ms, in any other way at least ${other} ms.`
}

/** A clause, so that all of it is one sentence. */
const sinceOf: Readonly<Record<Occasion, string>> = {
  begins: '',
  came: 'Somebody has come: ',
  left: 'Somebody is gone: ',
  failed: 'The way before broke off: ',
  measured: 'Tokens took longer than was foreseen: ',
  strained: '',
  eased: 'This tab may compute again: ',
}

const sparing: Readonly<Record<Strain, string>> = {
  battery: 'This tab’s battery is nearly empty, so others compute what they can.',
  hidden: 'This tab is hidden, which its browser slows down, so others compute what they can.',
}

const inWords = (milliseconds: number): number => Math.max(1, Math.round(milliseconds))
