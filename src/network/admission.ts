/**
 * Who may speak. Every fresh link goes through this handshake before any other frame, and every path ends in admitted or
 * refused. The coordinator is the host, everybody else a guest:
 *
 *   guest -> host   hello      who I am, a nonce; whether I hold the secret or must knock
 *   host  -> guest  identity   public key, a nonce, a signature over the transcript
 *   host  -> guest  waiting, secret      only after a knock: a person decides, then the secret follows
 *   guest -> host   proof      HMAC(secret, 'guest' | transcript)
 *   host  -> guest  welcome    HMAC(secret, 'host' | transcript)
 *   guest -> host   entered
 *
 * The transcript holds both ids, both nonces, both introductions and the DTLS fingerprints of this very connection. So a
 * replay fails on the nonce, a reflection on the label, and a man in the middle on the fingerprints. The secret is never
 * sent, except to a guest whom a person lets in. The guest checks the signature first and reveals its proof only to the
 * holder of the key that its link names; a host reveals its own proof only to a guest that knows the secret.
 *
 * Later control messages carry no signature of their own: they come over the DTLS connection whose fingerprints the
 * coordinator has signed, so nobody can add one without its private key. Who takes over the coordinator's *id* on the
 * signalling server has another connection, and must pass here again.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { deferred } from '../lib/async'
import type { Clock } from './clock'
import { randomHex } from './ids'
import { hashOfPublicKey, isSignedBy } from './keys'
import type { PeerId } from './network'

export const handshakeTimeoutMs = 5_000
/** A knock waits for a person. */
const knockTimeoutMs = 10 * 60_000
const protocol = 'gossamer-admission-1'

export type Refusal =
  | 'wrong-secret'
  /** The host does not hold the key that our link names. */
  | 'wrong-key'
  | 'knock-refused'
  | 'timeout'
  | 'malformed'
  | 'closed'

export interface Introduction {
  readonly role: 'coordinator' | 'edge' | 'device'
  readonly name: string
  readonly deviceKey: string
}

export type Outcome =
  | {
      readonly status: 'admitted'
      readonly peer: Introduction
      readonly secret: string
      readonly publicKeyHash: string
    }
  | { readonly status: 'refused'; readonly why: Refusal }

export interface Admission {
  receive(payload: Uint8Array): void
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
  /** The host has seen a valid proof: what this peer sends from now on is genuine. */
  readonly isProven: boolean
  cancel(): void
}

export interface AdmissionPorts {
  readonly self: PeerId
  readonly peer: PeerId
  readonly binding: string
  readonly clock: Clock
  send(payload: Uint8Array): void
}

export interface Host {
  readonly introduction: Introduction
  readonly secret: string
  readonly publicKey: Uint8Array
  sign(text: string): Promise<Uint8Array>
  /** Somebody without the secret stands at the door. */
  decide(guest: Introduction): Promise<boolean>
}

export interface Guest {
  readonly introduction: Introduction
  /** Null: knock. */
  readonly secret: string | null
  /** Null: trust whoever proves that they know the secret. */
  readonly publicKeyHash: string | null
  onWaiting(): void
}

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const introduction = z.object({
  role: z.enum(['coordinator', 'edge', 'device']),
  name: z.string().max(64),
  deviceKey: z.string().max(64),
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
  z.object({ step: z.literal('waiting') }),
  z.object({ step: z.literal('secret'), secret: z.string().min(1).max(256) }),
  z.object({ step: z.literal('proof'), proof: hex(32) }),
  z.object({ step: z.literal('welcome'), proof: hex(32) }),
  z.object({ step: z.literal('entered') }),
  z.object({ step: z.literal('refused'), why: z.enum(['wrong-secret', 'knock-refused', 'malformed']) }),
])
type Step = z.output<typeof step>
type StepName = Step['step']
const maxStepBytes = 4096

class Refused extends Error {
  readonly why: Refusal
  constructor(why: Refusal) {
    super(why)
    this.why = why
  }
}

export const hostAdmission = (ports: AdmissionPorts, host: Host): Admission =>
  admission(ports, async (talk) => {
    const hello = await talk.next('hello')
    if (hello.introduction.role === 'coordinator') talk.refuse('malformed')
    const nonce = randomHex(16)
    const publicKey = bytesToHex(host.publicKey)
    const transcript = [
      protocol,
      ports.peer,
      ports.self,
      ports.binding,
      hello.nonce,
      nonce,
      hello.introduction,
      host.introduction,
      publicKey,
    ]
    const signature = bytesToHex(await host.sign(labelled('signature', transcript)))
    talk.send({ step: 'identity', nonce, introduction: host.introduction, publicKey, signature })
    if (hello.knocks) {
      talk.send({ step: 'waiting' })
      if (!(await talk.patiently(host.decide(hello.introduction)))) talk.refuse('knock-refused')
      talk.send({ step: 'secret', secret: host.secret })
    }
    const { proof } = await talk.next('proof')
    if (!isEqual(proof, mac(host.secret, 'guest', transcript))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'welcome', proof: mac(host.secret, 'host', transcript) })
    await talk.next('entered')
    return {
      status: 'admitted',
      peer: hello.introduction,
      secret: host.secret,
      publicKeyHash: hashOfPublicKey(host.publicKey),
    }
  })

