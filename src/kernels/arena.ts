/**
 * Where computed values live: an arena of slots, planned before anything runs. Two values may share a slot if one is not
 * used any more when the other is first written, so that a step of any depth needs little more than what its backward pass
 * really keeps. Machines make one buffer per slot; the sum of the slots is the step's peak memory.
 *
 * Large values choose first: each takes the tightest slot that is free during its life, or a new one of its own size. So
 * no small value ever sits in a slot that a large one needs at the same time. What a machine needs beside the values while
 * one line runs (the partial sums of a GPU) takes its place among them.
 * Source: Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, arXiv 2001.03288 (greedy by size).
 */
import { type Program, rootOf, sizeOf, type Value } from './program'

export interface ArenaPlan {
  /** Bytes of each slot. */
  readonly slots: readonly number[]
  /** The slot of every computed root value, by its id. */
  readonly slotOf: ReadonlyMap<number, number>
  /** The slot of a line's own room, by the index of the call. */
  readonly ownSlotOf: ReadonlyMap<number, number>
  /** Lines after which a root value is not used any more: root ids by the index of the call. */
  readonly lastUses: readonly (readonly number[])[]
}

/** From the line that first writes a value to the last that uses it, both included. */
interface Life {
  /** A root value's id; null for a line's own room. */
  readonly id: number | null
  readonly bytes: number
  readonly first: number
  last: number
}

const bytesPerNumber = 4

/** `ownBytes`: room that a line needs for itself, by the index of the call; 0 for most. */
export function planArena(program: Program, ownBytes: readonly number[] = []): ArenaPlan {
  const rooms = ownBytes.map((bytes, line): Life => ({ id: null, bytes, first: line, last: line }))
  const lives = [...livesOf(program), ...rooms.filter(({ bytes }) => bytes > 0)]
  const slots: { readonly bytes: number; readonly tenants: Life[] }[] = []
  const slotOf = new Map<number, number>()
  const ownSlotOf = new Map<number, number>()
  for (const life of lives.toSorted((one, other) => other.bytes - one.bytes || one.first - other.first)) {
    const isFree = ({ tenants }: (typeof slots)[number]): boolean =>
      tenants.every(({ first, last }) => last < life.first || life.last < first)
    const place = slots.findLastIndex(isFree) // sizes fall, so the last that is free is the tightest
    if (place === -1) slots.push({ bytes: life.bytes, tenants: [life] })
    else slots[place].tenants.push(life)
    const slot = place === -1 ? slots.length - 1 : place
    if (life.id === null) ownSlotOf.set(life.first, slot)
    else slotOf.set(life.id, slot)
  }

  const lastUses: number[][] = program.calls.map(() => [])
  for (const { id, last } of lives) if (id !== null) lastUses[last]?.push(id)
  return { slots: slots.map(({ bytes }) => bytes), slotOf, ownSlotOf, lastUses }
}

/** The lives of all computed root values. Results live on behind the last line. */
function livesOf({ calls, results }: Program): Life[] {
  const lives = new Map<number, Life>()
  const use = (value: Value, line: number): void => {
    const { root } = rootOf(value)
    if (root.source.kind !== 'computed') return
    const life = lives.get(root.id)
    if (life) life.last = line
    else lives.set(root.id, { id: root.id, bytes: bytesPerNumber * sizeOf(root), first: line, last: line })
  }
  calls.forEach(({ inputs, outputs }, line) => {
    for (const value of operandsOf(inputs, outputs)) use(value, line)
  })
  for (const value of results.values()) use(value, calls.length)
  return [...lives.values()]
}

/** Bytes that a program needs beside the weights: slots, states and inputs. */
export function programBytes(program: Program, { slots }: ArenaPlan): number {
  const named = [...program.states.values(), ...program.inputs.values()]
  return [...slots, ...named.map((value) => bytesPerNumber * sizeOf(value))].reduce(
    (sum, size) => sum + size,
    0,
  )
}

const operandsOf = (...records: Readonly<Record<string, Value | null | undefined>>[]): Value[] =>
  records.flatMap((record) => Object.values(record)).filter((value): value is Value => value != null)
