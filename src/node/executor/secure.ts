/**
 * Secure rounds at whoever merges, a coordinator or an edge: what the reducer decides (federation/rounds/together.ts) is said to
 * devices, what they answer is kept under the session that it belongs to (federation/secure/server.ts) and told to the reducer,
 * and the sum without its masks becomes one update, which is merged like any other. Nothing of a session is stored: after a
 * reload its keys are gone, and the round is tried again with new ones.
 */
import type { MergeEffect, SecureEffect } from '../../federation/effects'
import type { RoundHappening, SecureStep } from '../../federation/events'
import type { Cryptography } from '../../federation/secure/cryptography'
import { meanOf, nextRange } from '../../federation/secure/quantising'
import { type SecureServer, secureServer } from '../../federation/secure/server'
import type { AdapterId, DeviceKey } from '../../federation/types'
import { fromBase64, toBase64 } from '../../lib/base64'
import { largestOf } from '../../lib/extremes'
import { sha256Hex } from '../../lib/hash'
import { sentence } from '../../lib/sentence'
import type { FromWhoMerges, Hand, ToWhoMerges } from '../wire/secureMessages'
import { spent } from './receiveUpdates'

export interface SecureRoundsParts {
  readonly cryptography: Cryptography
  readonly send: (to: DeviceKey, message: FromWhoMerges) => void
  readonly happen: (event: RoundHappening) => void
  /** Tells teacher and device why something does not count. */
  readonly refuse: (device: DeviceKey, round: number, complaint: string) => void
  readonly isAwaited: (device: DeviceKey, round: number) => boolean
  /** Numbers in a vector of this round. */
  readonly countOf: (round: number) => number
  /** How the training of a device went whose vector has come. */
  readonly trained: (
    device: DeviceKey,
    trained: { readonly loss: number | null; readonly examples: number },
  ) => void
}

interface Session {
  readonly id: string
  readonly adapter: AdapterId
  readonly round: number
  readonly server: SecureServer
  readonly asked: ReadonlySet<DeviceKey>
  /** What each device has set under its keys, for the others to see. */
  readonly hands: Map<DeviceKey, Hand>
  /** Examples of those whose vectors have come. */
  readonly examples: Map<DeviceKey, number>
  survivors: readonly DeviceKey[]
  /** Numbers of a vector lie between -range and range. */
  range: number
}

/** What a secure round's vectors come to. */
export interface OpenedSum {
  /** Float32 numbers, in the order of their tensors' sorted names. */
  readonly mean: Uint8Array
  readonly examples: number
}

export class SecureRounds {
  readonly #parts: SecureRoundsParts
  /** One for each adapter: a new try takes the place of the last. */
  readonly #sessions = new Map<AdapterId, Session>()
  /** Of each adapter the largest number of the last mean, from which the range of the next follows. */
  readonly #largest = new Map<AdapterId, number>()

  constructor(parts: SecureRoundsParts) {
    this.#parts = parts
  }

