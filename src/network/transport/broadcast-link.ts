/**
 * One pair of tabs over a BroadcastChannel of their own. The browser does not say how much of it has been delivered, so
 * the receiver acknowledges each message; what is not acknowledged counts as buffered, and the lane waits as it would
 * on a data channel.
 */
import { emitter } from '../../lib/emitter'
import type { PeerId } from '../network'
import type { Clock } from '../time/clock'
import { channelLane } from './channel-lane'
import { creditChannel } from './credit-channel'
import { type Lane, type Link, type LinkEvents, preferredMessageBytes } from './transport'

type PairMessage =
  /** First of all, from the one who was dialed: it listens now. A BroadcastChannel keeps nothing for latecomers. */
  | { readonly type: 'ready' }
  | { readonly type: 'data'; readonly lane: Lane; readonly bytes: Uint8Array }
  | { readonly type: 'received'; readonly lane: Lane; readonly byteCount: number }
  | { readonly type: 'close' }

export const sayReady = (pair: BroadcastChannel): void =>
  pair.postMessage({ type: 'ready' } satisfies PairMessage)

/** Calls back once the other side listens; what it sends next is for the link that opens then. */
export function whenReady(pair: BroadcastChannel, action: () => void): () => void {
  const listener = ({ data }: MessageEvent<PairMessage>) => {
    if (data.type !== 'ready') return
    stop()
    action()
  }
  const stop = () => pair.removeEventListener('message', listener)
  pair.addEventListener('message', listener)
  return stop
}

export function broadcastLink(pair: BroadcastChannel, peer: PeerId, session: string, clock: Clock): Link {
  const events = emitter<LinkEvents>()
  let isOpen = true
  const post = (message: PairMessage) => pair.postMessage(message)
  const credits = {
    control: creditChannel((bytes) => post({ type: 'data', lane: 'control', bytes })),
    bulk: creditChannel((bytes) => post({ type: 'data', lane: 'bulk', bytes })),
  }
  const lane = { control: channelLane(credits.control, clock), bulk: channelLane(credits.bulk, clock) }

  const end = () => {
    if (!isOpen) return
    isOpen = false
    pair.close()
    for (const credit of Object.values(credits)) credit.end()
    events.emit('close')
  }
  pair.addEventListener('message', ({ data }: MessageEvent<PairMessage>) => {
    if (data.type === 'ready') return
    if (data.type === 'close') return end()
    if (data.type === 'received') return credits[data.lane].acknowledged(data.byteCount)
    post({ type: 'received', lane: data.lane, byteCount: data.bytes.length })
    events.emit('message', data.lane, data.bytes)
  })

  return {
    peer,
    kind: 'broadcast',
    binding: session,
    maxMessageBytes: preferredMessageBytes,
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
  }
}
