/**
 * Secure rounds at a device: it answers each step of the protocol at once (federation/secure/client.ts), while it trains, and
 * sends what it has learned under masks as soon as both are there, the training and the others' shares. One session counts at
 * a time, the newest: a round that is tried again begins another, with other keys. Once a device has told its shares, the sum may
 * be known: the same update in another one, of all but one of the devices, would tell the difference, which is that one's update.
 * So for the next try other batches are drawn, and nothing is sent again that was learned before.
 */

import { Refusal, type SecureClient, secureClient } from '../../federation/secure/client'
import type { DeviceKey } from '../../federation/types'
import { fromBase64, toBase64 } from '../../lib/base64'
import { sha256Hex } from '../../lib/hash'
import { sentence } from '../../lib/sentence'
import type { Identity, SigningKey } from '../../network/identity/identity'
import type { Tab } from '../tab/tab'
import { handUnder, isOwnHand } from '../wire/hands'
import type { Order } from '../wire/messages'
import type { FromWhoMerges, ToWhoMerges } from '../wire/secureMessages'
import type { Reply } from './outbox'

/** What a device has learned by an order. */
export interface Result {
  readonly order: Order
  /** False once another order has come. */
  readonly isCurrent: () => boolean
  /** Null: training diverged. */
  readonly vector: Float32Array | null
  readonly examples: number
  /** Null: it is private, or training diverged. */
  readonly loss: number | null
  /** Whether the change stayed within a clip that follows lengths, under noise; null: the clip follows none. */
  readonly within: number | null
  /** How often shares had been told for this round when its batches were drawn. */
  readonly draw: number
}

interface Answer {
  readonly message: ToWhoMerges
  readonly attachment?: Uint8Array
}

interface Shares {
  readonly sealed: Readonly<Record<string, Uint8Array>>
  readonly range: number
}

interface Session {
  readonly id: string
  readonly round: number
  readonly client: Promise<SecureClient>
  readonly reply: Reply
  shares: Shares | null
  result: Result | null
  hasSent: boolean
  hasTold: boolean
}

const mostKnown = 32

export class Masking {
  readonly #tab: Tab
  readonly #self: DeviceKey
  readonly #identity: Identity
  readonly #signingKey: SigningKey
  #session: Session | null = null
  #known: readonly string[] = []
  #latest: Result | null = null
  /** By round: in how many sessions this device has told its shares. */
  readonly #told = new Map<number, number>()

  constructor(tab: Tab, identity: Identity, signingKey: SigningKey) {
    this.#tab = tab
    this.#self = tab.selfKey
    this.#identity = identity
    this.#signingKey = signingKey
  }

