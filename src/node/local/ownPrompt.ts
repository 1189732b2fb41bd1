/**
 * A question worth asking about a person's own text, for the tab that holds it and for no other: the beginning of one of its
 * examples. It stands in that tab's own picture of its text, which is sent to nobody.
 */
import { type Example, textOfExample } from '../../corpora/example'
import type { SuggestedPrompt } from '../state'

/** What is longer does not fit the field, and nobody would read it to its end. */
const longestPrompt = 200
/** Longer answers are not spoken to their end, so nobody can say whether they are right. */
const longestAnswer = 32
const fewWords = 4
/** Of text that is written without spaces. */
const fewLetters = 12

/**
 * The prompt of the first pair that can be asked, else the first words of a text. Null where all examples are too short to be
 * begun.
 * @param examples what is trained on, not what is kept back
 */
export function ownPrompt(examples: readonly Example[]): SuggestedPrompt | null {
  const pair = examples.find(({ prompt }) => prompt.trim() !== '' && prompt.length <= longestPrompt)
  if (pair) return { prompt: pair.prompt, owner: null, answer: shortAnswer(pair.completion) }
  for (const example of examples) {
    const prompt = firstWords(textOfExample(example))
    if (prompt !== null) return { prompt, owner: null, answer: null }
  }
  return null
}

function shortAnswer(completion: string): string | null {
  const answer = completion.trim()
  return answer.length > 0 && answer.length <= longestAnswer && !answer.includes('\n') ? answer : null
}

/** Not more than half of the text: something must be left to go on with. */
function firstWords(text: string): string | null {
  const [line] = text.trim().split('\n', 1)
  const words = [...line.matchAll(/\S+/g)]
  if (words.length > 1) {
    const last = words[Math.min(fewWords, Math.ceil(words.length / 2)) - 1]
    const prompt = line.slice(0, last.index + last[0].length)
    if (prompt.length <= longestPrompt) return prompt
  }
  const letters = [...line]
  if (letters.length < 2) return null
  return letters
    .slice(0, Math.min(fewLetters, Math.ceil(letters.length / 2)))
    .join('')
    .trimEnd()
}
