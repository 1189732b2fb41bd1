/**
 * Who hears what. Each half of a tab, and each room of the house beside them, says which kinds of messages it understands and
 * how much may be attached to one, before the tab enters its room; what it does with them it says when it is ready. So
 * nobody has to know who else listens. What nobody understands, what does not fit its kind, and what its sender has no
 * business to say is dropped, and shown.
 */
import type { z } from 'zod'
import { readBy } from '../lib/schema'
import { nothingAttached, type Understood, type WhisperKind } from '../network/letters/kinds'
import type { Message, Network, Peer } from '../network/network'
import type { Tab } from './tab/tab'

/** What one side says to another: a union of messages by `type`. */
export interface Language<Said extends Message> {
  readonly schema: z.ZodType<Said> & {
    readonly options: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[]
  }
  /** Bytes that may be attached at the moment, by kind; nothing to a kind that is not named. */
  readonly attachedBytes: { readonly [Kind in Said['type']]?: () => number }
}

/** Ignored: it comes from somebody who may have said it rightly a moment ago. */
export type Verdict = 'heard' | 'ignored' | 'nonsense'

export interface Ear<Said> {
  /** From now on; `letter`: as it was sent. Before, messages of these kinds are nonsense. */
  hear(
    listener: (from: Peer, said: Said, attached: Uint8Array | null, letter: Message) => void,
    judge?: (from: Peer, kind: string) => Verdict,
  ): void
}

export interface Channel extends WhisperKind {
  /** From 0 to 255. */
  readonly channel: number
}

export interface Router {
  /** For the network; grows with what is understood. */
  readonly understood: Understood
  /** Throws where somebody understands one of these kinds already. */
  understand<Said extends Message>(language: Language<Said>): Ear<Said>
  /** A few bytes at a time; throws where that channel is taken. */
  whispers(channel: Channel, listener: (from: Peer, bytes: Uint8Array) => void): void
  /** Hears what the network brings from now on, of peers that are known here; of others nothing. */
  listen(network: Network, isKnown?: (peer: Peer) => boolean): void
}

type Reading = (from: Peer, message: Message, attached: Uint8Array | null) => Verdict

export function routerOf({ problem }: Pick<Tab, 'problem'>): Router {
  const letters = new Map<string, () => number>()
  const whispers = new Map<number, WhisperKind>()
  const readings = new Map<string, Reading>()
  const listeners = new Map<number, (from: Peer, bytes: Uint8Array) => void>()

  function complain({ role, name }: Peer, kind: string): void {
    const who = role === 'coordinator' ? 'The coordinator' : name
    const what = `${who} sent a message (${shown(kind)}) that makes no sense here, and it was dropped.`
    problem('bad-message', `${what} Reload both tabs if this goes on.`)
  }

  return {
    understood: { letters, whispers },
    understand<Said extends Message>({ schema, attachedBytes }: Language<Said>): Ear<Said> {
      const attached: Partial<Record<string, () => number>> = attachedBytes
      const kinds = schema.options.map((option) => option.shape.type.value)
      for (const kind of kinds) {
        if (letters.has(kind)) throw new Error(`“${kind}” messages are understood already.`)
        letters.set(kind, attached[kind] ?? nothingAttached)
      }
      return {
        hear(listener, judge = () => 'heard') {
          const read: Reading = (from, message, bytes) => {
            const verdict = judge(from, message.type)
            if (verdict !== 'heard') return verdict
            const said = readBy(schema, message)
            if (!said.success) return 'nonsense'
            listener(from, said.data, bytes, message)
            return 'heard'
          }
          for (const kind of kinds) readings.set(kind, read)
        },
      }
    },
    whispers({ channel, ...kind }, listener) {
      if (whispers.has(channel)) throw new Error(`Channel ${channel} is taken.`)
      whispers.set(channel, kind)
      listeners.set(channel, listener)
    },
    listen(network, isKnown = () => true) {
      network.on('message', (id, message, attached) => {
        const from = network.peers.get(id)
        if (!from || !isKnown(from)) return
        const verdict = readings.get(message.type)?.(from, message, attached) ?? 'nonsense'
        if (verdict === 'nonsense') complain(from, message.type)
      })
      network.on('whisper', (id, channel, bytes) => {
        const from = network.peers.get(id)
        if (from && isKnown(from)) listeners.get(channel)?.(from, bytes)
      })
    },
  }
}

/** A made-up kind may be a megabyte long. */
const shown = (kind: string): string => (/^[a-z-]{1,24}$/.test(kind) ? kind : 'of an unknown kind')
