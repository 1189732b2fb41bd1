/**
 * One pair of tabs over a BroadcastChannel of their own: a credited link, and the word with which it begins, because a
 * BroadcastChannel keeps nothing for latecomers.
 */
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import { type CreditedMessage, creditedLink } from '../lanes/credited-link'
import { type Link, preferredMessageBytes } from '../transport'

type PairMessage =
  /** First of all, from the one who was dialed: it listens now. */
  { readonly type: 'ready' } | CreditedMessage

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
  const { link, hear } = creditedLink({
    peer,
    kind: 'broadcast',
    binding: session,
    maxMessageBytes: preferredMessageBytes,
    clock,
    post: (message) => pair.postMessage(message),
    onEnd: () => pair.close(),
  })
  pair.addEventListener('message', ({ data }: MessageEvent<PairMessage>) => {
    if (data.type !== 'ready') hear(data)
  })
  return link
}
