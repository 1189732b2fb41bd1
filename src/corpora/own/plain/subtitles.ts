/**
 * Subtitles (.srt, .vtt): numbers, times and tags are taken away, and what was cut for the screen is joined to sentences. Lines
 * that a screen shows again while new ones come up below, as captions made from speech do, are read once.
 */

const time = /^\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->/
const isEnd = /[.!?…♪]["'”’)\]]*$/
/** A voice that never ends its sentences is cut all the same. */
const mostCues = 12
/** Of all steps from cue to cue so many show again what was there: else somebody says the same words twice. */
const leastRolling = 0.5
/** One may do so by chance. */
const fewestRolling = 2
/** And of these so many bring something new. */
const leastMoving = 0.25

export interface Subtitles {
  readonly sentences: readonly string[]
  /** How many lines came again and were read once. */
  readonly repeated: number
}

export function readSubtitles(text: string): Subtitles {
  const cues = cuesOf(text)
  const { shown, repeated } = unrolled(cues)
  const sentences: string[] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) sentences.push(open.join(' '))
    open = []
  }
  for (const lines of shown) {
    const said = lines.join(' ')
    if (said !== '') open.push(said)
    if (isEnd.test(said) || open.length >= mostCues) close()
  }
  close()
  return { sentences, repeated }
}

/** The lines of each cue. Blank lines do not end one, since captions hold some; what stands before a time is its name. */
function cuesOf(text: string): readonly (readonly string[])[] {
  const cues: string[][] = []
  let isNote = true
  let wasBlank = true
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const isName = (wasBlank || /^\d+$/.test(line.trim())) && time.test(lines[index + 1] ?? '')
    if (time.test(line)) {
      cues.push([])
      isNote = false
    } else if (wasBlank && /^(?:NOTE|STYLE|REGION)\b/.test(line)) isNote = true
    wasBlank = line.trim() === ''
    const said = line.replace(/<[^>]*>|\{\\[^}]*\}/g, '').trim()
    if (said !== '' && !isNote && !isName && !time.test(line)) cues.at(-1)!.push(said)
  }
  return cues
}

/** Each cue without the lines that stood on the screen before it, where the captions roll. */
function unrolled(cues: readonly (readonly string[])[]): { shown: string[][]; repeated: number } {
  const steps = cues.map((cue, index) =>
    index === 0 ? { again: 0, grown: 0 } : stepTo(cue, cues[index - 1]),
  )
  const rolling = steps.filter(({ again, grown }) => again + grown > 0).length
  // What comes again without anything new is somebody who says it again.
  const moving = steps.filter(
    ({ again, grown }, index) => grown > 0 || (again > 0 && again < cues[index].length),
  )
  if (
    rolling < fewestRolling ||
    rolling < leastRolling * (cues.length - 1) ||
    moving.length < leastMoving * rolling
  )
    return { shown: cues.map((cue) => [...cue]), repeated: 0 }
  const shown = cues.map((cue, index) => {
    const { again, grown } = steps[index]
    const fresh = cue.slice(again)
    return grown === 0 ? fresh : [fresh[0].slice(grown).trim(), ...fresh.slice(1)]
  })
  return { shown, repeated: steps.reduce((sum, { again, grown }) => sum + again + (grown > 0 ? 1 : 0), 0) }
}

/** How many lines of a cue stood at the end of the one before; of the line that follows, how many letters did: it has grown by words. */
function stepTo(cue: readonly string[], before: readonly string[]): { again: number; grown: number } {
  for (let again = Math.min(cue.length, before.length); again > 0; again--)
    if (before.slice(-again).every((line, index) => line === cue[index])) return { again, grown: 0 }
  const last = before.at(-1)
  const at = last === undefined ? -1 : cue.findIndex((line) => line.startsWith(`${last} `))
  const isSame =
    at >= 0 && cue.slice(0, at).every((line, index) => line === before[before.length - 1 - at + index])
  return isSame && last !== undefined ? { again: at, grown: last.length } : { again: 0, grown: 0 }
}
