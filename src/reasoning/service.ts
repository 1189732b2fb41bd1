/**
 * What a tab does for others: it runs layers for their texts, tells what it thinks comes next, lends its adapter, writes down
 * what was said. Whatever somebody asks for, it gets so many sessions and so many tokens and no more, it is never given what its
 * person has not agreed to, and what nobody has used for two minutes is closed.
 */
import { type Bucket, bucket, type Rate } from '../lib/bucket'
import type { Line } from './line'
import { notAgreed, openMember } from './modes/ensemble/member'
import { openStage } from './modes/pipeline/stage'
import { openRecord, type StandbyPurpose } from './modes/pipeline/standby'
import { openVerification } from './modes/speculative/verification'
import type { NodeId, Ports } from './ports'
import { Refused, type Reply, type Serving } from './serving'
import { decodePacket, encodePacket, type PacketShape } from './wire/binary'
import type { Letter, Purpose } from './wire/letters'
import { isQuestion, type Packet, type QuestionPacket, type Refusal } from './wire/packets'
import { BadPacket } from './wire/payloads'

export interface ServiceEvents {
  /** A text that this tab wrote down for somebody who is gone now. */
  orphaned(text: StandbyPurpose, said: readonly number[]): void
  /** Somebody was given so many tokens: for the page. */
  served(to: NodeId, tokens: number): void
}

export interface Service {
  close(): void
}

const mostSessionsPerAsker = 8
/**
 * Rows and tokens that are computed for each of those who ask: an answer or two at once, and so many a second in the long run. What
 * somebody asks all day costs no other asker anything.
 */
const tokensPerAsker: Rate = { burst: 20_000, perSecond: 50 }
const idleMs = 120_000

interface Open {
  readonly from: NodeId
  readonly epoch: number
  readonly serving: Serving
  /** Its asker is gone: what is to be done with what was written down. */
  readonly orphaned: (() => void) | null
  rest: () => void
}

export function serve(ports: Ports, line: Line, events: ServiceEvents): Service {
  const { links, clock, self } = ports
  const { facts } = self
  /** Questions that are being answered now. */
  let working = 0
  /** By asker and its number for the session. */
  const open = new Map<string, Open>()
  const budgets = new Map<NodeId, Bucket>()
  const budgetOf = (from: NodeId): Bucket => {
    const found = budgets.get(from) ?? bucket(tokensPerAsker, clock.now())
    budgets.set(from, found)
    return found
  }
  const keyOf = (from: NodeId, session: number) => `${from} ${session}`

  const close = (key: string): void => {
    const found = open.get(key)
    open.delete(key)
    found?.rest()
    found?.serving.close()
  }
  const stayWhileUsed = (key: string): void => {
    const found = open.get(key)
    found?.rest()
    if (found) found.rest = clock.after(idleMs, () => close(key))
  }

  async function begin(purpose: Purpose): Promise<Pick<Open, 'serving' | 'orphaned'>> {
    switch (purpose.kind) {
      case 'stage':
        return { serving: await openStage(ports, purpose), orphaned: null }
      case 'member':
        return { serving: openMember(ports, purpose), orphaned: null }
      case 'verifier':
        return { serving: await openVerification(ports, line, purpose, () => working - 1), orphaned: null }
      case 'standby': {
        const record = openRecord(purpose.said)
        return { serving: record, orphaned: () => events.orphaned(purpose, record.said) }
      }
    }
  }

  async function openFor(from: NodeId, letter: Extract<Letter, { type: 'reason-open' }>): Promise<void> {
    const { session, request, epoch, purpose } = letter
    const key = keyOf(from, session)
    close(key)
    try {
      if ([...open.values()].filter((other) => other.from === from).length >= mostSessionsPerAsker)
        throw new Error('It works on as many of your texts as it will. Close one first.')
      open.set(key, { from, epoch, ...(await begin(purpose)), rest: () => {} })
      stayWhileUsed(key)
      links.write(from, { type: 'reason-opened', session, request })
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : String(problem)
      links.write(from, { type: 'reason-refuse', request, why: why.slice(0, 300) })
    }
  }

  async function heard(from: NodeId, bytes: Uint8Array): Promise<void> {
    const packet = readable(bytes, facts)
    if (!packet || !isQuestion(packet)) return
    const { epoch, session, at, request } = packet
    const answer = (body: { readonly type: 'refused'; readonly reason: Refusal } | Reply) =>
      links.send(from, encodePacket({ epoch, session, at, request, ...body }, facts))
    const key = keyOf(from, session)
    const found = open.get(key)
    if (!found) return answer({ type: 'refused', reason: 'unknown-session' })
    if (found.epoch !== epoch) return // from before somebody was replaced
    const isWork = found.orphaned === null // to write down what is said costs nothing
    try {
      const tokens = tokensIn(packet, facts)
      if (isWork && !budgetOf(from).take(tokens, clock.now())) throw new Refused('budget-spent')
      working++
      const reply = await found.serving.answer(packet).finally(() => working--)
      stayWhileUsed(key)
      if (isWork) events.served(from, tokens)
      if (reply && open.get(key) === found) answer(reply)
    } catch (problem) {
      answer({ type: 'refused', reason: problem instanceof Refused ? problem.reason : 'cannot-compute' })
    }
  }

  function lend(from: NodeId, request: number): void {
    const own = ports.lentAdapter()
    if (own) links.write(from, { type: 'reason-lend', request }, own)
    else links.write(from, { type: 'reason-refuse', request, why: notAgreed })
  }

  const stopListening = links.on({
    packet: (from, bytes) => void heard(from, bytes),
    letter(from, letter) {
      if (letter.type === 'reason-open') void openFor(from, letter)
      if (letter.type === 'reason-close') close(keyOf(from, letter.session))
      if (letter.type === 'reason-borrow') lend(from, letter.request)
    },
    lost(id) {
      for (const [key, { from, orphaned }] of [...open]) {
        if (from !== id) continue
        close(key)
        orphaned?.()
      }
    },
  })

  return {
    close() {
      stopListening()
      for (const key of [...open.keys()]) close(key)
    },
  }
}

/** Rows that a question costs. */
function tokensIn(packet: QuestionPacket, { width }: PacketShape): number {
  switch (packet.type) {
    case 'pass':
      return packet.rows.length / width
    case 'tokens':
      return packet.ids.length
    case 'draft':
      return packet.ids.length + 1
  }
}

/** Null for rubbish: whoever waits for an answer to it has a deadline. */
function readable(bytes: Uint8Array, shape: PacketShape): Packet | null {
  try {
    return decodePacket(bytes, shape)
  } catch (problem) {
    if (problem instanceof BadPacket) return null
    throw problem
  }
}
