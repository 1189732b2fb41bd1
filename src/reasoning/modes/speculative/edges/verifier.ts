/**
 * An edge that judges guesses, as the asker sees it. It is told only what it has not read: after its own verdict that is nothing,
 * so 14 bytes and two a guess go there, and 20 come back. One that has read another text, or lost it, says how far it is, and
 * is told the rest; so any edge can go on where another stopped.
 */

import { prefixOf } from '../../../core/prefix'
import { heardAfter, patienceMs, type Rate, unknownRate } from '../../../core/rates'
import { commonPrefix } from '../../../core/window'
import { type Line, Unanswered } from '../../../line'
import type { Question } from '../../../mode'
import type { NodeId, Ports } from '../../../ports'
import { type AnswerPacket, mostTokens } from '../../../wire/packets'
import type { Place } from '../guessing'
import type { Judging } from '../judges'

export interface Verdict {
  readonly by: NodeId
  /** So many of the guesses are right. */
  readonly accepted: number
  /** What comes after them. */
  readonly id: number
  readonly gap: number
  readonly computeMs: number
  readonly travelMs: number
  /** Questions that waited there. */
  readonly load: number
}

export interface Verifier {
  readonly id: NodeId
  /** Rejects with an `Unanswered` where the edge is lost. One question at a time. */
  judge(place: Place, guesses: readonly number[], signal: AbortSignal): Promise<Verdict>
  /** Tokens of a text that it has not read; null: nothing is open there. */
  unread(place: Place): number | null
  /** What the whole model would choose after each token of a text but the last. */
  recite(ids: readonly number[], signal: AbortSignal): Promise<readonly number[]>
  close(): void
}

const openingMs = 15_000

export function openVerifier(
  { clock }: Ports,
  line: Line,
  id: NodeId,
  question: Question,
  by: Judging['by'],
): Verifier {
  const { temperature, seed, topK, topP, adapter, prompt } = question
  const draw = { temperature, seed, topK, topP }
  /** Opened for a window that begins there. */
  let open: { readonly session: Promise<number>; readonly start: number } | null = null
  /** What it has read. */
  let known: readonly number[] = []
  let rate: Rate = unknownRate

  async function openAt(start: number, signal: AbortSignal): Promise<number> {
    const session = line.newSession()
    const text = { start, promptLength: prompt.length }
    const purpose = { kind: 'verifier', by, ...text, adapter: adapter?.hash ?? null, ...draw } as const
    await line.open(id, { session, epoch: 0 }, purpose, { forMs: openingMs, signal })
    return session
  }
  const close = (): void => {
    void open?.session.then((session) => line.close(id, session)).catch(() => {})
    open = null
    known = []
  }
  const sessionFor = (start: number, signal: AbortSignal): Promise<number> => {
    if (open?.start !== start) {
      close()
      open = { start, session: openAt(start, signal) }
    }
    return open.session
  }

  /** Tells what is new of a text, in pieces where that is much, and asks for what is wanted. */
  async function ask(
    { start, window }: Place,
    guesses: readonly number[],
    wants: 'verdict' | 'choices',
    signal: AbortSignal,
  ): Promise<{ readonly answer: AnswerPacket; readonly tookMs: number }> {
    const session = await sessionFor(start, signal)
    for (let needs = 0; needs < mostNeeds; ) {
      const at = commonPrefix(known, window)
      const given = window.slice(at, at + mostTokens - guesses.length)
      const isLast = at + given.length === window.length
      const ids = isLast ? [...given, ...guesses] : given
      const prefix = prefixOf(window.slice(0, at))
      const beganAtMs = clock.now()
      const patience = { forMs: patienceMs(rate, ids.length + 1), signal }
      const packet = { type: 'draft', session, epoch: 0, at, prefix, given: given.length, ids } as const
      const answer = await line.ask(id, { ...packet, wants: isLast ? wants : 'choices' }, patience)
      const tookMs = clock.now() - beganAtMs
      if (answer.type === 'need') {
        const isKnown = answer.at <= window.length && prefixOf(window.slice(0, answer.at)) === answer.prefix
        known = isKnown ? window.slice(0, answer.at) : []
        needs++
        continue
      }
      if (given.length <= 1) rate = heardAfter(rate, tookMs / (1 + furtherRow * ids.length))
      if (isLast) return { answer, tookMs }
      known = window.slice(0, at + given.length)
    }
    throw new Unanswered(id, 'nonsense', 'It never knows where the text stands.')
  }

  /** Whoever has closed what was open there, because nobody used it, is asked to open it anew. */
  async function askAgain(...question: Parameters<typeof ask>): ReturnType<typeof ask> {
    const wasOpen = open?.start === question[0].start
    try {
      return await ask(...question)
    } catch (problem) {
      close() // it may stand anywhere
      if (!wasOpen || !(problem instanceof Unanswered) || problem.reason !== 'refused') throw problem
      return ask(...question)
    }
  }

  return {
    id,
    async judge(place, guesses, signal) {
      try {
        const { answer, tookMs } = await askAgain(place, guesses, 'verdict', signal)
        if (answer.type !== 'verdict' || answer.accepted > guesses.length)
          throw new Unanswered(id, 'nonsense', 'It answered something else.')
        const { accepted, id: next, gap, load } = answer
        known = [...place.window, ...guesses.slice(0, accepted), next]
        const computeMs = Math.min(Math.max(0, answer.milliseconds), tookMs)
        return { by: id, accepted, id: next, gap, load, computeMs, travelMs: tookMs - computeMs }
      } catch (problem) {
        close()
        throw problem
      }
    },
    unread: ({ start, window }) =>
      open?.start === start ? window.length - commonPrefix(known, window) : null,
    async recite(ids, signal) {
      const beginning = { start: 0, window: ids.slice(0, 1) }
      const { answer } = await askAgain(beginning, ids.slice(1, -1), 'choices', signal)
      if (answer.type !== 'choices' || answer.ids.length !== ids.length - 1)
        throw new Unanswered(id, 'nonsense', 'It answered something else.')
      return answer.ids
    },
    close,
  }
}

/** It may have lost the text once more meanwhile. */
const mostNeeds = 3
/** A further row takes a quarter of the first. */
export const furtherRow = 0.25
