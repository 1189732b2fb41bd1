/**
 * Fusion: several tabs, each with a private view of one thing, answer one question together. Each reads its own view and then the
 * question, and tells after every token what it thinks comes next; the view stays with it. The asker takes out of each opinion what
 * everybody would have thought without any view, and adds up what is left (core/laws/fusion.ts). Whoever does not answer drops
 * out. Where two views deny each other, that is said, and the text goes on with what all of them together find likeliest.
 *
 * Not an ensemble, whose members differ in what they have learned and of whom the best is believed: here all are right about what
 * they see, and nobody sees all.
 */
import { ln } from '../../../lib/portable'
import { distributionOf, type Masses } from '../../../model/masses'
import { drawAt } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { contradictionIn, fused, gainOf } from '../../core/laws/fusion'
import { positionsBesideView } from '../../core/share'
import { windowStart } from '../../core/window'
import type { Line } from '../../line'
import {
  type Chooser,
  type Claim,
  type Drawn,
  type Gain,
  type Mode,
  type Question,
  type Said,
  Unanswerable,
} from '../../mode'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { opinionOn } from '../ensemble/opinion'
import { openBearing } from './bearing'
import { type Heard, openViews, sighted } from './views'

/** Two views contradict each other where each adds and takes so much, in nats: three times as likely, and a third. */
export const leastContradiction = ln(3)

export const fusion: Mode = {
  name: 'fusion',
  isLossless: false,
  others: 'needed',
  lacks(members, { self, view }) {
    const { layers } = self.facts
    if (self.mostLayers < layers)
      return `This tab may hold ${self.mostLayers} of the model’s ${layers} layers, so it cannot bring views together. Ask from another tab.`
    if (view() !== null || sighted(members, self.facts, null).length > 0) return null
    return 'No tab in reach has a view of its own. Give one something to see, under “Reason”, then ask again.'
  },
  open: openFusion,
}

function openFusion(ports: Ports, line: Line, opened: Question): Chooser {
  const { links, sessions, self, clock } = ports
  const { vocabulary, capacity } = self.facts
  const blind = openReader(sessions, opened.adapter?.bytes ?? null, wholeStretch(self.facts))
  const views = openViews(ports, line, opened)
  const bearing = openBearing()
  /** Where the window of the question began. */
  let begunAt = 0

  /** What the views say; where nobody answers all are asked once more, in case they were only busy. */
  async function hear(window: readonly number[], isNew: boolean, signal: AbortSignal): Promise<Heard> {
    const heard = await views.hear(window, isNew, signal)
    if (heard.opinions.size > 0) return heard
    views.forgive()
    const again = await views.hear(window, true, signal)
    if (again.opinions.size === 0) throw new Unanswerable(nobodySees)
    return { ...again, gone: heard.gone }
  }

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    const start = windowStart(text.length, promptLength, positionsBesideView(capacity))
    const window = text.slice(start)
    const isNew = text.length === promptLength
    const beganAtMs = clock.now()
    const [prior, { opinions, asked, gone, computeMs: seeingMs }] = await Promise.all([
      opinionOn(blind, window, isNew ? 0 : window.length - 1, vocabulary),
      hear(window, isNew, signal),
    ])
    for (const id of gone) yield { kind: 'note', note: { kind: 'unseen', id } }
    if (isNew) {
      bearing.begin(prior.likelihoods)
      begunAt = start
    }
    const lawOf = (opinion: Masses) => distributionOf(opinion, vocabulary)
    const before = lawOf(prior.masses)
    const seen = asked.flatMap((id) => {
      const opinion = opinions.get(id)
      if (!opinion) return []
      // Where the window has moved on, places are others than the question's were.
      if (start === begunAt) bearing.heard(id, opinion.at, opinion.likelihoods)
      return [{ id, law: lawOf(opinion.masses), weight: bearing.weightOf(id) }]
    })
    // One by itself has nobody beside whom it could count less.
    const law = fused(before, seen.length === 1 ? [{ ...seen[0], weight: 1 }] : seen)
    const { id, gap } = await sessions.chooseFrom(law, drawAt(question, text.length))
    const gains = asked.map((one): Gain => {
      const found = seen.find((view) => view.id === one)
      return { id: one, nats: found ? found.weight * gainOf(before, found.law, id) : null }
    })
    const bear = seen.filter(({ weight }) => weight > 1 / 2)
    const contradiction = contradictionIn(
      before,
      bear.map((view) => view.law),
      leastContradiction,
    )
    if (contradiction) {
      const claims = contradiction.views.map(async (view, at): Promise<Claim> => {
        const word = await sessions.decode([contradiction.tokens[at]])
        return { id: bear[view].id, word }
      })
      const [one, other] = await Promise.all(claims)
      const chosen = await sessions.decode([id])
      yield { kind: 'note', note: { kind: 'contradiction', between: [one, other], chosen } }
    }
    yield { kind: 'note', note: { kind: 'views', gains } }
    const computeMs = prior.milliseconds + seeingMs
    const travelMs = Math.max(0, clock.now() - beganAtMs - computeMs)
    yield { kind: 'token', id, gap, by: mostIn(gains) ?? links.self, computeMs, travelMs }
  }

  return {
    next,
    rest() {},
    close() {
      blind.close()
      views.close()
    },
  }
}

/** Whose view spoke most for a token; null where none did, since everybody knew. */
function mostIn(gains: readonly Gain[]): string | null {
  const most = gains.reduce<{ id: string | null; nats: number }>(
    (best, { id, nats }) => ((nats ?? 0) > best.nats ? { id, nats: nats! } : best),
    { id: null, nats: 0 },
  )
  return most.id
}

const nobodySees =
  'No tab that sees something answers any more. Open one, give it something to see, then ask again.'
