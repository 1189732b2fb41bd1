/**
 * One question in a simulated room, and what became of it: the answer, how often somebody was lost, what travelled. Tabs may be
 * killed just before a certain token is chosen; where that is the asker itself, the answer is that of whoever goes on.
 */
import { counted, emptyAccount, type Shares, sharesOf } from '../../../reasoning/account'
import { type Heard, hashOfIds } from '../../../reasoning/ask'
import { type Note, type Said, Unanswerable } from '../../../reasoning/mode'
import type { Wish } from '../../../reasoning/participant'
import type { ReasoningRoom } from './room'

/** Just before the new token of this number (from 0) is chosen, this node dies. */
export interface Kill {
  readonly node: number
  readonly token: number
}

export interface Outcome {
  readonly text: string
  readonly ids: readonly number[]
  readonly hash: string
  readonly notes: readonly Note[]
  readonly said: readonly Said[]
  /** Deaths of nodes in use that were survived. */
  readonly recoveries: number
  readonly replayedTokens: number
  readonly bytes: number
  readonly virtualSeconds: number
  readonly shares: Shares
}

const asker = 0

export async function askInRoom(
  room: ReasoningRoom,
  wish: Wish,
  kills: readonly Kill[] = [],
): Promise<Outcome> {
  const { tabs, clock } = room
  const beganAtMs = clock.now()
  const bytesBefore = tabs.map(({ participant }) => participant.traffic.bytes)
  const said: Said[] = []
  const dead = new Set<number>()
  let newest: Heard['answer'] = null
  let recoveries = 0

  /** Whether the one that answers died. */
  const killBefore = (token: number, answering: number): boolean => {
    for (const kill of kills)
      if (kill.token === token && !dead.has(kill.node)) {
        dead.add(kill.node)
        tabs[kill.node].kill()
      }
    return dead.has(answering)
  }

  /** Resolves with true where the answer is whole. */
  async function follow(answers: AsyncIterable<Heard>, answering: number): Promise<boolean> {
    let hasBegun = false
    for await (const heard of answers) {
      said.push(heard.said)
      if (heard.answer) newest = heard.answer
      const count = newest?.ids.length ?? 0
      const begins = !hasBegun && (heard.said.kind !== 'note' || heard.said.note.kind === 'stages')
      if (begins) hasBegun = true
      if (begins && heard.said.kind === 'note' && killBefore(count, answering)) return false
      if (heard.said.kind === 'token' && killBefore(count, answering)) return false
    }
    return true
  }

  let answering = asker
  const aborter = new AbortController()
  let isWhole = await room.patiently(follow(tabs[asker].participant.ask(wish, aborter.signal), asker))
  while (!isWhole) {
    recoveries++
    aborter.abort(new Error('The asker died.'))
    const successor = await successorOf(room, dead)
    answering = successor
    const [orphan] = tabs[successor].orphans.slice(-1)
    isWhole = await room.patiently(
      follow(tabs[successor].participant.takeOver(orphan, new AbortController().signal), successor),
    )
  }
  const notes = said.flatMap((one) => (one.kind === 'note' ? [one.note] : []))
  const { text, ids } = newest ?? { text: '', ids: [] }
  const bytesOf = (tab: number) => tabs[tab].participant.traffic.bytes - (bytesBefore[tab] ?? 0)
  const sum = (of: (note: Note) => number) => notes.reduce((total, note) => total + of(note), 0)
  return {
    text,
    ids,
    hash: hashOfIds(ids),
    notes,
    said,
    recoveries: recoveries + notes.filter(({ kind }) => kind === 'lost' || kind === 'unseen').length,
    replayedTokens: sum((note) => (note.kind === 'recovered' ? note.replayedTokens : 0)),
    bytes: bytesOf(asker) + (answering === asker ? 0 : bytesOf(answering)),
    virtualSeconds: (clock.now() - beganAtMs) / 1000,
    shares: sharesOf(said.reduce(counted, emptyAccount)),
  }
}

const successionMs = 30_000

/** The tab that has noticed that the asker is gone. */
async function successorOf({ tabs, clock }: ReasoningRoom, dead: ReadonlySet<number>): Promise<number> {
  const find = () => tabs.findIndex((tab, index) => !dead.has(index) && tab.orphans.length > 0)
  await clock.run(clock.now() + successionMs, () => find() !== -1)
  const successor = find()
  if (successor === -1) throw new Unanswerable('The asker died, and nobody goes on with its text.')
  return successor
}