  hear(message: FromWhoMerges, reply: Reply): void {
    if (message.type === 'secure-begin') {
      const { session: id, round } = message
      // Said twice, or late: a session that was given up must not come back.
      if (this.#known.includes(id)) return
      this.#known = [...this.#known, id].slice(-mostKnown)
      const client = secureClient(this.#self, this.#identity)
      const session: Session = {
        id,
        round,
        client,
        reply,
        shares: null,
        result: this.#early(round),
        hasSent: false,
        hasTold: false,
      }
      this.#session = session
      return this.#answer(session, async ({ keys }) => {
        const written = { cipherKey: toBase64(keys.cipherKey), maskKey: toBase64(keys.maskKey) }
        const named = { device: this.#self, ...written }
        const hand = await handUnder(this.#identity, this.#signingKey, id, named)
        return { message: { type: 'secure-keys', session: id, ...written, hand } }
      })
    }
    const session = this.#session
    // A session of before a reload, or of a try that was given up, is no more.
    if (session?.id !== message.session) return
    const { id } = session
    switch (message.type) {
      case 'secure-list':
        return this.#answer(session, async (client) => {
          const { parties, merger } = message
          for (const party of parties)
            if (!(await isOwnHand(this.#identity, id, party)))
              throw new Refusal('the list of devices has keys that their owner has not signed')
          if (this.#sharesNoise() && new Set(parties.map(({ weight }) => weight)).size > 1)
            throw new Refusal(
              'the list of devices weighs them unequally, so their noise would not hide each of them',
            )
          const read = parties.map(({ device, weight, cipherKey, maskKey }) => ({
            device,
            weight,
            cipherKey: fromBase64(cipherKey),
            maskKey: fromBase64(maskKey),
          }))
          const { commitment, sealed } = await client.share({ parties: read, merger })
          return { message: { type: 'secure-shared', session: id, commitment, sealed: written(sealed) } }
        })
      case 'secure-shares': {
        const { sealed, range } = message
        const read = Object.entries(sealed).map(([device, text]) => [device, fromBase64(text)])
        session.shares ??= { sealed: Object.fromEntries(read), range }
        return this.#sendIfReady(session)
      }
      case 'secure-unmask':
        this.#tells(session)
        return this.#answer(session, async (client) => {
          const { ofMasks, ofKeys } = await client.unmask(message.survivors)
          const shares = { ofMasks: written(ofMasks), ofKeys: written(ofKeys) }
          return { message: { type: 'secure-told', session: id, ...shares } }
        })
    }
  }

  /** Which batches are drawn for this round: others than those of a sum that may be known. */
  drawOf(round: number): number {
    return this.#told.get(round) ?? 0
  }

  /** Sends it under masks, once others' shares are here; nothing, where its round is no more. */
  send(result: Result): void {
    this.#latest = result
    const session = this.#session
    if (session?.round !== result.order.round || !this.#isNew(result)) return
    session.result ??= result
    this.#sendIfReady(session)
  }

  #sendIfReady(session: Session): void {
    const { shares, result, hasSent, id } = session
    if (!shares || !result || hasSent) return
    session.hasSent = true
    const { order, vector, examples, loss, within } = result
    const common = { type: 'masked', session: id, version: order.version, examples, within } as const
    if (!vector) return session.reply({ ...common, loss: null, hash: sha256Hex(new Uint8Array()) })
    this.#answer(session, async (client) => {
      const bytes = await client.send(shares.sealed, vector, shares.range)
      return { message: { ...common, loss, hash: sha256Hex(bytes) }, attachment: bytes }
    })
  }

  /** Whether no sum that may be known holds it. */
  #isNew({ order, draw }: Result): boolean {
    return draw === this.drawOf(order.round)
  }

  #tells(session: Session): void {
    if (!session.hasSent || session.hasTold) return
    session.hasTold = true
    this.#told.set(session.round, this.drawOf(session.round) + 1)
  }

  /** Whether each device adds a share of the noise that is to hide them all. */
  #sharesNoise(): boolean {
    return this.#tab.store.getState().settings.privacy === 'client'
  }

  /** What was learned before its session began: very short training ends before the order's next word. */
  #early(round: number): Result | null {
    const latest = this.#latest
    return latest?.order.round === round && latest.isCurrent() && this.#isNew(latest) ? latest : null
  }

  /** Takes a step, and says what came of it, or why this device goes no further. */
  #answer(session: Session, step: (client: SecureClient) => Promise<Answer>): void {
    const { client, reply, id, round } = session
    client
      .then(step)
      .then(({ message, attachment }) => {
        if (this.#session === session) reply(message, attachment)
      })
      .catch((error: unknown) => {
        const reason = error instanceof Refusal ? error.message : 'its keys could not be made or read'
        reply({ type: 'secure-refusal', session: id, reason })
        this.#tab.problem(
          'secure-refused',
          sentence(`This device does not go on in round ${round}: ${reason}`),
        )
      })
  }
}

const written = (bytes: Readonly<Record<string, Uint8Array>>): Record<string, string> =>
  Object.fromEntries(Object.entries(bytes).map(([device, own]) => [device, toBase64(own)]))
