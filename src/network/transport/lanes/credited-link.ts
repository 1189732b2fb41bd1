/**
 * A link over anything that carries small messages in order and says nothing about their delivery: a BroadcastChannel, a
 * relay. The receiver acknowledges each message; what is not acknowledged counts as buffered, and the lane waits as it
 * would on a data channel.
 */
import { emitter } from '../../../lib/emitter'
import type { Clock } from '../../time/clock'
import type { Lane, Link, LinkEvents } from '../transport'
import { channelLane } from './channel-lane'
import { creditChannel } from './credit-channel'

export type CreditedMessage =
  | { readonly type: 'data'; readonly lane: Lane; readonly bytes: Uint8Array }
  | { readonly type: 'received'; readonly lane: Lane; readonly byteCount: number }
  | { readonly type: 'close' }

export interface CreditedLink {
  readonly link: Link
  /** What the other end posted. */
  hear(message: CreditedMessage): void
  /** The carrier is gone: nobody can be told any more. */
  end(): void
}

export interface Carrier extends Pick<Link, 'peer' | 'kind' | 'binding' | 'maxMessageBytes'> {
  readonly clock: Clock
  post(message: CreditedMessage): void
  /** The link is closed; called once. */
  onEnd(): void
}

export function creditedLink({ clock, post, onEnd, ...about }: Carrier): CreditedLink {
  const events = emitter<LinkEvents>()
  let isOpen = true
  const credits = {
    control: creditChannel((bytes) => post({ type: 'data', lane: 'control', bytes })),
    bulk: creditChannel((bytes) => post({ type: 'data', lane: 'bulk', bytes })),
  }
  const lane = { control: channelLane(credits.control, clock), bulk: channelLane(credits.bulk, clock) }
  const end = () => {
    if (!isOpen) return
    isOpen = false
    onEnd()
    for (const credit of Object.values(credits)) credit.end()
    events.emit('close')
  }

  return {
    end,
    hear(message) {
      if (!isOpen) return
      if (message.type === 'close') return end()
      if (message.type === 'received') return credits[message.lane].acknowledged(message.byteCount)
      post({ type: 'received', lane: message.lane, byteCount: message.bytes.length })
      events.emit('message', message.lane, message.bytes)
    },
    link: {
      ...about,
      get isOpen() {
        return isOpen
      },
      on: events.on,
      bufferedBytes: (name) => lane[name].bufferedBytes(),
      send: (name, message) => lane[name].send(message),
      drained: (name) => lane[name].drained(),
      close() {
        if (!isOpen) return
        post({ type: 'close' })
        end()
      },
    },
  }
}
