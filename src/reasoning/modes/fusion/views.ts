/**
 * Whose views count at the moment: this tab's own, and those of the tabs in reach that say they see something. Whoever comes, comes
 * back, or is given something to see in mid-text is asked from the next token on; whoever goes drops out.
 */
import type { Line } from '../../line'
import type { Question } from '../../mode'
import type { Member, NodeId, Ports } from '../../ports'
import { misfit } from '../../room'
import { type Colleague, type Opinion, openColleague } from '../ensemble/colleague'
import { collected } from '../ensemble/collection'
import { openSeer } from './seer'

/** A straggler's moment once half of the others have answered. */
const graceMs = 300

/** Nobody else has seen what it has: whoever did not answer is asked again after a second, then after twice as long, up to 16. */
const restMs = (failures: number): number => 1000 * 2 ** Math.min(failures - 1, 4)

/** Those that see something. */
export const sighted = (
  members: readonly Member[],
  facts: Ports['self']['facts'],
  adapter: string | null,
): readonly Member[] =>
  members
    .filter(
      ({ hello }) =>
        hello.hasView && hello.mostLayers >= facts.layers && misfit(facts, hello, adapter) === null,
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1))

export interface Heard {
  /** Of those that answered in time. */
  readonly opinions: ReadonlyMap<NodeId, Opinion>
  /** Of all that were asked, this tab first. */
  readonly asked: readonly NodeId[]
  /** Those that had answered before and are out of reach now. */
  readonly gone: readonly NodeId[]
  /** Of this tab's computing. */
  readonly computeMs: number
}

export interface Views {
  /** What each thinks comes after a text. @param isNew everybody is waited for: much is to be read */
  hear(window: readonly number[], isNew: boolean, signal: AbortSignal): Promise<Heard>
  /** Whoever failed is asked again at once. */
  forgive(): void
  close(): void
}

export function openViews(ports: Ports, line: Line, { adapter }: Pick<Question, 'adapter'>): Views {
  const { links, clock, self } = ports
  const hash = adapter?.hash ?? null
  const own = openSeer(ports, adapter?.bytes ?? null)
  let colleagues: readonly Colleague[] = []
  const answered = new Set<NodeId>()

  /** Those that are there now; who stayed keeps what it has read. Gives those that have gone. */
  function gather(): readonly NodeId[] {
    const there = sighted(links.members(), self.facts, hash).map(({ id }) => id)
    const gone = [...answered].filter((id) => !there.includes(id))
    for (const id of gone) answered.delete(id)
    for (const one of colleagues) if (!there.includes(one.id)) one.close()
    const purpose = { kind: 'member', adapter: hash, withView: true } as const
    colleagues = there.map(
      (id) => colleagues.find((one) => one.id === id) ?? openColleague(ports, line, id, purpose, restMs),
    )
    return gone
  }
  const letGo = (): void => {
    for (const one of colleagues) one.close()
    colleagues = []
  }

  return {
    async hear(window, isNew, signal) {
      const gone = gather()
      const opinions = new Map<NodeId, Opinion>()
      const answers = colleagues.flatMap(({ id, ask }) => {
        const answer = ask(window, signal, (opinion) => {
          if (opinion.at === window.length) opinions.set(id, opinion)
          answered.add(id)
        })
        return answer ? [answer] : []
      })
      const seen = await own.opinion(window, isNew ? 0 : window.length - 1)
      const enough = isNew ? answers.length : Math.max(1, Math.ceil(answers.length / 2))
      await collected(answers, { enough, graceMs }, clock)
      signal.throwIfAborted()
      if (seen) opinions.set(links.self, { at: window.length, ...seen })
      const asked = [...(seen ? [links.self] : []), ...colleagues.map(({ id }) => id)]
      // What comes later counts for no token: the map is another one then.
      return { opinions: new Map(opinions), asked, gone, computeMs: seen?.milliseconds ?? 0 }
    },
    forgive: letGo,
    close() {
      own.close()
      letGo()
    },
  }
}
