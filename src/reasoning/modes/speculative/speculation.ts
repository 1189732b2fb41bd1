/**
 * Guess, have it judged, go on: one round after the other. While a draft is judged the device guesses on, as if all of it were
 * right and the edge's own token, too, what it would choose itself; if so, the next draft is ready when the verdict comes
 * (SpecEdge's idea). How long a draft is follows from how often guesses are right and how long everything takes.
 */
import { windowStart } from '../../core/window'
import type { Line } from '../../line'
import type { Chooser, Drawn, Question, Said } from '../../mode'
import { afterDraft, afterRound, draftLength, firstRates, longestDraft } from '../../plan/draftLength'
import type { Ports } from '../../ports'
import { type Device, openDevice } from './device'
import type { EdgeUse } from './edges/roster'
import { openStream } from './stream'

export function openSpeculation(ports: Ports, line: Line, opened: Question, use: EdgeUse): Chooser {
  const { sessions, self, links, clock } = ports
  const { capacity, eosIds } = self.facts
  const device = opened.tiers === 3 ? threeTiers(ports, line, opened) : openDevice(ports, line, opened, use)
  const { drafter } = device
  let rates = { ...firstRates, draftMs: self.arithmetic.millisecondsPerLayer * drafter.layers }

  const guessOn = async (question: Question): Promise<void> => {
    const before = drafter.guesses.length
    await drafter.extend(question)
    const guess = drafter.guesses.at(-1)
    if (guess && drafter.guesses.length > before) rates = afterDraft(rates, guess.milliseconds)
  }
  const isOver = (): boolean => drafter.guesses.some(({ id }) => eosIds.includes(id))

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    const start = windowStart(text.length, promptLength, capacity)
    const place = { start, window: text.slice(start) }
    const most = mostGuesses(text.length, promptLength, question, capacity)
    const length = Math.min(most, question.draft ?? draftLength(rates))
    const edges = device.edgesFor(question)
    for (const note of edges.notes(place, text.length === promptLength)) yield { kind: 'note', note }
    drafter.follow(place)
    while (drafter.guesses.length < length && !isOver()) await guessOn(question)
    const draft = drafter.guesses.slice(0, length)

    const beganAtMs = clock.now()
    const guesses = draft.map(({ id }) => id)
    const judging = edges.judge({ place, guesses, endsAt: promptLength + question.tokens, signal })
    const ahead = Math.min(2 * length + 1, capacity - place.window.length)
    let isJudged = false
    const settled = () => {
      isJudged = true
    }
    judging.then(settled, settled)
    const mayGuess = () => !isJudged && drafter.guesses.length < ahead && !isOver()
    await Promise.race([judging, guessingOn(device, mayGuess, () => guessOn(question))])
    const judged = await judging
    for (const note of edges.notes(place, false)) yield { kind: 'note', note }
    if ('retractFrom' in judged) return yield { kind: 'retract', from: judged.retractFrom }

    const { by, accepted, id, gap, computeMs, isHedged } = judged
    const travelMs = Math.max(0, clock.now() - beganAtMs - computeMs)
    rates = afterRound(rates, { drafted: draft.length, accepted, verifyMs: computeMs, travelMs })
    const wrong = draft[accepted]
    const refused = wrong ? await sessions.decode([wrong.id]) : null
    yield { kind: 'note', note: { kind: 'judged', by, drafted: draft.length, accepted, refused, isHedged } }
    for (const guess of draft.slice(0, accepted))
      yield {
        kind: 'token',
        id: guess.id,
        gap: guess.gap,
        by: links.self,
        computeMs: guess.milliseconds,
        travelMs: 0,
      }
    const draftedMs = draft.slice(accepted).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    yield { kind: 'token', id, gap, by, computeMs: computeMs + draftedMs, travelMs }
  }

  return {
    next,
    rest() {},
    close: () => device.close(),
  }
}

/** The device and its edge together guess what a cloud says. */
function threeTiers(ports: Ports, line: Line, opened: Question): Device {
  const end = openDevice(ports, line, opened, 'one')
  return openDevice(ports, line, opened, 'cloud', openStream(end, ports.self.facts.capacity))
}

/** Settles when nothing more may be guessed, and never if that takes longer than the verdict. */
async function guessingOn(
  { drafter }: Device,
  mayGuess: () => boolean,
  guessOn: () => Promise<void>,
): Promise<never> {
  while (mayGuess()) {
    const before = drafter.guesses.length
    await guessOn()
    if (drafter.guesses.length <= before) break // the text went on without this
  }
  return new Promise(() => {})
}

/**
 * How many tokens may be guessed: not more than are wished for beside the judge's own, and none beyond the place where the window
 * of the text moves, since what is judged is judged in one window.
 */
function mostGuesses(length: number, promptLength: number, { tokens }: Question, capacity: number): number {
  const wished = tokens - (length - promptLength) - 1
  const start = windowStart(length, promptLength, capacity)
  let most = Math.max(0, Math.min(wished, 2 * longestDraft))
  while (most > 0 && windowStart(length + most, promptLength, capacity) !== start) most--
  return most
}
