/**
 * One side of a handshake: the steps that may be said, an inbox to await them from, a time limit, and exactly one end.
 * What is said in which order is `admission.ts` and `peer-admission.ts`; this file makes sure that it ends in admitted or refused whatever the
 * other side does.
 */
import { z } from 'zod'
import { deferred } from '../../lib/async'
import { readBy } from '../../lib/schema'
import type { Identity } from '../identity/identity'
import { type Introduction, introduction } from '../introduction'
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
  /** Nobody new is let in. */
  | 'locked'
  /** The other end's page is older or newer, and the two would not understand each other. */
  | 'other-version'
  | 'timeout'
  | 'malformed'
  /** It coordinates our room now: another try, with its key, will go well. */
  | 'followed'
  | 'closed'

/** Refused for a reason that another try does not cure. */
export const isFinal = (why: Refusal): boolean =>
  why === 'wrong-secret' || why === 'wrong-key' || why === 'knock-refused'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const step = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('hello'),
    nonce: hex(16),
    introduction,
    knocks: z.boolean(),
    /** Its link names the host's key. */
    pins: z.boolean(),
    pass: hex(64).nullable(),
  }),
  z.object({ step: z.literal('identity'), nonce: hex(16), introduction, signature: hex(64) }),
  z.object({
    step: z.literal('greeting'),
    nonce: hex(16),
    introduction,
    pass: hex(64).nullable(),
    signature: hex(64),
  }),
  /** Between a coordinator and a guest with another key in its link (`lineage.ts`). */
  z.object({ step: z.literal('ask'), piece: z.number().int().min(0).max(255) }),
  z.object({
    step: z.literal('piece'),
    pieces: z.number().int().min(0).max(256),
    text: z.string().max(1500),
  }),
  z.object({ step: z.literal('offer') }),
  z.object({ step: z.literal('opening'), opening: hex(16), signature: hex(64) }),
  z.object({ step: z.literal('waiting') }),
  z.object({ step: z.literal('secret'), secret: z.string().min(1).max(256) }),
  z.object({ step: z.literal('proof'), proof: hex(32) }),
  z.object({ step: z.literal('welcome'), proof: hex(32), pass: hex(64).nullable() }),
  z.object({ step: z.literal('entered') }),
  z.object({
    step: z.literal('refused'),
    why: z.enum(['wrong-secret', 'wrong-key', 'knock-refused', 'locked', 'malformed']),
  }),
])
/** Rides beside each step. It needs no proof: who changes it has only kept two tabs apart. */
const version = z.object({ speaks: z.number().int().positive().optional() })
/** Of a page that does not say which. */
const firstVersion = 1
export type Step = z.output<typeof step>
export type { Introduction } from '../introduction'

export type Outcome =
  | {
      readonly status: 'admitted'
      readonly peer: Introduction
      readonly secret: string
      /** Of the coordinator's key; null between two that are no coordinator. */
      readonly publicKeyHash: string | null
      /** To be compared by two people where the guest's link named no key; null: nothing need be compared. */
      readonly phrase: string | null
      /** The coordinator's word for others that this tab is of its room; null from anybody else. */
      readonly pass: string | null
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
  /** Whichever of these comes. */
  next<Name extends Step['step']>(...names: readonly Name[]): Promise<Extract<Step, { step: Name }>>
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
    async next(...names) {
      while (inbox.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const message = inbox.shift()!
      // Before the first step has been answered nobody can know a reason: an impostor wants to scare us off.
      if (message.step === 'refused') throw new Refused(names.some(isFirst) ? 'malformed' : message.why)
      if (!names.some((name) => name === message.step)) throw new Refused('malformed')
      return message as Extract<Step, { step: (typeof names)[number] }>
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
      const isBearable = payload.length <= maxStepBytes && inbox.length < inboxLimit
      const { message, speaks: theirs } = isBearable ? parseStep(payload) : nonsense
      if (!message)
        return ending.reject(new Refused(theirs === languageVersion ? 'malformed' : 'other-version'))
      speaks = theirs
      inbox.push(message)
      wake()
    },
    cancel: () => ending.reject(new Refused('closed')),
  }
}

const isFirst = (name: Step['step']) => name === 'hello' || name === 'identity' || name === 'greeting'

interface Parsed {
  /** Null: it makes no sense in the language that is spoken here. */
  readonly message: Step | null
  readonly speaks: number
}

const nonsense: Parsed = { message: null, speaks: languageVersion }

function parseStep(payload: Uint8Array): Parsed {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(payload))
    const { data: by } = readBy(version, said)
    if (!by) return nonsense
    const { data: message } = readBy(step, said)
    if (message) return { message, speaks: by.speaks ?? firstVersion }
    return by.speaks === undefined ? nonsense : { message: null, speaks: by.speaks }
  } catch {
    return nonsense
  }
}
