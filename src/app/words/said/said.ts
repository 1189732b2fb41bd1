/**
 * What the engine says, in the language of the page. Rooms below the page speak English: their sentences are stored, sent to
 * other tabs and printed on terminals. The page knows them by their shape, as in “All {rounds} rounds are done.”, and says them again
 * with the same values. A sentence that it does not know stays as it is, which loses nothing. A value may itself be something
 * that is known; whole sentences stand only where the shape says `{why}`.
 */
import { clause, sentence } from '../../../lib/sentence'

export type Sentences = readonly (readonly [english: string, other: string])[]

/** Says again, in another language, what the engine said. */
export type Saying = (text: string) => string

const place = /\{(\w+)\}/g

/** More specific shapes are tried first: those with the most text of their own. */
export function sayingIn(sentences: Sentences): Saying {
  const known = sentences
    .map(([english, other]) => ({
      shape: shapeOf(english),
      other,
      length: english.replace(place, '').length,
    }))
    .toSorted((a, b) => b.length - a.length)
  const say: Saying = (text) => {
    for (const { shape, other } of known) {
      const values = shape.exec(text)?.groups
      if (values) return other.replace(place, (_, name: string) => sayPart(values[name]))
      if (shape.test(text)) return other
    }
    return text
  }
  /** A whole sentence that stands as part of another has given its period to it. */
  const sayPart: Saying = (text) => {
    const said = say(text)
    const whole = sentence(text)
    if (said !== text || whole === text) return said
    const saidWhole = say(whole)
    return saidWhole === whole ? text : clause(saidWhole)
  }
  return say
}

const shapeOf = (english: string): RegExp => {
  const pattern = english
    .split(place)
    .map((part, at) =>
      at % 2 === 0
        ? part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
        : `(?<${part}>${part === 'why' ? '.' : '(?:(?![.!?] \\p{Lu}).)'}+?)`,
    )
    .join('')
  return new RegExp(`^${pattern}$`, 'su')
}
