/**
 * A chat as a messenger exports it (WhatsApp, and others in its manner): every message begins with its time and its writer,
 * and may go on over further lines. The writer and the words are kept, times and notices are not.
 */

export interface ExportedChat {
  /** "Anna: See you tomorrow." */
  readonly messages: readonly string[]
  /** Notices of the messenger, and messages that stand for a picture or a sound. */
  readonly wordless: number
}

/** "[31.12.23, 23:59:01] ", "31.12.23, 23:59 - ", "12/31/23, 11:59 PM - ", "2023-12-31, 23:59 - ". */
const stamp =
  /^[\u200e\u202a]*\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? (?:um )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\.?)?\]?(?: [-–])? /iu
const written = /^([^:\n]{1,60}): ([\s\S]*)$/
const wordless =
  /^\u200e?(?:<[^>]*>|(?:\p{L}+[- ]){0,3}(?:omitted|weggelassen|ausgeschlossen)|(?:this message was|you) deleted.*|(?:du hast )?diese nachricht (?:wurde )?gelöscht\.?|null)$/iu

/** Null where the text is none. */
export function readChatExport(text: string): ExportedChat | null {
  const lines = text.trim().split('\n')
  const starts = lines.filter((line) => stamp.test(line)).length
  if (!stamp.test(lines[0]) || starts < 2 || starts * 4 < lines.length) return null
  const all: string[] = []
  for (const line of lines) {
    const begin = stamp.exec(line)?.[0]
    if (begin !== undefined) all.push(line.slice(begin.length))
    else all[all.length - 1] += `\n${line}`
  }
  const messages = all.flatMap((message) => {
    const [, who, words] = written.exec(message.replace(/\u200e/g, '').trim()) ?? []
    return who && words.trim() !== '' && !wordless.test(words.trim()) ? [`${who}: ${words.trim()}`] : []
  })
  return messages.length === 0 ? null : { messages, wordless: all.length - messages.length }
}
