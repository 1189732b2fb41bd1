/** English: a device's own screen, and its text. `de-own.ts` has the same shape. */
import { count } from '../format'

const L = 'en'

export const enOwn = {
  own: {
    title: 'This tab',
    name: 'Name',
    rename: 'Change the name',
    save: 'Save',
    text: 'My private text',
    never: 'This text never leaves this tab.',
    rehearses: 'Read public sentences beside it, so that the model keeps what it knew',
    roomRehearses: 'Beside it this tab reads public sentences again, so that the model keeps what it knew.',
    leaves: 'What leaves: the numbers of a LoRA adapter, how many examples it comes from, and losses.',
    leavesMasked:
      'What leaves: the numbers of a LoRA adapter under masks, so that others see only the sum of at least three devices; how many examples it comes from, and losses.',
    none: 'No text yet: choose something to learn from.',
    sample: 'A look inside',
    choose: 'Choose other text',
    facts: 'Given facts',
    factsLead: 'A few made-up facts that only this tab gets.',
    domain: 'A subject',
    domainLead: 'Endless generated text about one thing.',
    paste: 'Paste',
    pasteLabel: 'Text to learn from',
    pasteHint: 'A page or more works best. Empty lines part it into examples.',
    use: 'Use this text',
    files: 'Files',
    filesLabel: 'Text files to learn from',
    filesHint:
      'Drop text (.txt, .md), tables (.csv, .tsv), JSON (.json, .jsonl) or subtitles (.srt, .vtt) here.',
    filesChoose: 'Choose files',
    look: 'What would be learned',
    pasted: 'Pasted text',
    mixed: 'Private facts and stories',
    things: 'Pictures of things, or facts about whose they are',
    learnsFrom: (learned: number, tokens: number | null) =>
      `${learned === 1 ? '1 example' : `${count(learned, L)} examples`} to learn from${tokens === null ? '' : ` (${count(tokens, L)} tokens: words and pieces of words)`}.`,
    keepsBack: (n: number) => {
      if (n === 0) return 'None is kept back to measure on.'
      return n === 1
        ? '1 more is kept back to measure on.'
        : `${count(n, L)} more are kept back to measure on.`
    },
    forms: {
      lines: (n: number) => (n === 1 ? '1 line' : `${count(n, L)} lines`),
      paragraphs: (n: number) => (n === 1 ? '1 paragraph' : `${count(n, L)} paragraphs`),
      columns: (n: number) => (n === 1 ? '1 row' : `${count(n, L)} rows`),
      chat: (n: number) =>
        `${n === 1 ? '1 conversation' : `${count(n, L)} conversations`}, trained on the answers`,
      'prompt-answer': (n: number) =>
        `${n === 1 ? '1 question' : `${count(n, L)} questions`}, trained on the answers`,
      orca: (n: number) =>
        `${n === 1 ? '1 question' : `${count(n, L)} questions`} under a system prompt, trained on the answers`,
    },
    fromColumn: (column: string) => (/\{[^{}]+\}/.test(column) ? `“${column}”` : `column “${column}”`),
    first: (taken: number, all: number) =>
      `The first ${count(taken, L)} of ${count(all, L)}: a tab takes no more.`,
    leftOut: (n: number, why: string) => `${count(n, L)} left out because ${why}.`,
    moreFiles: (n: number) => (n === 1 ? 'One more file.' : `${n} more files.`),
    pieces: 'An example is',
    paragraph: 'a paragraph',
    line: 'a line',
    column: 'Learn from column',
    proposed: 'As proposed',
    sentence: 'A sentence from several columns …',
    sentenceLabel: 'Sentence for each row',
    sentenceHint: 'Names in braces stand for what the column holds.',
    sentenceExample: '{name} lives in {town}.',
    sentenceUse: 'Show with this sentence',
    chosen: (title: string) => `Now learning from: ${title}`,
    training: 'My training',
    localLoss: 'Loss',
    step: (step: number, steps: number) => `Step ${step} of ${steps}`,
    backend: 'Runs on',
    speaksOn: (trains: string, speaks: string) => `Trains on ${trains}, speaks on ${speaks}`,
    compare: (phrase: string) =>
      `Your link does not name the coordinator’s key. Compare: its page should show “${phrase}” beside this tab’s name.`,
    awake: 'Keep this screen on: phones stop training when it goes dark.',
    toAsk: 'Ask the model',
    toKeep: 'Keep the adapter',
    waitStart: 'You are in. The coordinator starts the run.',
    rejected: (why: string) => `The coordinator refused the last update: ${why}`,
  },
  domains: {
    clinic: 'Clinic',
    football: 'Football',
    kitchen: 'Kitchen',
    market: 'Market',
    'space-station': 'Space station',
    weather: 'Weather',
  } as Readonly<Record<string, string>>,
}
