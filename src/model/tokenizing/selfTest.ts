/**
 * Whether a tokenizer gives texts back, tried when it is opened. One that has a token for every byte promises that whatever
 * it is given it can say again; where it does not (a decoder that does not fit, a split that drops what is between), people's
 * texts would be trained on with holes, so it is refused and the text that shows it is named. Of a tokenizer without such
 * tokens nothing is promised: what it has no token for is found in the text itself.
 */
import { ModelError } from '../config'
import { letterOfByte } from './pieces'

/** Of scripts, numbers, marks and spaces that implementations of tokenizers are known to lose or to cut differently. */
export const awkwardTexts: readonly string[] = [
  'The baker of Riga sings.',
  'two  spaces, three   and trailing  ',
  'lines\nand\r\nmore\n\n\tof them\t\t',
  '½ ② ³ ٣ Ⅷ 12345 3.14 1st',
  '\ufeffa mark\ufeffinside and \ufeff',
  'no\u00a0break\u2028line\u3000wide\u200bzero\u200dwidth',
  'Grüße, naïve café, ﬁ Å',
  '世界你好。日本語 한국어 हिन्दी العربية',
  '👩‍👧‍👦 🎈🏳️‍🌈 𐍈 𝒜',
  "don't I'LL 'tis rock'n'roll ((!!)) ... --",
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '\u0000\u0007 _snake_case camelCase',
]

interface Directions {
  encode(text: string): readonly number[]
  decode(ids: readonly number[]): string
}

/** Throws a `ModelError` that names a text which does not come back. `normalize`: what the file does to all texts. */
export function requireTextsBack(
  { encode, decode }: Directions,
  hasToken: (token: string) => boolean,
  normalize: (text: string) => string,
): void {
  const fallbacks = letterOfByte.map((_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
  if (!letterOfByte.every(hasToken) && !fallbacks.every(hasToken)) return
  for (const text of awkwardTexts) {
    const said = decode(encode(text))
    // Some put a space before a text, and none can tell it from the text's own.
    const wanted = [text, normalize(text)].map(withoutSpaceBefore)
    if (!wanted.includes(withoutSpaceBefore(said)))
      throw new ModelError(
        `tokenizer.json loses text: ${JSON.stringify(text)} comes back as ${JSON.stringify(said.slice(0, 80))}. Choose a model with another tokenizer.`,
      )
  }
}

const withoutSpaceBefore = (text: string): string => text.replace(/^[ ▁]+/, '').replaceAll('▁', ' ')
