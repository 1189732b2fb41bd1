/**
 * Where computed values live: an arena of slots, planned before anything runs. A value takes a slot when it is first
 * written and gives it back after its last use, so that a step of any depth needs few slots more than what its backward
 * pass really keeps. Machines make one buffer per slot; the sum of the slots is the step's peak memory.
 *
 * Values of like size follow each other in a transformer, so a greedy plan wastes little: the tightest free slot that
 * fits, else the largest free one, grown, else a new one.
 */
import { type Program, rootOf, sizeOf, type Value } from './program'

export interface ArenaPlan {
  /** Bytes of each slot. */
  readonly slots: readonly number[]
  /** The slot of every computed root value, by its id. */
  readonly slotOf: ReadonlyMap<number, number>
  /** Lines after which a root value is not used any more: root ids by the index of the call. */
  readonly lastUses: readonly (readonly number[])[]
}

const bytesPerNumber = 4

export function planArena({ calls, results }: Program): ArenaPlan {
  const lastUse = new Map<number, number>()
  calls.forEach(({ inputs, outputs }, index) => {
    for (const value of operandsOf(inputs, outputs)) lastUse.set(rootOf(value).root.id, index)
  })
  for (const value of results.values()) lastUse.set(rootOf(value).root.id, calls.length)

  const slots: number[] = []
  const slotOf = new Map<number, number>()
  const free = new Set<number>()
  const lastUses = calls.map(({ inputs, outputs }, index) => {
    for (const value of operandsOf(outputs)) {
      const { root } = rootOf(value)
      if (root.source.kind !== 'computed' || slotOf.has(root.id)) continue
      slotOf.set(root.id, takeSlot(slots, free, bytesPerNumber * sizeOf(root)))
    }
    const roots = new Set(operandsOf(inputs, outputs).map((value) => rootOf(value).root))
    const ended = [...roots].filter(
      ({ id, source }) => source.kind === 'computed' && lastUse.get(id) === index,
    )
    for (const { id } of ended) free.add(slotOf.get(id)!)
    return ended.map(({ id }) => id)
  })
  return { slots, slotOf, lastUses }
}

/** Bytes that a program needs beside the weights: slots, states and inputs. */
export function programBytes(program: Program, { slots }: ArenaPlan): number {
  const named = [...program.states.values(), ...program.inputs.values()]
  return [...slots, ...named.map((value) => bytesPerNumber * sizeOf(value))].reduce(
    (sum, size) => sum + size,
    0,
  )
}

function takeSlot(slots: number[], free: Set<number>, bytes: number): number {
  const bySize = [...free].sort((one, other) => slots[one] - slots[other])
  const slot = bySize.find((candidate) => slots[candidate] >= bytes) ?? bySize.at(-1)
  if (slot === undefined) return slots.push(bytes) - 1
  free.delete(slot)
  slots[slot] = Math.max(slots[slot], bytes)
  return slot
}

const operandsOf = (...records: Readonly<Record<string, Value | null | undefined>>[]): Value[] =>
  records.flatMap((record) => Object.values(record)).filter((value): value is Value => value != null)