  perform(effect: SecureEffect): void {
    const { send } = this.#parts
    if (effect.type === 'ask-keys') return this.#begin(effect)
    const session = this.#sessions.get(effect.adapter)
    if (session?.round !== effect.round) return
    const { id, server } = session
    switch (effect.type) {
      case 'close-roster': {
        const { parties, merger } = server.close(effect.devices, effect.merger)
        const written = parties.map(({ cipherKey, maskKey, ...party }) => ({
          ...party,
          cipherKey: toBase64(cipherKey),
          maskKey: toBase64(maskKey),
          hand: session.hands.get(party.device)!,
        }))
        for (const { device } of parties)
          send(device, { type: 'secure-list', session: id, parties: written, merger })
        return
      }
      case 'pass-shares':
        session.range = nextRange(this.#largest.get(session.adapter) ?? null)
        for (const device of effect.to) {
          const sealed = written(server.sealedFor(device, effect.to))
          send(device, { type: 'secure-shares', session: id, sealed, range: session.range })
        }
        return
      case 'unmask':
        session.survivors = effect.survivors
        for (const device of effect.survivors)
          send(device, { type: 'secure-unmask', session: id, survivors: [...effect.survivors] })
        return
    }
  }

  hear(device: DeviceKey, message: ToWhoMerges, attachment: Uint8Array | null): void {
    const session = [...this.#sessions.values()].find(({ id }) => id === message.session)
    if (!session?.asked.has(device)) return
    const { server, round } = session
    switch (message.type) {
      case 'secure-keys': {
        const keys = { cipherKey: fromBase64(message.cipherKey), maskKey: fromBase64(message.maskKey) }
        session.hands.set(device, message.hand)
        return this.#taken(session, device, 'keys', server.takeKeys(device, keys))
      }
      case 'secure-shared': {
        const { commitment, sealed } = message
        const complaint = server.takeShares(device, { commitment, sealed: read(sealed) })
        return this.#taken(session, device, 'shares', complaint)
      }
      case 'masked':
        return this.#vector(session, device, message, attachment)
      case 'secure-told': {
        const told = { ofMasks: read(message.ofMasks), ofKeys: read(message.ofKeys) }
        return this.#taken(
          session,
          device,
          'unmasking',
          server.takeUnmasking(device, told, session.survivors),
        )
      }
      case 'secure-refusal':
        return this.#refused(device, round, `that device does not go on: ${message.reason}`)
    }
  }

  /** Takes the masks off. @throws UnmaskingError in words where that does not come to a sum */
  async open({ adapter, round }: Pick<MergeEffect, 'adapter' | 'round'>): Promise<OpenedSum> {
    const session = this.#sessions.get(adapter)
    if (session?.round !== round) throw new Error('nothing was sent under masks')
    const { server, survivors, range, examples } = session
    try {
      const { sum, grid } = await server.unmask(survivors, range)
      const mean = meanOf(sum, grid)
      this.#largest.set(adapter, largestOf(mean.map(Math.abs)))
      const together = survivors.reduce((all, device) => all + (examples.get(device) ?? 0), 0)
      return { mean: new Uint8Array(Float32Array.from(mean).buffer), examples: together }
    } finally {
      this.forget(adapter)
    }
  }

  /** Its round has come to nothing, or is merged. */
  forget(adapter: AdapterId): void {
    this.#sessions.delete(adapter)
  }

  #begin({ adapter, round, to }: SecureEffect & { type: 'ask-keys' }): void {
    const { cryptography, send } = this.#parts
    const id = Array.from(cryptography.randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
    this.#sessions.set(adapter, {
      id,
      adapter,
      round,
      server: secureServer(cryptography),
      asked: new Set(to),
      hands: new Map(),
      examples: new Map(),
      survivors: [],
      range: 0,
    })
    for (const device of to) send(device, { type: 'secure-begin', round, session: id })
  }

  #taken({ round }: Session, device: DeviceKey, step: SecureStep, complaint: string | null): void {
    if (complaint === null) this.#parts.happen({ type: 'step-taken', step, device, round })
    else this.#refused(device, round, complaint)
  }

  #vector(
    { server, round, examples: all }: Session,
    device: DeviceKey,
    { loss, examples, version, hash, within }: ToWhoMerges & { type: 'masked' },
    bytes: Uint8Array | null,
  ): void {
    const { isAwaited, countOf, trained, happen } = this.#parts
    if (!isAwaited(device, round)) return
    if (!bytes && examples === 0) return happen({ type: 'update-refused', device, round, reason: spent })
    if (!bytes)
      return this.#refused(
        device,
        round,
        'it is NaN or infinite: training diverged on that device (try a smaller learning rate)',
      )
    const complaint =
      sha256Hex(bytes) === hash
        ? server.takeVector(device, bytes, countOf(round))
        : 'its bytes do not match their hash'
    if (complaint !== null) return this.#refused(device, round, complaint)
    all.set(device, examples)
    trained(device, { loss, examples })
    const word = within === null ? {} : { within }
    happen({ type: 'update-arrived', device, round, version, examples, ...word })
  }

  #refused(device: DeviceKey, round: number, complaint: string): void {
    const { refuse, happen } = this.#parts
    refuse(device, round, complaint)
    happen({ type: 'update-refused', device, round, reason: sentence(complaint) })
  }
}

const read = (written: Readonly<Record<string, string>>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(written).map(([device, text]) => [device, fromBase64(text)]))

const written = (bytes: Readonly<Record<string, Uint8Array>>): Record<string, string> =>
  Object.fromEntries(Object.entries(bytes).map(([device, own]) => [device, toBase64(own)]))
