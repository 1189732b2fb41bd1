/**
 * Ensemble: each tab predicts with what it alone has learned, and the asker mixes what they think. Whoever has found the text so
 * far likely counts for more (core/laws/posterior.ts), so a question about one tab's facts is answered by that tab, without anybody
 * having said whose they are. Adapters stay where they are; 139 bytes a token and tab travel.
 *
 * Not an average of answers, and not of adapters: probabilities are mixed, token by token. Sources: Li et al.,
 * Branch-Train-Merge, arXiv 2208.03306; Herbster & Warmuth 1998; asking only when unsure after Yu et al., GaC, arXiv 2406.12585.
 */

import { exp, ln } from '../../../lib/portable'
import { distributionOf, logProbabilityIn } from '../../../model/masses'
import { drawAt } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { mixture, overResponders } from '../../core/laws/posterior'
import { commonPrefix, windowStart } from '../../core/window'
import type { Line } from '../../line'
import type { Chooser, Drawn, Mode, Question, Said } from '../../mode'
import type { Member, NodeId, Ports } from '../../ports'
import { openReader } from '../../reader'
import { misfit } from '../../room'
import { whomToAsk } from './attention'
import { type Babble, listenForBabble } from './babble'
import { type Belief, beliefIn } from './believed'
import { type Colleague, openColleague } from './colleague'
import { collected } from './collection'
import { opinionOn } from './opinion'

/** A straggler's moment once half of the others have answered. */
const graceMs = 50

/**
 * What a question says of who knows its answer is a hint and no more: tabs learn answers, not questions, so the likelihood of the
 * question’s own words may speak for the wrong one. Half of the weight stands for that; it costs ln 2 once.
 */
const promptDoubt = 0.5

export const ensemble: Mode = {
  name: 'ensemble',
  isLossless: false,
  others: 'needed',
  lacks(members, { self }) {
    const { layers } = self.facts
    if (self.mostLayers < layers)
      return `This tab may hold ${self.mostLayers} of the model’s ${layers} layers, so it has no opinion of its own. Ask with mode=pipeline.`
    if (members.length === 0)
      return 'Nobody else is in this room. Open another tab with the room’s link, or ask alone.'
    if (willing(members, self.facts).length > 0) return null
    return 'No other tab lets others ask what it learned alone. Switch that on there, under “Reason”, or ask with mode=pipeline.'
  },
  open: openEnsemble,
}

/** Those that answer with their own adapters. */
export const willing = (members: readonly Member[], facts: Ports['self']['facts']): readonly Member[] =>
  members
    .filter(
      ({ hello }) =>
        hello.offersOwn && hello.mostLayers >= facts.layers && misfit(facts, hello, null) === null,
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1))

function openEnsemble(ports: Ports, line: Line, { adapter, leastWeight, weights: prior }: Question): Chooser {
  const { links, sessions, self, clock } = ports
  const { vocabulary, capacity } = self.facts
  const reader = openReader(sessions, ports.ownAdapter() ?? adapter?.bytes ?? null, wholeStretch(self.facts))
  /** They babbled, and are not asked again. */
  const leftOut = new Set<NodeId>()
  let colleagues: readonly Colleague[] = []
  let belief!: Belief
  let babble!: Babble
  let known: readonly number[] = []
  let surprise = 0

  function gather(): void {
    for (const colleague of colleagues) colleague.close()
    colleagues = willing(links.members(), self.facts)
      .filter(({ id }) => !leftOut.has(id))
      .map(({ id }) => openColleague(ports, line, id, { kind: 'member', adapter: 'own', withView: false }))
    belief = beliefIn(1 + colleagues.length, vocabulary, prior)
    babble = listenForBabble(1 + colleagues.length, vocabulary)
    known = []
    surprise = 0
  }
  gather()

  /** Whoever babbled is left out, and everything that was said with it is said again. */
  function* withoutBabbler(promptLength: number): Generator<Said> {
    if (babble.found === null) return
    const { id } = colleagues[babble.found - 1]
    leftOut.add(id)
    gather()
    yield { kind: 'note', note: { kind: 'liar', id } }
    yield { kind: 'retract', from: promptLength }
  }

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    if (babble.found !== null) return yield* withoutBabbler(promptLength)
    const start = windowStart(text.length, promptLength, capacity)
    const window = text.slice(start)
    // Of a question that somebody has just put, everybody is asked.
    const isNew = text.length === promptLength
    belief.trim(commonPrefix(known, text))
    // Of a text it has not seen, a member tells how likely it finds each token.
    const from = Math.max(0, Math.min(commonPrefix(known.slice(start), window), window.length - 1))
    known = text
    const beganAtMs = clock.now()
    const own = await opinionOn(reader, window, from, vocabulary)
    belief.heard(0, text.length, own.masses, own.likelihoods)

    const asked =
      isNew || babble.isDoubtful
        ? colleagues.map(() => true)
        : whomToAsk({ weights: belief.weights(text), surprise, length: window.length, leastWeight }).slice(1)
    await askAll(asked, window, text.length, signal)
    const opinions = belief.opinions(text.length)
    const answered = opinions.map((opinion) => opinion !== null)
    if (isNew) belief.doubt(text, promptDoubt)
    const weights = overResponders(belief.weights(text), answered)
    const responders = [...opinions.keys()].filter((member) => answered[member])
    const distributions = responders.map((member) => distributionOf(opinions[member]!, vocabulary))
    const mixed = mixture(
      responders.map((member) => weights[member]),
      distributions,
    )
    const { id, gap } = await sessions.chooseFrom(mixed, drawAt(question, text.length))
    surprise = -ln(mixed[id])
    const found = opinions.map((opinion) => opinion && logProbabilityIn(opinion, vocabulary, id))
    const shares = found.map((log, member) => (log === null ? 0 : exp(weights[member] + log) / mixed[id]))
    babble.heard(found, shares)
    const best = shares.indexOf(Math.max(...shares))
    const idOf = (member: number) => (member === 0 ? links.self : colleagues[member - 1].id)
    yield {
      kind: 'note',
      note: {
        kind: 'weights',
        members: opinions.map((_, member) => ({
          id: idOf(member),
          weight: exp(weights[member]),
          answered: answered[member],
        })),
      },
    }
    const computeMs = own.milliseconds
    const travelMs = Math.max(0, clock.now() - beganAtMs - computeMs)
    yield { kind: 'token', id, gap, by: idOf(best), computeMs, travelMs }
  }

  async function askAll(
    asked: readonly boolean[],
    window: readonly number[],
    length: number,
    signal: AbortSignal,
  ): Promise<void> {
    const answers = colleagues.flatMap((colleague, index) => {
      if (!asked[index]) return []
      const answer = colleague.ask(window, signal, ({ at, masses, likelihoods }) =>
        belief.heard(index + 1, length - window.length + at, masses, likelihoods),
      )
      return answer ? [answer] : []
    })
    const enough = Math.max(1, Math.ceil(answers.length / 2))
    await collected(answers, { enough, graceMs }, clock)
    signal.throwIfAborted()
  }

  return {
    next,
    rest() {},
    close() {
      reader.close()
      for (const colleague of colleagues) colleague.close()
    },
  }
}
