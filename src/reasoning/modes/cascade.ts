/**
 * Cascade: what a weak device is sure of it says itself; only where it is not does it ask an edge that holds the whole model. Much
 * less travels than in speculative decoding, and the text is no longer the whole model's: how often a word that was not asked
 * about may be another than the whole model's is stated, and the threshold set so that it holds on text nobody learned from
 * (plan/risk.ts). Lossy, and labelled so.
 *
 * Sources: Chen et al., FrugalGPT, arXiv 2305.05176; uncertainty-aware hybrid language models as in U-HLM, arXiv 2412.12687.
 */
import { windowStart } from '../core/window'
import type { Line } from '../line'
import type { Chooser, Drawn, Mode, Question, Said } from '../mode'
import { type Compared, doubtOf, neverBelieve, type Threshold, thresholdFor } from '../plan/risk'
import type { Ports } from '../ports'
import { mostTokens } from '../wire/packets'
import { type Device, openDevice } from './speculative/device'
import type { Edges } from './speculative/edges/edges'
import { lacksEdge } from './speculative/lacking'

export const cascade: Mode = {
  name: 'cascade',
  isLossless: false,
  others: 'needed',
  lacks: lacksEdge,
  open: openCascade,
}

/** So many tokens are compared before anything is believed. */
const comparedTokens = 1024

function openCascade(ports: Ports, line: Line, opened: Question): Chooser {
  const { sessions, self, links, clock } = ports
  const { capacity } = self.facts
  const device = openDevice(ports, line, opened, 'one')
  const { drafter } = device
  /** By risk and how tokens are drawn. */
  const thresholds = new Map<string, Threshold>()

  async function threshold(question: Question, edges: Edges, signal: AbortSignal): Promise<Threshold> {
    if (question.doubt !== null) return { ...neverBelieve, doubt: question.doubt }
    const { temperature, topK, topP, risk } = question
    const key = JSON.stringify([temperature, topK, topP, risk])
    const found =
      thresholds.get(key) ?? thresholdFor(await compare(ports, device, edges, question, signal), risk)
    thresholds.set(key, found)
    return found
  }

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    const start = windowStart(text.length, promptLength, capacity)
    const place = { start, window: text.slice(start) }
    const edges = device.edgesFor(question)
    for (const note of edges.notes(place, text.length === promptLength)) yield { kind: 'note', note }
    const needed = await threshold(question, edges, signal)
    if (text.length === promptLength) yield { kind: 'note', note: { kind: 'threshold', ...needed } }
    drafter.follow(place)
    if (drafter.guesses.length === 0) await drafter.extend(question)
    const [guess] = drafter.guesses
    if (doubtOf(guess.gap) < needed.doubt) {
      const { id, gap, milliseconds: computeMs } = guess
      return yield { kind: 'token', id, gap, by: links.self, computeMs, travelMs: 0 }
    }
    const beganAtMs = clock.now()
    const judging = edges.judge({ place, guesses: [], endsAt: promptLength + question.tokens, signal })
    // It guesses on meanwhile, as if it were right.
    const hasRoom = place.window.length + 2 < capacity
    await Promise.race([
      judging,
      hasRoom && drafter.guesses.length < 2 ? drafter.extend(question).then(() => judging) : judging,
    ])
    const judged = await judging
    for (const note of edges.notes(place, false)) yield { kind: 'note', note }
    if ('retractFrom' in judged) return yield { kind: 'retract', from: judged.retractFrom }
    const { by, id, gap, computeMs, isHedged } = judged
    const isRight = id === guess.id
    const refused = isRight ? null : await sessions.decode([guess.id])
    yield {
      kind: 'note',
      note: { kind: 'judged', by, drafted: 1, accepted: Number(isRight), refused, isHedged },
    }
    const travelMs = Math.max(0, clock.now() - beganAtMs - computeMs)
    yield { kind: 'token', id, gap, by, computeMs: computeMs + guess.milliseconds, travelMs }
  }

  return { next, rest() {}, close: () => device.close() }
}

/** What the first layers and the whole model choose on text that nobody learned from. */
async function compare(
  { sessions, heldOut, self }: Ports,
  { drafter }: Device,
  edges: Edges,
  question: Question,
  signal: AbortSignal,
): Promise<readonly Compared[]> {
  const compared: Compared[] = []
  const longest = Math.min(mostTokens, self.facts.capacity)
  for (const text of await heldOut()) {
    const ids = (await sessions.encode(text)).slice(0, longest)
    if (ids.length < 3) continue
    const [own, whole] = await Promise.all([drafter.recite(ids, question), edges.recite(ids, signal)])
    for (const [index, { id, gap }] of own.entries())
      compared.push({ doubt: doubtOf(gap), isSame: id === whole[index] })
    if (compared.length >= comparedTokens) break
  }
  return compared
}
