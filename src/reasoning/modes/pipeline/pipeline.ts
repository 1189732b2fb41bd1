/**
 * Pipeline: the layers of one model spread over several tabs. The asker keeps the words: embedding, head, the choice of tokens,
 * the prompt. Rows of numbers go from it through the stages, one token after the other. What crossed each boundary is kept, so a
 * tab that is closed in mid-sentence is replaced by another, which reads what the lost one had read, and the text goes on as if
 * nothing had happened: the same bits, where the machines' arithmetic is the same.
 *
 * Not tensor parallelism, where every layer is cut: over WebRTC its many exchanges a token would cost more than they save.
 * Source: Borzunov et al., Petals, arXiv 2209.01188, whose client keeps such a journal, too.
 */
import { drawAt } from '../../../model/sampling'
import { commonPrefix, windowStart } from '../../core/window'
import type { Line } from '../../line'
import type { Chooser, Drawn, Mode, Question, Said } from '../../mode'
import { isWorthMoving, tokenMs } from '../../plan/placement'
import type { Member, Ports } from '../../ports'
import { misfit } from '../../room'
import { type Course, openCourse } from './course'
import { type Crew, crewOf } from './crew'
import { type Ends, openEnds } from './ends'
import { openInspection } from './inspection'
import { rowsAtOnce } from './stations'
import { openSuccession } from './succession'

export const pipeline: Mode = {
  name: 'pipeline',
  isLossless: true,
  others: 'needed',
  lacks(members, { self }) {
    const fitting = members.filter(({ hello }) => misfit(self.facts, hello, null) === null)
    if (fitting.length === 0) return whyNobody(members, self.facts)
    const together = fitting.reduce((sum, { hello }) => sum + hello.mostLayers, self.mostLayers)
    return together >= self.facts.layers
      ? null
      : `All tabs together may hold ${together} of the model’s ${self.facts.layers} layers. Open another tab.`
  },
  open: (ports, line, question) =>
    openPipelineOf(ports, line, question, crewOf(ports, question.adapter?.hash ?? null, question.stages)),
}

function whyNobody(members: readonly Member[], facts: Ports['self']['facts']): string {
  if (members.length === 0)
    return 'Nobody else is in this room. Open another tab with the room’s link, or ask alone.'
  const reasons = new Set(members.map(({ hello }) => misfit(facts, hello, null)))
  return `No other tab can take part: ${[...reasons].join(' ')}`
}

/** Over those whom a crew chooses. */
export function openPipelineOf(ports: Ports, line: Line, question: Question, crew: Crew): Chooser {
  const { facts } = ports.self
  const { adapter } = question
  const succession = openSuccession(ports, line)
  const inspection = openInspection(ports, line, crew, question)
  let ends: Ends | null = null
  let course: Course | null = null
  /** What the stages have read. */
  let known: readonly number[] = []
  let hasRoomChanged = false
  /** So long the text was when it was last read on a new course. */
  let movedAt = 0
  const stopListening = ports.links.on({
    changed() {
      hasRoomChanged = true
    },
  })

  const begin = async (signal: AbortSignal): Promise<Course> => {
    course?.close()
    ends?.close()
    known = []
    course = await openCourse(ports, line, crew, question, signal)
    ends = openEnds(ports, adapter?.bytes ?? null, course.ownFront())
    return course
  }
  /**
   * Moves to a plan that a tab who came lately makes much faster. Only a text that has grown by half since is read again: whoever
   * says of itself now this and now that makes it no more than three times as much to read.
   */
  const mayImprove = (length: number): boolean => {
    if (!hasRoomChanged || !course || length < 1.5 * movedAt) return false
    hasRoomChanged = false
    const [better, candidates] = [crew.plan(), crew.candidates()]
    const ids = new Set(candidates.map(({ id }) => id))
    const now = course.placed()
    if (!better || now.some(({ id }) => !ids.has(id))) return false
    return isWorthMoving(tokenMs(now, candidates), tokenMs(better, candidates))
  }

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    const start = windowStart(text.length, promptLength, facts.capacity)
    const window = text.slice(start)
    await succession.tell(question, text.slice(promptLength), signal)
    if (!course || mayImprove(text.length)) {
      movedAt = text.length
      await begin(signal)
    } else if (text.length === promptLength) course.introduce()
    const running = course!
    yield* running.notes()
    const lie = await inspection.look(running, signal)
    for (const note of lie?.notes ?? []) yield { kind: 'note', note }
    if (lie?.from !== undefined) {
      known = known.slice(0, lie.from)
      const from = Math.max(promptLength, start + lie.from + 1)
      if (from < text.length) return yield { kind: 'retract', from }
    }
    let at = Math.min(commonPrefix(known, window), window.length - 1)
    known = window.slice(0, at)
    let [computeMs, travelMs] = [0, 0]
    let last = new Float32Array()
    for (; at < window.length; at += rowsAtOnce) {
      const end = Math.min(window.length, at + rowsAtOnce)
      const entered = await ends!.enter(window.slice(0, end), at)
      const through = await running.through(at, entered.rows, signal)
      yield* running.notes()
      known = window.slice(0, end)
      last = through.rows.slice(-facts.width)
      computeMs += entered.milliseconds + through.computeMs
      travelMs += through.travelMs
    }
    const chosen = await ends!.choose(last, drawAt(question, text.length))
    const { id, gap } = chosen
    yield { kind: 'token', id, gap, by: running.by(), computeMs: computeMs + chosen.milliseconds, travelMs }
  }

  return {
    next,
    rest: () => succession.rest(),
    close() {
      stopListening()
      succession.close()
      course?.close()
      ends?.close()
    },
  }
}
