/**
 * One side of a handshake: the steps that may be said, an inbox to await them from, a time limit, and exactly one end.
 * What is said in which order is `admission.ts` and `peer-admission.ts`; this file makes sure that it ends in admitted or refused whatever the
 * other side does.
 */
import { z } from 'zod'
import { deferred } from '../../lib/async'
import { readBy } from '../../lib/schema'
import type { Identity } from '../identity/identity'
import { deviceKey, deviceName } from '../introduction'
import { languageVersion } from '../letters/version'
import type { PeerId } from '../network'
import type { Clock } from '../time/clock'

export const handshakeTimeoutMs = 5_000
/** A knock waits for a person. */
export const knockTimeoutMs = 10 * 60_000
const maxStepBytes = 4096
/** Nobody has reason to say more than two steps ahead. */
const inboxLimit = 4

export type Refusal =
  | 'wrong-secret'
  /** The host does not hold the key that our link names. */
  | 'wrong-key'
  | 'knock-refused'
  /** The other end's page is older or newer, and the two would not understand each other. */
  | 'other-version'
  | 'timeout'
  | 'malformed'
  | 'closed'

/** Refused for a reason that another try does not cure. */
export const isFinal = (why: Refusal): boolean =>
  why === 'wrong-secret' || why === 'wrong-key' || why === 'knock-refused'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const introduction = z.object({
  role: z.enum(['coordinator', 'edge', 'device']),
  name: deviceName,
  deviceKey,
})
const step = z.discriminatedUnion('step', [
  z.object({ step: z.literal('hello'), nonce: hex(16), introduction, knocks: z.boolean() }),
  z.object({
    step: z.literal('identity'),
    nonce: hex(16),
    introduction,
    publicKey: hex(65),
    signature: hex(64),
  }),
  z.object({ step: z.literal('greeting'), nonce: hex(16), introduction }),
  z.object({ step: z.literal('waiting') }),
  z.object({ step: z.literal('secret'), secret: z.string().min(1).max(256) }),
  z.object({ step: z.literal('proof'), proof: hex(32) }),
  z.object({ step: z.literal('welcome'), proof: hex(32) }),
  z.object({ step: z.literal('entered') }),
  z.object({
    step: z.literal('refused'),
    why: z.enum(['wrong-secret', 'wrong-key', 'knock-refused', 'malformed']),
  }),
])
/** Rides beside each step. It needs no proof: who changes it has only kept two tabs apart. */
const version = z.object({ speaks: z.number().int().positive().default(1) })
export type Step = z.output<typeof step>
export type Introduction = Readonly<z.output<typeof introduction>>

export type Outcome =
  | {
      readonly status: 'admitted'
      readonly peer: Introduction
      readonly secret: string
      /** Of the coordinator's key; null between two that are no coordinator. */
      readonly publicKeyHash: string | null
    }
  | { readonly status: 'refused'; readonly why: Refusal }

export type Admitted = Extract<Outcome, { readonly status: 'admitted' }>

export interface Conversation {
  receive(payload: Uint8Array): void
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
  /** The other side has proven itself: what it sends from now on is genuine, whatever lane it comes on. */
  readonly isProven: boolean
  cancel(): void
}

export interface ConversationPorts {
  readonly self: PeerId
  readonly peer: PeerId
  readonly binding: string
  readonly clock: Clock
  readonly identity: Identity
  send(payload: Uint8Array): void
}

/** What a script can do. Each call throws `Refused` when the conversation is over. */
export interface Talk {
  send(message: Step): void
  next<Name extends Step['step']>(name: Name): Promise<Extract<Step, { step: Name }>>
  /** Waits for a person instead of a machine. */
  patiently<T>(promise: Promise<T>): Promise<T>
  proven(): void
  /** Tells the other side why, then ends here. */
  refuse(why: Extract<Step, { step: 'refused' }>['why']): never
}

export class Refused extends Error {
  readonly why: Refusal
  constructor(why: Refusal) {
    super(why)
    this.why = why
  }
}

export function conversation(
  { clock, send }: ConversationPorts,
  script: (talk: Talk) => Promise<Outcome>,
): Conversation {
  const ending = deferred<never>()
  const inbox: Step[] = []
  let wake = () => {}
  let isProven = false
  let speaks = languageVersion
  let isOver = false
  let stopWaiting = () => {}
  const assertRunning = () => {
    if (isOver) throw new Refused('closed')
  }
  const limit = (milliseconds: number) => {
    stopWaiting()
    stopWaiting = clock.after(milliseconds, () => ending.reject(new Refused('timeout')))
  }
  const talk: Talk = {
    send(message) {
      assertRunning()
      send(new TextEncoder().encode(JSON.stringify({ ...message, speaks: languageVersion })))
    },
    async next(name) {
      while (inbox.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const message = inbox.shift()!
      // Before the first step has been answered nobody can know a reason: an impostor wants to scare us off.
      if (message.step === 'refused') throw new Refused(isFirst(name) ? 'malformed' : message.why)
      if (message.step !== name) throw new Refused('malformed')
      return message as Extract<Step, { step: typeof name }>
    },
    async patiently(promise) {
      limit(knockTimeoutMs)
      const value = await promise
      assertRunning()
      limit(handshakeTimeoutMs)
      return value
    },
    proven() {
      isProven = true
    },
    refuse(why) {
      talk.send({ step: 'refused', why })
      throw new Refused(why)
    },
  }
  limit(handshakeTimeoutMs)
  const refusal = (error: unknown): Outcome => ({
    status: 'refused',
    why: error instanceof Refused ? error.why : 'closed',
  })
  const understood = (outcome: Outcome): Outcome =>
    outcome.status === 'admitted' && speaks !== languageVersion
      ? { status: 'refused', why: 'other-version' }
      : outcome
  const outcome = Promise.race([script(talk), ending.promise])
    .then(understood)
    .catch(refusal)
    .finally(() => {
      isOver = true
      stopWaiting()
    })
  return {
    outcome,
    get isProven() {
      return isProven
    },
    receive(payload) {
      if (isOver) return
      const said = payload.length <= maxStepBytes && inbox.length < inboxLimit ? parseStep(payload) : null
      if (!said) return ending.reject(new Refused('malformed'))
      speaks = said.speaks
      inbox.push(said.message)
      wake()
    },
    cancel: () => ending.reject(new Refused('closed')),
  }
}

const isFirst = (name: Step['step']) => name === 'hello' || name === 'identity' || name === 'greeting'

function parseStep(payload: Uint8Array): { readonly message: Step; readonly speaks: number } | null {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(payload))
    const { data: message } = readBy(step, said)
    const { data: by } = readBy(version, said)
    return message && by ? { message, speaks: by.speaks } : null
  } catch {
    return null
  }
}
