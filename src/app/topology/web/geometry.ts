/**
 * The shape of the web: devices sit on an ellipse around the coordinator, each at the end of a spoke. Between the spokes
 * hang rings of silk, one for each completed round, sagging towards the middle as in a real orb web.
 */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Web {
  readonly centre: Point
  /** Where each device sits, in the order given. */
  readonly seats: readonly Point[]
  /** Ends of the bare spokes: beyond the frame, as if the web were tied to it. */
  readonly anchors: readonly Point[]
  /** Path of a ring at a share of the radius (0 = centre, 1 = devices). */
  ring(share: number): string
}

/** Bare spokes are added until the web has this many, so that two devices make a web and not a line. */
const fewestSpokes = 7
const sag = 0.9

interface Margin {
  readonly side: number
  readonly top: number
  readonly bottom: number
}

export function weave(devices: number, width: number, height: number, { side, top, bottom }: Margin): Web {
  const half = { x: Math.max(20, width / 2 - side), y: Math.max(20, (height - top - bottom) / 2) }
  const centre = { x: width / 2, y: top + half.y }
  const perDevice = Math.max(1, Math.ceil(fewestSpokes / Math.max(devices, 1)))
  const total = Math.max(devices, 1) * perDevice
  // Four on a cross would hide top and bottom labels under the spokes: turn an even ring by half a seat.
  const offset = devices > 1 && devices % 2 === 0 ? 0.5 / devices : 0
  const turnAt = evenTurns(half.x, half.y)
  const turns = Array.from({ length: total }, (_, index) => turnAt(index / total + offset))
  const seated = turns.filter((_, index) => index % perDevice === 0).slice(0, devices)
  const radius = {
    x: half.x * stretch(seated.map((turn) => Math.sin(2 * Math.PI * turn))),
    y: half.y * stretch(seated.map((turn) => Math.cos(2 * Math.PI * turn))),
  }
  const at = (turn: number, share: number): Point => ({
    x: centre.x + radius.x * share * Math.sin(2 * Math.PI * turn),
    y: centre.y - radius.y * share * Math.cos(2 * Math.PI * turn),
  })
  return {
    centre,
    seats: seated.map((turn) => at(turn, 1)),
    anchors: turns
      .filter((_, index) => index % perDevice !== 0 || devices === 0)
      .map((turn) => at(turn, 1.6)),
    ring(share) {
      const corners = turns.map((turn) => at(turn, share))
      const arcs = corners.map((_, index) => {
        const next = corners[(index + 1) % total]
        const width = index + 1 < total ? turns[index + 1] - turns[index] : 1 + turns[0] - turns[index]
        const middle = at(turns[index] + width / 2, share * sag * Math.cos(Math.PI * width))
        return `Q${short(middle.x)} ${short(middle.y)} ${short(next.x)} ${short(next.y)}`
      })
      return `M${short(corners[0].x)} ${short(corners[0].y)}${arcs.join('')}`
    },
  }
}

const samples = 720

/**
 * Turns, 0 to 1 from the top, at which seats are equally far from each other along an ellipse: in a wide frame equal angles
 * would crowd them to the left and right.
 */
function evenTurns(across: number, up: number): (share: number) => number {
  const passed = [0]
  for (let at = 1; at <= samples; at++) {
    const [from, to] = [at - 1, at].map((step) => (2 * Math.PI * step) / samples)
    const length = Math.hypot(across * (Math.sin(to) - Math.sin(from)), up * (Math.cos(to) - Math.cos(from)))
    passed.push(passed[at - 1] + length)
  }
  return (share) => {
    const wanted = (share % 1) * passed[samples]
    const after = Math.max(
      1,
      passed.findIndex((length) => length >= wanted),
    )
    const within = (wanted - passed[after - 1]) / (passed[after] - passed[after - 1])
    return (after - 1 + within) / samples
  }
}

/** Seats that do not reach the frame's edge in one direction are moved out until they do, within reason. */
const stretch = (reaches: readonly number[]): number =>
  Math.min(1.22, 1 / Math.max(0.5, ...reaches.map(Math.abs)))

/** Where the rings hang when `done` of `of` rounds are complete: at most `most` rings, the first near the middle. */
export function ringShares(done: number, of: number, most: number): number[] {
  const rings = Math.min(of, most)
  const tied = Math.floor((done / Math.max(of, 1)) * rings)
  return Array.from({ length: tied }, (_, index) => 0.2 + 0.66 * ((index + 1) / rings))
}

/** A drop's radius in pixels: its area grows with the logarithm of its bytes, 10 kB to 100 MB. */
export const dropRadius = (bytes: number): number =>
  3.5 + 1.8 * Math.min(4, Math.max(0, Math.log10(Math.max(bytes, 1)) - 4))

const short = (value: number): string => value.toFixed(1)
