/** Plain text and Markdown: every paragraph, set off by blank lines, is an example of its own. */
import type { Example } from '../example'

export function examplesOfText(text: string): Example[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((completion) => ({ prompt: '', completion }))
}
