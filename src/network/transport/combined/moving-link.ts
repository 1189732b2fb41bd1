/**
 * A link that can change its way while it stands: it begins on one path and goes on over a better one, and nobody above
 * notices. Each lane moves by itself. The last thing that an end says on the old path is that it moved, and what comes over
 * the new one is held until the other end has said so too: nothing is lost, doubled or overtaken.
 *
 * That last word carries the new path's binding. The old path was admitted, and nobody between its ends can write on it:
 * so a new path that does not end in the same tab is found out, without a second handshake.
 */
import { emitter } from '../../../lib/emitter'
import { type Lane, type Link, LinkClosed, type LinkEvents, lanes } from '../transport'

export interface MovingLink extends Link {
  /** Goes on over this link, which ends in the same tab. A link that cannot carry as much is closed instead. */
  move(to: Link): void
}

/** First byte of each message on the old path. */
const tag = { data: 0, moved: 1 } as const
/** What an honest other end can have sent before its last word on the old path arrives. */
const heldLimitBytes = 8 * 1024 * 1024

export function movingLink(first: Link): MovingLink {
  const events = emitter<LinkEvents>()
  const maxMessageBytes = first.maxMessageBytes - 1
  const lastWord: Partial<Record<Lane, string>> = {}
  let held: [Lane, Uint8Array][] = []
  let heldBytes = 0
  let second: Link | null = null
  let isOpen = true

  const end = () => {
    if (!isOpen) return
    isOpen = false
    first.close()
    second?.close()
    events.emit('close')
  }
  const hasLeft = () => second !== null && lanes.every((lane) => lastWord[lane] !== undefined)
  /** Both sides said their last word here: when what was sent has arrived, the old path is not needed. */
  const settle = () => {
    if (!hasLeft()) return
    void Promise.all(lanes.map((lane) => first.drained(lane))).then(
      () => first.close(),
      () => {}, // the other end was quicker
    )
  }
  const release = () => {
    if (!second) return
    for (const lane of lanes) {
      if (lastWord[lane] === undefined) continue
      if (lastWord[lane] !== second.binding) return end()
      for (const [, bytes] of held.filter(([name]) => name === lane)) events.emit('message', lane, bytes)
    }
    held = held.filter(([lane]) => lastWord[lane] === undefined)
    settle()
  }

  first.on('message', (lane, bytes) => {
    if (!isOpen) return
    if (bytes[0] === tag.data && lastWord[lane] === undefined)
      return events.emit('message', lane, bytes.subarray(1))
    if (bytes[0] !== tag.moved || lastWord[lane] !== undefined) return end()
    lastWord[lane] = new TextDecoder().decode(bytes.subarray(1))
    release()
  })
  first.on('trembling', (isTrembling) => !second && events.emit('trembling', isTrembling))
  first.on('close', () => {
    if (!hasLeft()) end()
  })

  return {
    peer: first.peer,
    binding: first.binding,
    maxMessageBytes,
    get kind() {
      return (second ?? first).kind
    },
    get isOpen() {
      return isOpen
    },
    on: events.on,
    bufferedBytes: (lane) => first.bufferedBytes(lane) + (second?.bufferedBytes(lane) ?? 0),
    async send(lane, message) {
      if (!isOpen) throw new LinkClosed('The connection is closed.')
      if (second) return second.send(lane, message)
      const tagged = new Uint8Array(1 + message.length)
      tagged.set(message, 1)
      await first.send(lane, tagged)
    },
    async drained(lane) {
      if (first.isOpen) await first.drained(lane)
      await second?.drained(lane)
    },
    close: end,
    move(to) {
      if (!isOpen || second || to.maxMessageBytes < maxMessageBytes) return to.close()
      second = to
      to.on('message', (lane, bytes) => {
        if (!isOpen) return
        if (lastWord[lane] !== undefined) return events.emit('message', lane, bytes)
        held.push([lane, bytes])
        heldBytes += bytes.length
        if (heldBytes > heldLimitBytes) end()
      })
      to.on('trembling', (isTrembling) => events.emit('trembling', isTrembling))
      to.on('close', end)
      const word = new TextEncoder().encode(to.binding)
      for (const lane of lanes) first.send(lane, Uint8Array.of(tag.moved, ...word)).catch(end)
      events.emit('moved')
      release()
    },
  }
}
