/**
 * What a tab does for others: it runs layers for their texts, tells what it thinks comes next, lends its adapter, writes down
 * what was said. Whatever somebody asks for, it gets as much as `allowance.ts` says and no more, it is never given what its
 * person has not agreed to, and what nobody has used for two minutes is closed.
 */
import { type Allowance, openAllowance } from './allowance'
import { type Line, refusalInWords } from './line'
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

/** An honest asker puts one question to a session, and the next when it is answered or given up. */
const mostWaiting = 8

export interface ServiceEvents {
  /** A text that this tab wrote down for somebody who is gone now. */
  orphaned(text: StandbyPurpose, said: readonly number[]): void
  /** Somebody was given so many tokens: for the page. */
  served(to: NodeId, tokens: number): void
}

export interface Service {
  close(): void
}

const idleMs = 120_000

interface Begun {
  readonly serving: Serving
  /** Its asker is gone: what is to be done with what was written down. */
  readonly orphaned: (() => void) | null
}

interface Open {
  readonly from: NodeId
  /** For it the tabs around this one are asked. */
  readonly isCloud: boolean
  readonly epoch: number
  /** It counts from the moment it was asked for: whoever asks for many at once gets no more of them. */
  readonly begun: Promise<Begun>
  /** Questions are answered one after the other: each reads what the one before has left. */
  last: Promise<unknown>
  waiting: number
  rest: () => void
}

export function serve(ports: Ports, line: Line, events: ServiceEvents): Service {
  const { links, clock, self, queue } = ports
  /** Questions that are being answered now. */
  let working = 0
  /** By asker and its number for the session. */
  const open = new Map<string, Open>()
  const allowance = openAllowance(clock)
  const keyOf = (from: NodeId, session: number) => `${from} ${session}`

  const close = (key: string): void => {
    const found = open.get(key)
    open.delete(key)
    found?.rest()
    void found?.begun.then(({ serving }) => serving.close()).catch(() => {})
  }
  const stayWhileUsed = (key: string): void => {
    const found = open.get(key)
    found?.rest()
    if (found) found.rest = clock.after(idleMs, () => close(key))
  }

  async function begin(purpose: Purpose): Promise<Begun> {
    switch (purpose.kind) {
      case 'stage':
        return { serving: await openStage(ports, purpose), orphaned: null }
      case 'member':
        return { serving: await openMember(ports, purpose), orphaned: null }
      case 'verifier':
        return { serving: await openVerification(ports, line, purpose, () => working - 1), orphaned: null }
      case 'standby': {
        const record = openRecord(purpose, self.facts.vocabulary)
        return { serving: record, orphaned: () => orphan(purpose, record.said) }
      }
    }
  }

  /** A text is gone on with as far as what this tab does for those who are gone allows. */
  function orphan(purpose: StandbyPurpose, said: readonly number[]): void {
    const more = allowance.goOn(purpose.tokens - said.length)
    if (more > 0) events.orphaned({ ...purpose, tokens: said.length + more }, said)
  }

  async function openFor(from: NodeId, letter: Extract<Letter, { type: 'reason-open' }>): Promise<void> {
    const { session, request, epoch, purpose } = letter
    const key = keyOf(from, session)
    close(key)
    const refuse = (why: string) =>
      links.write(from, { type: 'reason-refuse', request, why: why.slice(0, 300) })
    const isCloud = asksOthers(purpose)
    const why = allowance.lacksForSession([...open.values()], { from, isCloud })
    if (why !== null) return refuse(why)
    const opening: Open = {
      from,
      isCloud,
      epoch,
      begun: begin(purpose),
      last: Promise.resolve(),
      waiting: 0,
      rest: () => {},
    }
    open.set(key, opening)
    try {
      await opening.begun
      if (open.get(key) !== opening) return
      stayWhileUsed(key)
      links.write(from, { type: 'reason-opened', session, request })
    } catch (problem) {
      if (open.get(key) === opening) close(key)
      refuse(problem instanceof Error ? problem.message : String(problem))
    }
  }

  async function heard(from: NodeId, bytes: Uint8Array): Promise<void> {
    const packet = readable(bytes, self.facts)
    if (!packet || !isQuestion(packet)) return
    const { epoch, session, at, request } = packet
    const answer = (body: { readonly type: 'refused'; readonly reason: Refusal } | Reply) =>
      links.send(from, encodePacket({ epoch, session, at, request, ...body }, self.facts))
    const key = keyOf(from, session)
    const found = open.get(key)
    if (!found) return answer({ type: 'refused', reason: 'unknown-session' })
    if (found.epoch !== epoch) return // from before somebody was replaced
    if (found.waiting >= mostWaiting) return answer({ type: 'refused', reason: 'budget-spent' })
    found.waiting++
    const answered = queue.arrived(from)
    const answering = found.last.then(async () => {
      const { serving } = await found.begun
      if (open.get(key) !== found) return
      const tokens = tokensIn(packet, self.facts) * serving.tabs
      if (!allowance.take(from, tokens)) throw new Refused('budget-spent')
      working++
      const reply = await serving.answer(packet).finally(() => working--)
      stayWhileUsed(key)
      if (tokens > 0) events.served(from, tokens)
      if (reply && open.get(key) === found) answer(reply)
    })
    found.last = answering.catch(() => {})
    try {
      await answering
    } catch (problem) {
      answer({ type: 'refused', reason: reasonOf(problem) })
    } finally {
      found.waiting--
      answered()
    }
  }

  const stopListening = links.on({
    packet: (from, bytes) => void heard(from, bytes),
    letter(from, letter) {
      if (letter.type === 'reason-open') void openFor(from, letter)
      if (letter.type === 'reason-close') close(keyOf(from, letter.session))
      if (letter.type === 'reason-borrow') lend(ports, allowance, from, letter.request)
    },
    lost(id) {
      for (const [key, { from, begun }] of [...open]) {
        if (from !== id) continue
        close(key)
        void begun.then(({ orphaned }) => orphaned?.()).catch(() => {})
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

const asksOthers = (purpose: Purpose): boolean => purpose.kind === 'verifier' && purpose.by === 'ensemble'

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

/** What this tab learned alone, if its person lets others have it. */
function lend({ links, lentAdapter }: Ports, allowance: Allowance, to: NodeId, request: number): void {
  const own = lentAdapter()
  if (own && allowance.takeBytes(to, own.length)) links.write(to, { type: 'reason-lend', request }, own)
  else
    links.write(to, { type: 'reason-refuse', request, why: own ? refusalInWords['budget-spent'] : notAgreed })
}

const reasonOf = (problem: unknown): Refusal =>
  problem instanceof Refused ? problem.reason : 'cannot-compute'

/** Null for rubbish: whoever waits for an answer to it has a deadline. */
function readable(bytes: Uint8Array, shape: PacketShape): Packet | null {
  try {
    return decodePacket(bytes, shape)
  } catch (problem) {
    if (problem instanceof BadPacket) return null
    throw problem
  }
}
