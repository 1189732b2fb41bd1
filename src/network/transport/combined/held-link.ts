/** A link that nobody listens to yet: what comes over it is kept for the first who does. For a moment only. */
import { emitter } from '../../../lib/emitter'
import type { Lane, Link, LinkEvents } from '../transport'

/** Before admission there is little to say, and nobody has a right to more. */
const heldMessages = 64

export function heldLink(link: Link): Link {
  const events = emitter<LinkEvents>()
  const early: [Lane, Uint8Array][] = []
  let hasListener = false
  link.on('message', (lane, bytes) => {
    if (hasListener) events.emit('message', lane, bytes)
    else if (early.push([lane, bytes]) > heldMessages) link.close()
  })
  link.on('trembling', (isTrembling) => events.emit('trembling', isTrembling))
  link.on('moved', () => events.emit('moved'))
  link.on('close', () => events.emit('close'))
  return {
    peer: link.peer,
    binding: link.binding,
    maxMessageBytes: link.maxMessageBytes,
    get kind() {
      return link.kind
    },
    get isOpen() {
      return link.isOpen
    },
    on(name, listener) {
      const unsubscribe = events.on(name, listener)
      if (name !== 'message' || hasListener) return unsubscribe
      hasListener = true
      for (const [lane, bytes] of early.splice(0)) events.emit('message', lane, bytes)
      return unsubscribe
    },
    bufferedBytes: (lane) => link.bufferedBytes(lane),
    send: (lane, message) => link.send(lane, message),
    drained: (lane) => link.drained(lane),
    close: () => link.close(),
  }
}