export const guestAdmission = (ports: AdmissionPorts, guest: Guest): Admission =>
  admission(ports, async (talk) => {
    const nonce = randomHex(16)
    talk.send({ step: 'hello', nonce, introduction: guest.introduction, knocks: guest.secret === null })
    const identity = await talk.next('identity')
    const publicKeyHash = hashOfPublicKey(hexToBytes(identity.publicKey))
    if (guest.publicKeyHash !== null && guest.publicKeyHash !== publicKeyHash) throw new Refused('wrong-key')
    const transcript = [
      protocol,
      ports.self,
      ports.peer,
      ports.binding,
      nonce,
      identity.nonce,
      guest.introduction,
      identity.introduction,
      identity.publicKey,
    ]
    if (
      !(await isSignedBy(
        bytesOf(identity.publicKey),
        bytesOf(identity.signature),
        labelled('signature', transcript),
      ))
    )
      throw new Refused('wrong-key')
    let secret = guest.secret
    if (secret === null) {
      await talk.next('waiting')
      guest.onWaiting()
      secret = (await talk.patiently(talk.next('secret'))).secret
    }
    talk.send({ step: 'proof', proof: mac(secret, 'guest', transcript) })
    const { proof } = await talk.next('welcome')
    if (!isEqual(proof, mac(secret, 'host', transcript))) throw new Refused('wrong-secret')
    talk.send({ step: 'entered' })
    return { status: 'admitted', peer: identity.introduction, secret, publicKeyHash }
  })

interface Talk {
  send(message: Step): void
  next<Name extends StepName>(name: Name): Promise<Extract<Step, { step: Name }>>
  /** Waits for a person instead of a machine. */
  patiently<T>(promise: Promise<T>): Promise<T>
  proven(): void
  /** Tells the other side why, then ends here. */
  refuse(why: Extract<Step, { step: 'refused' }>['why']): never
}

/** Runs one side's script with an inbox, a time limit and exactly one end. */
function admission(ports: AdmissionPorts, script: (talk: Talk) => Promise<Outcome>): Admission {
  const ending = deferred<never>()
  const inbox: Step[] = []
  let wake = () => {}
  let isProven = false
  let isOver = false
  let stopWaiting = () => {}
  const limit = (milliseconds: number) => {
    stopWaiting()
    stopWaiting = ports.clock.after(milliseconds, () => ending.reject(new Refused('timeout')))
  }
  const talk: Talk = {
    send: (message) => ports.send(new TextEncoder().encode(JSON.stringify(message))),
    async next(name) {
      while (inbox.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      const message = inbox.shift()!
      if (message.step === 'refused') throw new Refused(message.why)
      if (message.step !== name) throw new Refused('malformed')
      return message as Extract<Step, { step: typeof name }>
    },
    async patiently(promise) {
      limit(knockTimeoutMs)
      const value = await promise
      limit(handshakeTimeoutMs)
      return value
    },
    proven: () => {
      isProven = true
    },
    refuse(why) {
      talk.send({ step: 'refused', why })
      throw new Refused(why)
    },
  }
  limit(handshakeTimeoutMs)
  const outcome = Promise.race([script(talk), ending.promise])
    .catch(
      (error: unknown): Outcome => ({
        status: 'refused',
        why: error instanceof Refused ? error.why : 'closed',
      }),
    )
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
      const message = payload.length <= maxStepBytes ? parseStep(payload) : null
      if (!message) return ending.reject(new Refused('malformed'))
      inbox.push(message)
      wake()
    },
    cancel: () => ending.reject(new Refused('closed')),
  }
}

function parseStep(payload: Uint8Array): Step | null {
  try {
    return step.safeParse(JSON.parse(new TextDecoder().decode(payload))).data ?? null
  } catch {
    return null
  }
}

const bytesOf = (text: string) => new Uint8Array(hexToBytes(text))
const labelled = (label: string, transcript: unknown[]) => JSON.stringify([label, ...transcript])
const mac = (secret: string, label: string, transcript: unknown[]): string => {
  const encoder = new TextEncoder()
  return bytesToHex(hmac(sha256, encoder.encode(secret), encoder.encode(labelled(label, transcript))))
}

/** Takes the same time wherever the first difference lies. */
function isEqual(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  return difference === 0
}
