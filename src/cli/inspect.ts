/** `inspect`: how a text file is read, without training on it. One line of JSON; a refusal is exit code 2 and a sentence. */
import { z } from 'zod'
import { beginningOf, type Example, turnsOfExample } from '../corpora/example'
import { english } from '../corpora/own/said/sentences'
import { parseFlags, text } from './flags'
import { printLine } from './output'
import { inspectFile, tell } from './textFiles'

const flags = z.object({ text, column: text.optional() })

export const usage = 'inspect --text FILE [--column NAME]'

const previewed = 3
const previewedLetters = 400

export async function inspect(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const { form, column, columns, examples, leftOut, notes } = await inspectFile(wish.text, wish)
  tell(notes, [])
  printLine({
    form,
    column,
    columns,
    examples: examples.length,
    leftOut: leftOut.map(({ count, reason }) => ({ count, why: english.reason(reason) })),
    preview: examples.slice(0, previewed).map(previewOf),
  })
}

/** What is given and what is learned; of a conversation all its turns. */
function previewOf(example: Example): { prompt: string; answer: string } {
  const turns = turnsOfExample(example)
  const joined = (parts: readonly string[]) =>
    beginningOf(
      parts
        .map((part) => part.trim())
        .filter(Boolean)
        .join('\n\n'),
      previewedLetters,
    )
  return {
    prompt: joined(turns.map(({ prompt }) => prompt)),
    answer: joined(turns.map(({ completion }) => completion)),
  }
}
