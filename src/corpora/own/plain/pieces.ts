/**
 * Running text as pieces. Where blank lines stand between, each paragraph is a piece; where there are none, each line is,
 * unless the lines are those of one paragraph that was wrapped to a width.
 */

/** Line ends of all systems as one. */
export const withPlainLines = (text: string): string => text.replace(/\r\n?/g, '\n')

const filled = (pieces: readonly string[]): string[] =>
  pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')

export const linesOf = (text: string): string[] => filled(text.split('\n'))

export const paragraphsOf = (text: string): string[] => filled(text.split(/\n[^\S\n]*\n\s*/))

/** What a person who dropped this most likely means by an example. */
export function piecesMeant(text: string): 'lines' | 'paragraphs' {
  if (/\n[^\S\n]*\n/.test(text.trim())) return 'paragraphs'
  const lines = linesOf(text)
  return lines.length < 2 || isWrapped(lines) ? 'paragraphs' : 'lines'
}

/** Nobody wraps text to less. */
const narrowestWrap = 40
/** A word that does not fit leaves so much of a line empty. */
const fullestShare = 0.85

/**
 * Most lines are about as long as the longest, and they go on in the middle of a sentence: the next begins with a small letter,
 * and the last did not end. The last line may be short.
 */
function isWrapped(lines: readonly string[]): boolean {
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0)
  const full = lines.slice(0, -1).filter((line) => line.length >= longest * fullestShare)
  if (longest < narrowestWrap || full.length * 2 <= lines.length - 1) return false
  const broken = lines.filter(
    (line, index) => index > 0 && /^\p{Ll}/u.test(line) && !/[.!?…:;"”’)\]]$/.test(lines[index - 1]),
  )
  return broken.length * 4 >= lines.length - 1
}

/** Settings between two lines of dashes, as site generators keep them above a page. */
const frontMatter = /^---[^\S\n]*\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[^\S\n]*(?:\n|$)/

/** The page without its front matter; null where there is none. */
export function withoutFrontMatter(text: string): string | null {
  const block = frontMatter.exec(text)?.[0]
  return block && /^[\w-]+:/m.test(block) ? text.slice(block.length) : null
}
