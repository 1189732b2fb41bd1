/**
 * Fusion: several tabs, each with a private view of one thing, answer one question together. Each reads its own view and then the
 * question, and tells after every token what it thinks comes next; the view stays with it. The asker takes out of each opinion what
 * everybody would have thought without any view, and adds up what is left (core/laws/fusion.ts). Whoever does not answer drops out.
 *
 * Not an ensemble, whose members differ in what they have learned and of whom the best is believed: here all are right about what
 * they see, and nobody sees all.
 */
import { ln } from '../../../lib/portable'
import { distributionOf, type Masses } from '../../../model/masses'
import { choose } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { fused } from '../../core/laws/fusion'
import { windowStart } from '../../core/window'
import type { Line } from '../../line'
import type { Chooser, Drawn, Mode, Question, Said } from '../../mode'
import type { Member, NodeId, Ports } from '../../ports'
import { openReader } from '../../reader'
import { misfit } from '../../room'
import { openColleague } from '../ensemble/colleague'
import { collected } from '../ensemble/collection'
import { opinionOn } from '../ensemble/opinion'

/** A straggler's moment once half of the others have answered. */
const graceMs = 300

export const fusion: Mode = {
  name: 'fusion',
  isLossless: false,
  needsOthers: true,
  lacks(members, { self, view }) {
    const { layers } = self.facts
    if (self.mostLayers < layers)
      return `This tab may hold ${self.mostLayers} of the model’s ${layers} layers, so it cannot bring views together. Ask from another tab.`
    if (view() !== null || sighted(members, self.facts, null).length > 0) return null
    return 'No tab in reach has a view of its own. Give one something to see, under “Reason”, then ask again.'
  },
  open: openFusion,
}

/** Those that see something. */
const sighted = (members: readonly Member[], facts: Ports['self']['facts'], adapter: string | null) =>
  members.filter(
    ({ hello }) =>
      hello.hasView && hello.mostLayers >= facts.layers && misfit(facts, hello, adapter) === null,
  )

function openFusion(ports: Ports, line: Line, { adapter }: Question): Chooser {
  const { links, sessions, self, clock } = ports
  const { vocabulary, capacity } = self.facts
  const bytes = adapter?.bytes ?? null
  const hash = adapter?.hash ?? null
  const blind = openReader(sessions, bytes, wholeStretch(self.facts))
  const seeing = openReader(sessions, bytes, wholeStretch(self.facts))
  const colleagues = sighted(links.members(), self.facts, hash).map(({ id }) =>
    openColleague(ports, line, id, { kind: 'member', adapter: hash, withView: true }),
  )

  async function* next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
    const window = text.slice(windowStart(text.length, promptLength, capacity))
    const beganAtMs = clock.now()
    const heard = new Map<NodeId, Masses>()
    const answers = colleagues.flatMap(({ id, ask }) => {
      const answer = ask(window, signal, ({ at, masses }) => {
        if (at === window.length) heard.set(id, masses)
      })
      return answer ? [answer] : []
    })
    const prior = await opinionOn(blind, window, window.length - 1, vocabulary)
    let computeMs = prior.milliseconds
    const view = await sessions.encode(ports.view() ?? '')
    if (view.length > 0) {
      const own = await opinionOn(seeing, [...view, ...window], view.length + window.length - 1, vocabulary)
      heard.set(links.self, own.masses)
      computeMs += own.milliseconds
    }
    await collected(answers, { enough: Math.max(1, Math.ceil(answers.length / 2)), graceMs }, clock)
    signal.throwIfAborted()

    const lawOf = (masses: Masses) => distributionOf(masses, vocabulary)
    const before = lawOf(prior.masses)
    const views = [...heard].map(([id, masses]) => ({ id, law: lawOf(masses), weight: 1 }))
    const law = fused(before, views)
    const { id, gap } = choose(law.map(ln), { ...question, position: text.length })
    const members = [...(view.length > 0 ? [links.self] : []), ...colleagues.map((one) => one.id)].map(
      (member) => {
        const found = views.find((one) => one.id === member)
        return {
          id: member,
          answered: found !== undefined,
          gain: found ? ln(found.law[id]) - ln(before[id]) : 0,
        }
      },
    )
    yield { kind: 'note', note: { kind: 'views', members } }
    // Whose view spoke most for it; where none did, everybody knew.
    const most = members.reduce<(typeof members)[number] | null>(
      (one, other) => (other.gain > (one?.gain ?? 0) ? other : one),
      null,
    )
    const travelMs = Math.max(0, clock.now() - beganAtMs - computeMs)
    yield { kind: 'token', id, gap, by: most?.id ?? links.self, computeMs, travelMs }
  }

  return {
    next,
    rest() {},
    close() {
      blind.close()
      seeing.close()
      for (const colleague of colleagues) colleague.close()
    },
  }
}
