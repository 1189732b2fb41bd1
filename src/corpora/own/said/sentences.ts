/**
 * What is said of a person's own text, in English: on the command line as it is, and on the page where it speaks English.
 * A problem's sentences say what happened, why, and what to do now.
 */
import type { CsvFault, Reason, TextProblem } from '../problems'
import type { Note, PastedForm, UnlearnedKind } from '../reading'
import { otherFormats } from './formats'
import { jsonFaults } from './json'

const quoted = (name: string | null): string => (name === null ? 'The text field' : `"${shortened(name)}"`)
const lineOf = (line: number | null, name: string | null): string =>
  line === null ? quoted(name) : `Line ${line} of ${name === null ? 'the text field' : quoted(name)}`
const count = (value: number): string => value.toLocaleString('en')
const counted = (value: number, one: string, many: string): string =>
  `${count(value)} ${value === 1 ? one : many}`
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

const quotedAll = (names: readonly string[]): string =>
  someOf(
    names.map((name) => `“${shortened(name, 40)}”`),
    'more',
  )

/** "{title} {text}": how several columns are asked for; not too many of them. */
export const sentenceOfColumns = (others: readonly string[], column: string): string =>
  [...others.slice(0, 2), column].map((name) => `{${shortened(name)}}`).join(' ')

export function problemSentence(problem: TextProblem): string {
  switch (problem.kind) {
    case 'empty':
      return `${quoted(problem.name)} holds no text to learn from. Paste or drop at least one paragraph.`
    case 'too-many-files':
      return `${problem.files} files at once are too many; up to ${problem.most} are read. Drop fewer, or put them together.`
    case 'unsupported':
      return `${quoted(problem.name)} was not read: ${otherFormats[problem.content]}`
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
      return `${lineOf(problem.line, problem.name)} ${jsonFaults[problem.fault]}`
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

function csvFault(fault: CsvFault): string {
  switch (fault.kind) {
    case 'open-quote':
      return 'a quote is opened there and never closed. Close it, or double it (""), where it belongs to the text.'
    case 'stray-quote':
      return 'a quote stands within a text in quotes. Double it (""), as a spreadsheet does when it exports CSV.'
    case 'cells':
      return (
        `it has ${fault.found} cells where the header has ${fault.wanted}, and most lines are like that. If what stands in the place of the ` +
        'header is a title, remove it; else put text that contains the delimiter between double quotes ("), as a spreadsheet does ' +
        'when it exports CSV.'
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
    case 'all-given':
      return 'all that the assistant says in them is marked as not to be learned (“weight”: 0)'
    case 'only-tools':
      return 'the assistant only calls tools in them, and calls are not learned'
    case 'turned-down':
      return `their answers were turned down (“${shortened(reason.column)}” is false)`
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
    case 'bytes-as-letters':
      return 'Its letters were written as single bytes (“Ã©” for “é”), as Facebook and Instagram export them, and were put together again.'
    case 'title-lines':
      return note.count === 1
        ? 'A line above the header was skipped.'
        : `${note.count} lines above the header were skipped.`
    case 'mended-rows':
      return (
        `In ${counted(note.count, 'row', 'rows')} (first in line ${note.line}) delimiters or quotes stand within a text that is not quoted as CSV asks. ` +
        'They were read as they seem to be meant: look whether that is right.'
      )
    case 'no-header':
      return 'It has no header: the columns are numbered.'
    case 'cards':
      return (
        `Nothing names the columns: each line is taken for a card, whose front asks and whose back answers (${quotedAll(note.first)} first). ` +
        'If the first line is a header, call its columns front and back; to learn one side only, choose its column.'
      )
    case 'doubtful-header':
      return `The first line (${quotedAll(note.first)}) is taken for the names of the columns. If it is an example like the others, put a line above it: front and back, or other names.`
    case 'front-matter':
      return 'The block of settings at the top was skipped.'
    case 'chat-export':
      return 'An exported chat: the times were taken away.'
    case 'subtitles':
      return 'Subtitles: numbers and times were taken away, and pieces joined to sentences.'
    case 'rolling-captions':
      return `Captions that roll: ${counted(note.count, 'line that stood', 'lines that stood')} there again while new ones came up were read once.`
    case 'notebook':
      return note.outputs === 0
        ? 'A notebook: each of its cells is a piece, texts and code.'
        : `A notebook: each of its cells is a piece, texts and code. Not learned: what ${note.outputs === 1 ? 'a cell' : `${count(note.outputs)} cells`} printed or drew.`
    case 'parted':
      return 'Long texts were parted, where a sentence ends if there are any, into pieces of about 1,000 letters.'
    case 'nested-list':
      return `Not learned: the lists in “${shortened(note.column)}” (${counted(note.count, 'entry', 'entries')}).`
    case 'other-text':
      return (
        `Not learned: the text in ${quotedAll(note.others)}. Choose another column, or take several with a sentence, such as ` +
        `${sentenceOfColumns(note.others, note.column)}.`
      )
    case 'beside-list':
      return `A list is read. Not learned: the text beside it in ${quotedAll(note.columns)}.`
    case 'text-beside':
      return (
        `Other columns with much text, not learned with “${shortened(note.column)}”: ${quotedAll(note.others)}. To learn all as one text, take a ` +
        `sentence, such as ${sentenceOfColumns([note.others[0], note.question], note.column)}.`
      )
    case 'turned-down':
      return `Not learned: the answers in ${quotedAll(note.columns)}, which were turned down.`
    case 'picked':
      return (
        `“${shortened(note.column)}” says which choice is right, and the text of that choice is learned (“${shortened(note.sign, 40)}” stands ` +
        `for “${shortened(note.text, 40)}” first).`
      )
    case 'unlearned':
      return unlearned(note.what, note.count)
    case 'other-branches':
      return `Of each tree of replies one branch is read, the best in rank or the first. Not learned: ${counted(note.count, 'message', 'messages')} of the others.`
    case 'instead':
      return `Where “${shortened(note.column)}” is empty, “${shortened(note.instead)}” is read (${counted(note.count, 'row', 'rows')}).`
    case 'printed-by-python':
      return (
        `“${shortened(note.column)}” holds lists as Python prints them, and they are read as they stand. Save the table as JSON lines to have ` +
        'them understood (in pandas: to_json("FILE.jsonl", orient="records", lines=True)).'
      )
    case 'pasted-as':
      return `Read as ${pastedForms[note.form]}.`
    case 'pasted-broken':
      return `It begins like JSON, and is read as plain text. ${problemSentence(note.problem)}`
    case 'refused':
      return problemSentence(note.problem)
    case 'markup':
      return `HTML tags were taken out of ${counted(note.count, 'cell', 'cells')}.`
    case 'sounds':
      return `${counted(note.count, 'mark that stands for a sound was', 'marks that stand for a sound were')} left out.`
    case 'unread':
      return 'Not read: what was read before it is all that a tab takes.'
    case 'first-bytes':
      return `The first ${megabytes(note.read)} of ${megabytes(note.of)} were read.`
  }
}

function unlearned(what: UnlearnedKind, many: number): string {
  switch (what) {
    case 'given':
      return `Given, not learned: ${counted(many, 'answer', 'answers')} of the assistant marked so (“weight”: 0).`
    case 'tools':
      return `Given, not learned: calls of tools and what they gave back (${counted(many, 'turn', 'turns')}).`
    case 'thoughts':
      return `Not read: what the assistant thought before it spoke (${counted(many, 'time', 'times')}).`
    case 'attachments':
      return `Not read: ${counted(many, 'picture or file', 'pictures or files')} in the conversations.`
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
