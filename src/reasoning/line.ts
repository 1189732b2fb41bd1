/**
 * Questions to other tabs and their answers. Every question ends: with the answer, when the asker gives up, when its patience is
 * over, or when the other is lost. An answer counts if it is to a question that is still open, from whom it was put to, in the
 * epoch in which it was put; anything else is too late and changes nothing.
 */
import type { Clock } from '../network/time/clock'
import type { Links, NodeId } from './ports'
import { countTraffic, type Traffic } from './traffic'
import { decodePacket, encodePacket, type PacketShape } from './wire/binary'
import type { Letter, Purpose } from './wire/letters'
import {
  type AnswerPacket,
  isQuestion,
  type Packet,
  type PacketHead,
  type QuestionPacket,
} from './wire/packets'
import { BadPacket } from './wire/payloads'

export type LossReason = 'gone' | 'late' | 'refused' | 'nonsense'

/** There is no answer, and why. Whoever asked goes on without that tab. */
export class Unanswered extends Error {
  override name = 'Unanswered'
  readonly by: NodeId
  readonly reason: LossReason

  constructor(by: NodeId, reason: LossReason, message: string) {
    super(message)
    this.by = by
    this.reason = reason
  }
}

/** That there is no answer, as a value; anything else is thrown. */
export function unansweredBy(problem: unknown): Unanswered {
  if (!(problem instanceof Unanswered)) throw problem
  return problem
}

export interface Patience {
  readonly forMs: number
  readonly signal: AbortSignal
}

type QuestionOf<Type extends QuestionPacket['type']> = Omit<Extract<Packet, { type: Type }>, 'request'>

export interface Line {
  /** A number for a session that this tab has not used lately. */
  newSession(): number
  /** Opens a session at another tab. Rejects with an `Unanswered`. */
  open(
    to: NodeId,
    head: Pick<PacketHead, 'session' | 'epoch'>,
    purpose: Purpose,
    patience: Patience,
  ): Promise<void>
  /** Rejects with an `Unanswered`, or with the signal's reason. */
  ask(
    to: NodeId,
    question: QuestionOf<'pass'> | QuestionOf<'tokens'> | QuestionOf<'draft'>,
    patience: Patience,
  ): Promise<AnswerPacket>
  /** The adapter that another tab learned alone. */
  borrow(to: NodeId, patience: Patience): Promise<Uint8Array>
  /** Said without waiting for an answer. */
  tell(to: NodeId, packet: QuestionOf<'tokens'>): void
  close(to: NodeId, session: number): void
  /** Of all packets and lent adapters, to and from others so far. */
  readonly traffic: Traffic
  end(): void
}

interface Waiting {
  readonly to: NodeId
  readonly head: Pick<PacketHead, 'session' | 'epoch'> | null
  settle(answer: AnswerPacket | Uint8Array | null): void
  fail(reason: LossReason, message: string): void
}

const numbers = 65_536

export function openLine(links: Links, clock: Clock, shape: PacketShape): Line {
  const waiting = new Map<number, Waiting>()
  const { traffic, count } = countTraffic()
  let lastRequest = 0
  let lastSession = 0

  /** Puts a question by `put`, which is given its number, and waits. */
  function wait<Result>(
    to: NodeId,
    head: Waiting['head'],
    { forMs, signal }: Patience,
    put: (request: number) => void,
  ): Promise<Result> {
    signal.throwIfAborted()
    if (!links.members().some(({ id }) => id === to))
      return Promise.reject(new Unanswered(to, 'gone', isGone))
    const request = lastRequest
    lastRequest = (lastRequest + 1) % numbers
    return new Promise<Result>((resolve, reject) => {
      const over = () => {
        waiting.delete(request)
        cancel()
        signal.removeEventListener('abort', aborted)
      }
      const fail: Waiting['fail'] = (reason, message) => {
        over()
        reject(new Unanswered(to, reason, message))
      }
      const cancel = clock.after(forMs, () =>
        fail('late', `It did not answer within ${Math.round(forMs)} ms.`),
      )
      const aborted = () => {
        over()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', aborted)
      waiting.set(request, {
        to,
        head,
        fail,
        settle(answer) {
          over()
          resolve(answer as Result)
        },
      })
      put(request)
    })
  }

  const send = (to: NodeId, packet: Packet): void => {
    const bytes = encodePacket(packet, shape)
    count(to, packet.type, 'sent', bytes.length)
    links.send(to, bytes)
  }
  const openTo = (request: number, from: NodeId): Waiting | null => {
    const found = waiting.get(request)
    return found?.to === from ? found : null
  }

  function heardPacket(from: NodeId, bytes: Uint8Array): void {
    let packet: Packet
    try {
      packet = decodePacket(bytes, shape)
    } catch (problem) {
      if (!(problem instanceof BadPacket)) throw problem
      for (const one of [...waiting.values()])
        if (one.to === from) one.fail('nonsense', `It answers rubbish: ${problem.message}`)
      return
    }
    if (isQuestion(packet)) return // a question to this tab: its service hears it
    const question = openTo(packet.request, from)
    if (question?.head?.epoch !== packet.epoch || question.head.session !== packet.session) return
    count(from, packet.type, 'received', bytes.length)
    if (packet.type === 'refused') question.fail('refused', refusalInWords[packet.reason])
    else question.settle(packet)
  }

  function heardLetter(from: NodeId, letter: Letter, attached: Uint8Array | null): void {
    if (letter.type === 'reason-opened') openTo(letter.request, from)?.settle(null)
    if (letter.type === 'reason-refuse') openTo(letter.request, from)?.fail('refused', letter.why)
    const borrowing = letter.type === 'reason-lend' ? openTo(letter.request, from) : null
    if (!borrowing || !attached) return
    count(from, 'adapter', 'received', attached.length)
    borrowing.settle(attached)
  }

  const stopListening = links.on({
    packet: heardPacket,
    letter: heardLetter,
    lost(id) {
      for (const one of [...waiting.values()]) if (one.to === id) one.fail('gone', isGone)
    },
  })

  return {
    traffic,
    newSession() {
      lastSession = (lastSession + 1) % numbers
      return lastSession
    },
    open: (to, { session, epoch }, purpose, patience) =>
      wait<void>(to, null, patience, (request) =>
        links.write(to, { type: 'reason-open', session, epoch, request, purpose }),
      ),
    ask: (to, question, patience) =>
      wait<AnswerPacket>(to, question, patience, (request) => send(to, { ...question, request })),
    borrow: (to, patience) =>
      wait<Uint8Array>(to, null, patience, (request) => links.write(to, { type: 'reason-borrow', request })),
    tell: (to, packet) => send(to, { ...packet, request: 0 }),
    close: (to, session) => links.write(to, { type: 'reason-close', session }),
    end() {
      stopListening()
      for (const one of [...waiting.values()]) one.fail('gone', 'This tab ends its part.')
    },
  }
}

const isGone = 'Its tab was closed or lost its link.'

export const refusalInWords = {
  'unknown-session': 'It knows nothing of this text any more.',
  'not-there-yet': 'It has not read so far.',
  'cannot-compute': 'Its engine failed.',
  'budget-spent': 'It has answered as much as its person allows.',
  nonsense: 'It does not understand the question.',
} as const
