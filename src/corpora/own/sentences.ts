/**
 * What is said of a person's own text, in English: on the command line as it is, and on the page where it speaks English.
 * A problem's sentences say what happened, why, and what to do now.
 */
import type { CsvFault, JsonFault, Reason, TextProblem, Unsupported } from './problems'
import type { Note, PastedForm } from './reading'

const quoted = (name: string | null): string => (name === null ? 'The text field' : `"${shortened(name)}"`)
const count = (value: number): string => value.toLocaleString('en')
const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1024 / 1024))} MB`

/** Names may be anything: none of them fills the page. */
export const shortened = (name: string, most = 60): string =>
  name.length <= most ? name : `${name.slice(0, most - 1)}…`

const mostNamed = 8

/** Some names, none of them long: they may be anything. `more` is the word for the others. */
export function someOf(names: readonly string[], more: string): string {
  const some = names.slice(0, mostNamed).map((name) => shortened(name, 40))
  return [...some, ...(names.length > some.length ? [`${names.length - some.length} ${more}`] : [])].join(
    ', ',
  )
}

export function problemSentence(problem: TextProblem): string {
  switch (problem.kind) {
    case 'empty':
      return `${quoted(problem.name)} holds no text to learn from. Paste or drop at least one paragraph.`
    case 'too-many-files':
      return `${problem.files} files at once are too many; up to ${problem.most} are read. Drop fewer, or put them together.`
    case 'unsupported':
      return `${quoted(problem.name)} was not read: ${otherContent[problem.content]}`
    case 'binary':
      return (
        `${quoted(problem.name)} is not text although its name says so: it holds binary data. Open it in the program ` +
        'that made it, save it as plain text, and use that file.'
      )
    case 'unknown-encoding':
      return (
        `${quoted(problem.name)} does not tell its encoding, and its letters cannot be told for certain. Save it again ` +
        'with the encoding UTF-8.'
      )
    case 'broken-json':
      return `${problem.line === null ? '' : `Line ${problem.line} of `}${quoted(problem.name)} ${jsonFaults[problem.fault]}`
    case 'broken-csv':
      return `${quoted(problem.name)} is not well-formed CSV at line ${problem.line}: ${csvFault(problem.fault)}`
    case 'too-wide':
      return (
        `${quoted(problem.name)} has ${problem.width === null ? `more than ${count(problem.most)} cells` : `${count(problem.width)} columns`}; ` +
        `tables of up to ${count(problem.most)} are read. Keep the columns that hold text, and try again.`
      )
    case 'no-text-column':
      return (
        `${quoted(problem.name)} has no text to learn from: its columns (${someOf(problem.columns, 'more')}) are empty or hold only numbers, ` +
        'dates, links and the like. Name the column that holds text, or add one that is called "text".'
      )
    case 'no-such-column':
      return `${quoted(problem.name)} has no column "${shortened(problem.wanted)}". Its columns are: ${someOf(problem.columns, 'more')}. Choose one of these.`
    case 'no-columns':
      return `${quoted(problem.name)} is plain text and has no columns. Leave the column out, or use a CSV or JSON file.`
    case 'all-left-out':
      return (
        `${quoted(problem.name)} holds nothing to learn from: all of its rows (${count(problem.rows)}) are left out, most ` +
        `because ${reasonSentence(problem.reason)}. Choose another column, or fill it in.`
      )
    case 'too-slow':
      return (
        `This text could not be read within ${problem.seconds} s and was given up: it is not what its name says, or damaged. ` +
        'Open it in the program that made it, save it as plain text, and try again with a part of it.'
      )
  }
}

const otherContent: Readonly<Record<Unsupported, string>> = {
  document:
    'it is a formatted document. Open it in the program that made it, save it as plain text (.txt), or copy the text and paste it.',
  spreadsheet: 'it is a spreadsheet. Open it and save the sheet as CSV (in Excel: “CSV UTF-8”).',
  'web-page':
    'it is a web page or XML, and more of it is markup than text. Open it in a browser, copy the text, and paste it or save it as .txt.',
  mail: 'it is a mailbox, with addresses and attachments of others in it. Copy the words that you wrote, and paste them or save them as .txt.',
  archive: 'it is an archive. Unpack it and use the text files that are in it.',
  data: 'it is a data file. Export its rows as CSV or as JSON lines (.jsonl).',
  other:
    'text is read from .txt, .md, .csv, .tsv, .json, .jsonl, .srt and .vtt files. If it is plain text, name it .txt; else save it as one of these.',
}

const jsonFaults: Readonly<Record<JsonFault, string>> = {
  'not-json':
    'is not valid JSON. A missing comma or quote, or an end that was cut off, is often the reason; mend it and try again.',
  'not-an-object':
    'is not a JSON object. Every line needs one such as {"text": "..."}; mend or remove the line and try again.',
  'no-rows':
    'holds no list of rows, conversations or texts. A list such as [{"text": "..."}, ...] is read; export it in that form.',
  cut: 'is larger than what is read, and no list that could be read in part. Save it as JSON lines (.jsonl), or use a part of it.',
}

function csvFault(fault: CsvFault): string {
  switch (fault.kind) {
    case 'open-quote':
      return 'a quote is opened there and never closed. Close it, or double it (""), where it belongs to the text.'
    case 'stray-quote':
      return 'a quote stands within a text in quotes. Double it (""), as a spreadsheet does when it exports CSV.'
    case 'cells':
      return (
        `it has ${fault.found} cells where the header has ${fault.wanted}, and so have many lines. Put text that contains the ` +
        'delimiter between double quotes (a spreadsheet does so when it exports CSV).'
      )
  }
}

/** As it stands behind “left out because”. */
export function reasonSentence(reason: Reason): string {
  switch (reason.kind) {
    case 'no-value':
      return `nothing stands in “${shortened(reason.column)}”`
    case 'no-question':
      return `nothing is asked in “${shortened(reason.column)}”`
    case 'no-answer':
      return `nothing is answered in “${shortened(reason.column)}”`
    case 'no-conversation':
      return `no conversation stands in “${shortened(reason.column)}”`
    case 'no-assistant':
      return 'the assistant says nothing in them'
    case 'cells':
      return `they have more cells than the header (first in line ${reason.line}): text with the delimiter in it needs quotes`
    case 'no-words':
      return 'they are notices, were deleted, or stand for pictures and sound'
    case 'beyond':
      return `only the first ${count(reason.most)} are taken`
  }
}

export function noteSentence(note: Note): string {
  switch (note.kind) {
    case 'windows-1252':
      return 'Read as Windows-1252, since it is not UTF-8: look whether the letters are right.'
    case 'title-lines':
      return note.count === 1
        ? 'A line above the header was skipped.'
        : `${note.count} lines above the header were skipped.`
    case 'no-header':
      return 'It has no header: the columns are numbered.'
    case 'front-matter':
      return 'The block of settings at the top was skipped.'
    case 'chat-export':
      return 'An exported chat: the times were taken away.'
    case 'subtitles':
      return 'Subtitles: numbers and times were taken away, and pieces joined to sentences.'
    case 'parted':
      return 'Long texts were parted, where a sentence ends if there are any, into pieces of about 1,000 letters.'
    case 'nested-list':
      return `Not learned: the lists in “${shortened(note.column)}” (${count(note.count)} entries).`
    case 'pasted-as':
      return `Read as ${pastedForms[note.form]}.`
    case 'refused':
      return problemSentence(note.problem)
    case 'markup':
      return `HTML tags were taken out of ${count(note.count)} cells.`
    case 'sounds':
      return `${count(note.count)} marks that stand for a sound were left out.`
    case 'unread':
      return 'Not read: what was read before it is all that a tab takes.'
    case 'first-bytes':
      return `The first ${megabytes(note.read)} of ${megabytes(note.of)} were read.`
  }
}

const pastedForms: Readonly<Record<PastedForm, string>> = {
  json: 'JSON',
  'json-lines': 'JSON lines',
  table: 'a table',
}

/** All of it in one language. */
export const english = { problem: problemSentence, reason: reasonSentence, note: noteSentence }
export type TextSentences = typeof english
