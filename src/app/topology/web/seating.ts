/**
 * Where everybody sits in the web, so that no disc and no name lies upon another. Seats come in four forms, from a disc with a name
 * and words below it to a bare disc whose name is shown when somebody points at it; the largest one with which all find room is
 * taken, if need be on several rings, one behind the other.
 */
import type { Point, Web } from './geometry'
import { weave } from './geometry'
import { tieredSeat } from './tiers'

export type FormName = 'full' | 'tight' | 'small' | 'bare'

interface Form {
  readonly name: FormName
  /** Pixels across, as DeviceSeat.module.css draws them. */
  readonly disc: number
  /** The disc and the name below it. */
  readonly width: number
  readonly letterWidth: number
  readonly nameHeight: number
  /** Of each word below the name; 0: none is shown. */
  readonly wordHeight: number
}

const forms = {
  full: { name: 'full', disc: 52, width: 104, letterWidth: 7.6, nameHeight: 17, wordHeight: 16 },
  tight: { name: 'tight', disc: 42, width: 80, letterWidth: 7.6, nameHeight: 16, wordHeight: 15 },
  small: { name: 'small', disc: 30, width: 70, letterWidth: 6.6, nameHeight: 15, wordHeight: 0 },
  bare: { name: 'bare', disc: 24, width: 24, letterWidth: 0, nameHeight: 0, wordHeight: 0 },
} as const satisfies Record<FormName, Form>

/** The outermost ring, and how much nearer to the middle each further one is. */
const nearer = 0.21
const tries: readonly (readonly [FormName, rings: number])[] = [
  ['full', 1],
  ['tight', 1],
  ['tight', 2],
  ['small', 1],
  ['small', 2],
  ['bare', 1],
  ['bare', 2],
  ['bare', 3],
]

export interface Seating {
  readonly form: FormName
  readonly web: Web
  /** In the order given. */
  readonly seats: readonly Point[]
}

export interface Seated {
  readonly isEdge: boolean
  /** In the longest of its name and of all words that may come to stand below it: seats do not move with what somebody does. */
  readonly letters: number
}

export interface Frame {
  readonly width: number
  readonly height: number
  /** Words below a name, as many as the most talkative device has. */
  readonly words: number
  /** Whether somebody sits in the middle. */
  readonly hasMiddle: boolean
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Who finds no room even as a bare disc sits there all the same: a thousand devices overlap. */
export function seat(devices: readonly Seated[], frame: Frame): Seating {
  let last: Seating | null = null
  for (const [name, rings] of tries) {
    const seating = seatAs(forms[name], rings, devices, frame)
    if (isRoomy(seating, devices, frame)) return seating
    last = seating
  }
  return last!
}

function seatAs(form: Form, rings: number, devices: readonly Seated[], frame: Frame): Seating {
  const { above, below, side } = reachOf(form, frame.words, Number.POSITIVE_INFINITY)
  const margin = { side: side + 6, top: above + 6, bottom: below + 6 }
  // Rings are taken in turn, so one place is left free where the last would sit beside the first on the same.
  const count = devices.length
  const places = rings > 1 && count % rings === 1 ? count + 1 : count
  const web = weave(places, frame.width, frame.height, margin)
  const seats = devices.map((device, at) => {
    const outer = tieredSeat(web.seats[at], web.centre, device)
    const share = device.isEdge ? 1 : 1 - nearer * (at % rings)
    return {
      x: web.centre.x + share * (outer.x - web.centre.x),
      y: web.centre.y + share * (outer.y - web.centre.y),
    }
  })
  return { form: form.name, web, seats }
}

function reachOf({ disc, width, letterWidth, nameHeight, wordHeight }: Form, words: number, letters: number) {
  const label = nameHeight > 0 ? Math.min(width, letters * letterWidth + 6) : 0
  return {
    above: disc / 2,
    below: disc / 2 + nameHeight + words * wordHeight,
    side: Math.max(disc, label) / 2,
  }
}

/** What a seat covers, with its words. */
export function boxOf(name: FormName, { x, y }: Point, words: number, letters: number): Box {
  const { above, below, side } = reachOf(forms[name], words, letters)
  return { left: x - side, right: x + side, top: y - above, bottom: y + below }
}

/** The middle keeps its name where the others have lost theirs. */
export const middleForm = (form: FormName): FormName => (form === 'bare' ? 'small' : form)

/** The coordinator is called so in every language that the page speaks. */
const middleLetters = 12

function isRoomy(
  { form, web, seats }: Seating,
  devices: readonly Seated[],
  { words, hasMiddle }: Frame,
): boolean {
  const boxes = seats.map((at, index) => boxOf(form, at, words, devices[index].letters))
  if (hasMiddle) boxes.push(boxOf(middleForm(form), web.centre, 1, middleLetters))
  return boxes.every((box, at) => boxes.slice(at + 1).every((other) => !overlap(box, other)))
}

export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
