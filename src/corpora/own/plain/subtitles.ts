/** Subtitles (.srt, .vtt): numbers, times and tags are taken away, and what was cut for the screen is joined to sentences. */

const time = /^\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->/
const isEnd = /[.!?…♪]["'”’)\]]*$/
/** A voice that never ends its sentences is cut all the same. */
const mostCues = 12

export function sentencesOfSubtitles(text: string): string[] {
  const sentences: string[] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) sentences.push(open.join(' '))
    open = []
  }
  for (const cue of text.split(/\n[^\S\n]*\n\s*/)) {
    const lines = cue.split('\n')
    const at = lines.findIndex((line) => time.test(line))
    if (at < 0) continue
    const words = lines.slice(at + 1).map((line) => line.replace(/<[^>]*>|\{\\[^}]*\}/g, '').trim())
    const said = words.filter(Boolean).join(' ')
    if (said !== '') open.push(said)
    if (isEnd.test(said) || open.length >= mostCues) close()
  }
  close()
  return sentences
}
