/**
 * Whether stages compute what they should. Now and then one of them is chosen, and another tab is given the same rows: what it
 * gives must be what the stage gave, bit for bit where both have the same arithmetic. Where it is not, a third look decides who
 * of the two is wrong; whoever that is is named and left out, and what followed from its rows is said again. A stage that lies
 * once in a while is found once in a while; one that always lies, within `lookEvery` tokens of each stage.
 */
import { type Line, Unanswered } from '../../line'
import type { Note, Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import type { Course } from './course'
import type { Crew } from './crew'
import { holdersOf, isLoss, openStation, rowsAtOnce, type Station } from './stations'

/** Tokens between two looks. */
export const lookEvery = 32
/** Between machines that round otherwise, of the size of a number. */
const tolerance = 1e-3

export interface Finding {
  readonly notes: readonly Note[]
  /** From this row on what the stages gave was wrong; absent where nothing was. */
  readonly from?: number
}

export interface Inspection {
  /** Null where it was nobody's turn, or nobody was there to compare with. */
  look(course: Course, signal: AbortSignal): Promise<Finding | null>
}

export function openInspection(
  ports: Ports,
  line: Line,
  crew: Crew,
  { adapter, codec }: Pick<Question, 'adapter' | 'codec'>,
): Inspection {
  const { links, self } = ports
  let tokens = 0
  let turn = 0

  /** The first row in which somebody's results differ from what a stage gave; null where none does. */
  async function differs(
    by: NodeId,
    course: Course,
    index: number,
    signal: AbortSignal,
  ): Promise<number | null> {
    const { layers, journal } = course.stations[index]
    const opening = {
      id: by,
      layers,
      adapter: adapter?.hash ?? null,
      adapterBytes: adapter?.bytes ?? null,
      codec,
      epoch: 0,
    }
    const witness: Station = await openStation(ports, line, { ...opening, signal })
    try {
      const given = course.left(index)
      const rows = Math.min(journal.length, given.length)
      const isExact = crew.hasSameArithmetic(by) && crew.hasSameArithmetic(course.stations[index].id)
      for (let at = 0; at < rows; at += rowsAtOnce) {
        const end = Math.min(rows, at + rowsAtOnce)
        const computed = (await witness.pass(at, journal.rows(at, end), 'each', signal)).rows
        const row = firstDifference(computed, given.rows(at, end), self.facts.width, isExact ? 0 : tolerance)
        if (row !== null) return at + row
      }
      return null
    } finally {
      witness.close()
    }
  }

  async function inspect(course: Course, index: number, signal: AbortSignal): Promise<Finding | null> {
    const { id, layers } = course.stations[index]
    const count = layers.to - layers.from
    // Whoever looks has layers of its own to hold meanwhile.
    const held = holdersOf(course.placed())
    const canOwn = self.mostLayers - (held.get(links.self) ?? 0) >= count && id !== links.self
    const witness = crew.witness(new Set([id]), count, held) ?? (canOwn ? links.self : null)
    if (!witness) return null
    const first = await differs(witness, course, index, signal)
    if (first === null) return { notes: [{ kind: 'checked', id, by: witness }] }
    const third =
      canOwn && witness !== links.self ? links.self : crew.witness(new Set([id, witness]), count, held)
    // Alone against one other, this tab believes itself.
    const second = third === null ? first : await differs(third, course, index, signal)
    if (second === null) return withoutWitness(course, witness, signal)
    const from = Math.min(first, second)
    await course.expel(index, from, signal)
    return { notes: [{ kind: 'liar', id }], from }
  }

  /** It lied about another; what it has computed itself is looked at, too, and not by it. */
  async function withoutWitness(course: Course, witness: NodeId, signal: AbortSignal): Promise<Finding> {
    crew.exclude(witness)
    const notes: Note[] = [{ kind: 'liar', id: witness }]
    const index = course.stations.findIndex(({ id }) => id === witness)
    if (index === -1) return { notes }
    const found = await inspect(course, index, signal)
    if (found?.from !== undefined) return { notes, from: found.from }
    await course.expel(index, course.left(index).length, signal)
    return { notes }
  }

  return {
    async look(course, signal) {
      if (++tokens % lookEvery !== 0) return null
      const remote = [...course.stations.keys()].filter((index) => course.stations[index].id !== links.self)
      if (remote.length === 0) return null
      try {
        return await inspect(course, remote[turn++ % remote.length], signal)
      } catch (problem) {
        if (!isLoss(problem)) throw problem
        if (problem instanceof Unanswered) crew.ban(problem.by)
        return null
      }
    },
  }
}

function firstDifference(
  computed: Float32Array,
  given: Float32Array,
  width: number,
  within: number,
): number | null {
  for (let index = 0; index < given.length; index++)
    if (!(Math.abs(computed[index] - given[index]) <= within * (1 + Math.abs(given[index]))))
      return Math.floor(index / width)
  return null
}
