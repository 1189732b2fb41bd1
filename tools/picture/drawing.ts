/** The house as an SVG: rooms in boxes, floor above floor, with what is in each of them, and arrows to what they know. */
import type { House } from './layout'

/** What is in a room, in a few words; the whole is in docs/architecture.md. */
export type Words = Readonly<Record<string, string>>

const box = { width: 196, height: 52 }
const gap = { x: 34, y: 54 }
const margin = 28

interface Place {
  readonly x: number
  readonly y: number
}

/** @throws where a room has no words: a new one wants some */
export function draw({ floors, arrows }: House, words: Words): string {
  const widest = Math.max(...floors.map((floor) => floor.length))
  const width = 2 * margin + widest * box.width + (widest - 1) * gap.x
  const height = 2 * margin + floors.length * box.height + (floors.length - 1) * gap.y
  const placeOf = new Map<string, Place>()
  for (const [floor, rooms] of floors.entries()) {
    const left = (width - rooms.length * box.width - (rooms.length - 1) * gap.x) / 2
    for (const [at, room] of rooms.entries())
      placeOf.set(room, {
        x: left + at * (box.width + gap.x),
        y: margin + floor * (box.height + gap.y),
      })
  }
  const lines = arrows.map(({ from, to }) => arrow(placeOf.get(from)!, placeOf.get(to)!))
  const boxes = [...placeOf].map(([room, place]) => boxOf(room, place, words))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" role="img" aria-label="The rooms of the house, and which knows which">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z" fill="#5b6b7c"/></marker></defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...lines, ...boxes].join('\n')}
</svg>
`
}

function arrow(from: Place, to: Place): string {
  const [startX, startY] = [from.x + box.width / 2, from.y + box.height]
  const [endX, endY] = [to.x + box.width / 2, to.y - 3]
  const bend = gap.y * 0.8
  return `<path d="M${startX} ${startY}C${startX} ${startY + bend} ${endX} ${endY - bend} ${endX} ${endY}" fill="none" stroke="#5b6b7c" stroke-width="2" marker-end="url(#tip)"/>`
}

function boxOf(room: string, { x, y }: Place, words: Words): string {
  const about = words[room]
  if (about === undefined)
    throw new Error(`There is a new room "${room}": say in tools/picture/picture.ts what is in it.`)
  const middle = x + box.width / 2
  return `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8" fill="#f4f1ea" stroke="#8a7f6a"/>
<text x="${middle}" y="${y + 22}" text-anchor="middle" font-size="15" font-weight="600" fill="#22303c">${room}</text>
<text x="${middle}" y="${y + 39}" text-anchor="middle" font-size="11" fill="#4a5764">${about}</text>`
}
