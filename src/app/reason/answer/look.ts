/** How what several tabs have said looks: the names of all of them, and their colours beside each other. */
import { together } from '../../format'
import type { People } from '../people'

export interface Look {
  readonly name: string
  /** Of the text. */
  readonly ink: string
  /** A background image: one colour, or those of several next to each other. */
  readonly swatch: string
  /** The same as it lies under a word: one speaker’s is faint, since the word itself has its colour. */
  readonly line: string
  readonly tabs: number
}

/** @param by peer ids; nobody: a tab that is gone */
export function lookOf(by: readonly string[], people: People, language: string): Look {
  const all = by.length === 0 ? [people.of('')] : by.map((peer) => people.of(peer))
  const [first] = all
  const parts = all.map(
    ({ colour }, at) => `${colour} ${(100 * at) / all.length}% ${(100 * (at + 1)) / all.length}%`,
  )
  const swatch = `linear-gradient(90deg, ${parts.join(', ')})`
  const faint = `color-mix(in oklab, ${first.ink} 32%, transparent)`
  return {
    name: together(
      all.map(({ name }) => name),
      language,
    ),
    ink: all.length === 1 ? first.ink : 'var(--ink)',
    swatch,
    line: all.length === 1 ? `linear-gradient(${faint}, ${faint})` : swatch,
    tabs: all.length,
  }
}
