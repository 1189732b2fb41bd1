/**
 * What columns are called, and what that says of them: which hold long text, which a heading, and which are one of these in a
 * certain way of writing (`answer_html`, `question.text`, `promptBody`).
 */
import type { Table } from '../reading'

const words = (all: string): ReadonlySet<string> => new Set(all.split(/\s+/).filter(Boolean))

/** Long text stands in these. */
const bodies = words(`
  text selftext full_text body content contents article post story essay document page passage paragraph paragraphs transcript
  transcription lyrics poem recipe directions instructions review reviews comment comments reply message msg tweet status
  caption description desc abstract summary synopsis plot overview bio biography details note notes remark remarks feedback
  reason response utterance sentence sentences speech dialogue dialog script chapter verse quote quotes letter entry diary log
  beschreibung kommentar nachricht inhalt artikel beitrag bewertung rezension zusammenfassung bemerkung bemerkungen notiz
  notizen satz zitat kapitel geschichte rezept zubereitung brief eintrag tagebuch anmerkung rückmeldung`)

/** Above text, and hardly what is meant to be learned where there is any. */
const headings = words(`
  title headline heading subject name topic url link permalink author user username path file filename titel überschrift betreff
  thema autor`)

/** Other usual names: whoever finds one in a first line has found a header. */
const others = words(`
  id uuid key label labels tag tags category class type kind date time datetime timestamp created updated score rating stars
  value count number language lang source target channel deck translation meaning word english german french spanish italian
  datum uhrzeit zeit nummer art kategorie schlagwort sprache quelle ziel wort bedeutung übersetzung deutsch englisch
  französisch spanisch italienisch latein`)

/** In which way a column is written, behind its name. */
const writing =
  /^(.+?)[ _.:-]?\(?(?:html|text|txt|body|content|markdown|md|plain|raw|clean(?:ed)?|string|stem)\)?$/

/** The name of a key without its way of writing; itself where it tells none. */
export const nameWithin = (key: string): string => writing.exec(key)?.[1].replace(/[ _.:-]+$/, '') ?? key

/** Of objects in objects the last name counts: "properties.description". */
const lastOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1)

const isOneOf = (names: ReadonlySet<string>, key: string): boolean =>
  [key, lastOf(key), nameWithin(key), nameWithin(lastOf(key))].some((name) => names.has(name))

const mostWords = 4

/** What a name of several words speaks of comes last: `product_title`, "First message". Itself where it is a sentence. */
function lastWord(key: string): string {
  const said = nameWithin(lastOf(key))
    .split(/[ _-]+/)
    .filter(Boolean)
  return said.length > mostWords ? key : (said.at(-1) ?? key)
}

/** Names of several words that stand together, of which the last is that of a heading: `productTitle`. */
const headingWithin = /(?:title|headline|heading|subject|titel|überschrift|betreff)$/

export const isBodyName = (key: string): boolean => isOneOf(bodies, key) || isOneOf(bodies, lastWord(key))

export const isHeadingName = (key: string): boolean =>
  !isBodyName(key) && (isOneOf(headings, key) || isOneOf(headings, lastWord(key)) || headingWithin.test(key))

/** Whether a cell of a first line, as a key, is rather a name than an example. */
export const isUsualName = (key: string): boolean =>
  [bodies, headings, others].some((names) => isOneOf(names, key)) || /^[a-z]+(?:_[a-z0-9]+)+$/.test(key)

/** The keys of columns by their names without the way of writing, "best answer" as best_answer; of several the first. */
export const keysByName = (columns: Table['columns']): ReadonlyMap<string, string> =>
  new Map([...columns.keys()].reverse().map((key) => [nameWithin(key).replace(/[ -]+/g, '_'), key]))
