/**
 * Texts that are too long for one example, in parts: a book on one line would else be one example, of which a tab trains on the
 * beginning only. They are parted where a sentence ends, else at a space, else (writing without spaces) after so many letters.
 */

/** Longer texts are parted. */
const longestWhole = 2000
const partLetters = 1000
/** What remains is not parted into less than this. */
const leastPart = 300

/** Behind a sentence: a full stop and a space, or the stop of a writing without spaces; closing quotes belong to it. */
const sentenceEnd = /(?:[.!?…]+["”’»)\]]*(?=\s)|[。！？]+[」』”）]*)/gu

/** All of the text but the white space between parts, in their order; one part where the text is short enough. */
export function partsOf(text: string): string[] {
  if (text.length <= longestWhole) return [text]
  const parts: string[] = []
  let at = 0
  while (text.length - at > partLetters + leastPart) {
    const end = at + endOfPart(text.slice(at, at + partLetters + 1))
    parts.push(text.slice(at, end).trim())
    at = end
  }
  parts.push(text.slice(at).trim())
  return parts.filter((part) => part !== '')
}

/** Where the part ends that begins this window: behind its last sentence, word or letter. */
function endOfPart(window: string): number {
  const sentence = [...window.matchAll(sentenceEnd)].at(-1)
  const behindSentence = sentence ? sentence.index + sentence[0].length : 0
  if (behindSentence >= leastPart) return Math.min(behindSentence, partLetters)
  const behindWord = /^[\s\S]*\s/u.exec(window)?.[0].length ?? 0
  if (behindWord >= leastPart) return Math.min(behindWord, partLetters)
  return /[\ud800-\udbff]/.test(window[partLetters - 1]) ? partLetters - 1 : partLetters
}
