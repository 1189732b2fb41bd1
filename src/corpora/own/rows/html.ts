/** The words of a cell that is written in HTML, as an exported web page or flash card is. */

/** Nothing is said in these. */
const unsaid = /<(script|style)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi
const breaks = /<br\b[^<>]*>|<\/(?:p|div|li|tr|h[1-6]|blockquote)\s*>/gi
const anyTag = /<\/?[a-z][^<>]*>|<!--[\s\S]*?-->/gi

/** Tags with which text is laid out: of a column that is full of them it is known that it is HTML. */
export const layoutTag =
  /<\/?(?:a|abbr|b|blockquote|br|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|q|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>/i

/** Those that text in Europe is written with; others stay as they are. */
const entities: ReadonlyMap<string, string> = new Map(
  (
    'amp& lt< gt> quot" apos\' auml ä ouml ö uuml ü Auml Ä Ouml Ö Uuml Ü szlig ß eacute é egrave è agrave à ' +
    'ecirc ê ccedil ç ntilde ñ hellip … ndash – mdash — lsquo ‘ rsquo ’ ldquo “ rdquo ” bdquo „ laquo « raquo » euro € ' +
    'copy © deg °'
  )
    .match(/[A-Za-z]+ ?[^A-Za-z ]/g)!
    .map((written) => [written.slice(0, -1).trim(), written.slice(-1)] as const),
).set('nbsp', ' ')

/** Without tags, with the letters that entities stand for; lines end where blocks did. */
export function wordsOfHtml(html: string): string {
  return html
    .replace(unsaid, '')
    .replace(breaks, '\n')
    .replace(anyTag, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (written, decimal, hexadecimal, name) => {
      if (name !== undefined) return entities.get(name) ?? written
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written
    })
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim()
}
