/**
 * Where rooms stand when imports go downward: each one floor below the lowest that knows it, so that arrows are short and
 * never point up; a room that nobody knows stands right above what it knows. On its floor a room is as near as can be
 * above what it knows. An arrow that follows from two others is left out.
 */
import type { Arrow } from './imports'

export interface House {
  /** The highest first; on each the rooms from left to right. */
  readonly floors: readonly (readonly string[])[]
  /** Those that do not follow from others. */
  readonly arrows: readonly Arrow[]
}

type Neighbours = ReadonlyMap<string, readonly string[]>

/** @throws where rooms know each other in a circle */
export function layOut(arrows: readonly Arrow[]): House {
  const rooms = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].toSorted()
  const knows: Neighbours = new Map(
    rooms.map((room) => [room, arrows.filter(({ from }) => from === room).map(({ to }) => to)]),
  )
  const knownBy: Neighbours = new Map(
    rooms.map((room) => [room, arrows.filter(({ to }) => to === room).map(({ from }) => from)]),
  )
  const floorOf = floorsOf(rooms, knownBy)
  for (const room of rooms.filter((room) => knownBy.get(room)!.length === 0))
    floorOf.set(room, Math.min(...knows.get(room)!.map((known) => floorOf.get(known)!)) - 1)
  const floors: string[][] = []
  for (let floor = Math.max(...floorOf.values()); floor >= 0; floor--) {
    const here = rooms.filter((room) => floorOf.get(room) === floor)
    floors.unshift(here.toSorted((a, b) => middle(knows.get(a)!, floors) - middle(knows.get(b)!, floors)))
  }
  return { floors, arrows: arrows.filter((arrow) => !isImplied(arrow, knows)) }
}

/** 0: the highest. */
function floorsOf(rooms: readonly string[], knownBy: Neighbours): Map<string, number> {
  const floors = new Map<string, number>()
  const visit = (room: string, below: readonly string[]): number => {
    if (below.includes(room))
      throw new Error(`Rooms know each other in a circle: ${[room, ...below].join(' → ')}.`)
    const known = floors.get(room)
    if (known !== undefined) return known
    const floor = Math.max(-1, ...knownBy.get(room)!.map((other) => visit(other, [room, ...below]))) + 1
    floors.set(room, floor)
    return floor
  }
  for (const room of rooms) visit(room, [])
  return floors
}

/** Mean place, from 0 to 1, of these rooms on the floors that stand. */
function middle(rooms: readonly string[], floors: readonly (readonly string[])[]): number {
  const places = floors.flatMap((floor) =>
    floor.flatMap((room, at) => (rooms.includes(room) ? [(at + 0.5) / floor.length] : [])),
  )
  return places.reduce((sum, place) => sum + place, 0) / Math.max(1, places.length)
}

/** Whether another way of two arrows or more leads there as well. */
function isImplied({ from, to }: Arrow, knows: Neighbours): boolean {
  const reaches = (room: string): boolean => room === to || knows.get(room)!.some(reaches)
  return knows.get(from)!.some((next) => next !== to && reaches(next))
}
