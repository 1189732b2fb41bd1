/**
 * The gate of one link: runs admission on it, and lets nothing else in or out before it is over. Frames are decoded
 * here, once; hostile ones end here.
 */

import { hexToBytes } from '@noble/hashes/utils.js'
import { hashOfPublicKey } from '../identity/hashOfPublicKey'
import type { Identity } from '../identity/identity'
import { isCoordinator, parsePeerId } from '../ids'
import { BadFrame, decodeFrame, type Frame, frameType, singlePiece } from '../letters/frames'
import type { PeerId } from '../network'
import type { Clock } from '../time/clock'
import type { Lane, Link } from '../transport/transport'
import { type Guest, guestAdmission, type Host, hostAdmission } from './admission'
import type { Conversation, Introduction, Outcome } from './conversation'
import { peerAdmission } from './peer-admission'

/** How this node answers the door. A guest's credentials are asked for each time: a knock may have improved them. */
export type Door =
  | { readonly side: 'host'; host(peer: PeerId): Host }
  | { readonly side: 'guest'; guest(peer: PeerId): Guest }

export interface GatePorts {
  readonly clock: Clock
  readonly identity: Identity
  onFrame(lane: Lane, frame: Frame): void
  onBadFrame(reason: string): void
  count(direction: 'sent' | 'received', kind: string | null, bytes: number): void
}

export interface Gate {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
  /** Lets frames through, first those that were held. */
  open(): void
}

/** More than a room has seats on the server, and far fewer than the connections a page may have. */
const mostWaiting = 128

/**
 * The gates of one tab. Of each peer one link waits to be let in, the newest; of too many the one that has waited for longest
 * has to go. A knock waits for a person, and a stranger could fill the page with connections meanwhile.
 */
export function gates(self: PeerId, door: Door): (link: Link, ports: GatePorts) => Gate {
  const waiting = new Map<PeerId, Link>()
  const dismiss = (link: Link | undefined) => {
    if (!link) return
    waiting.delete(link.peer)
    link.close()
  }
  return (link, ports) => {
    dismiss(waiting.get(link.peer))
    if (waiting.size >= mostWaiting) dismiss([...waiting.values()][0])
    waiting.set(link.peer, link)
    const entrance = gate(link, self, door, ports)
    void entrance.outcome.then(() => waiting.get(link.peer) === link && waiting.delete(link.peer))
    return entrance
  }
}

/** An id is its owner's: it names the role and the key with which its owner has come in. */
function isAsItsId(id: PeerId, { role, publicKey }: Introduction): boolean {
  const claims = parsePeerId(id)
  return claims?.role === role && claims.keyHash === hashOfPublicKey(hexToBytes(publicKey))
}

/** What an admitted peer may send before the last handshake step, which travels on the other lane, has arrived. */
const heldFrameLimit = 64

function gate(link: Link, self: PeerId, door: Door, ports: GatePorts): Gate {
  let isOpen = false
  const held: [Lane, Frame][] = []

  const send = (payload: Uint8Array) => {
    const frame = singlePiece(frameType.handshake, payload)
    ports.count('sent', 'handshake', frame.length)
    link.send('control', frame).catch(() => admission.cancel())
  }
  const admissionPorts = {
    self,
    peer: link.peer,
    binding: link.binding,
    clock: ports.clock,
    identity: ports.identity,
    send,
  }
  const admission: Conversation =
    door.side === 'host'
      ? hostAdmission(admissionPorts, door.host(link.peer))
      : isCoordinator(link.peer)
        ? guestAdmission(admissionPorts, door.guest(link.peer))
        : peerAdmission(admissionPorts, door.guest(link.peer))

  link.on('close', () => admission.cancel())
  link.on('message', (lane, bytes) => {
    try {
      const frame = decodeFrame(bytes)
      if (frame.type === frameType.handshake) {
        ports.count('received', 'handshake', bytes.length)
        if (isOpen) throw new BadFrame('a handshake comes after admission')
        if (lane !== 'control') throw new BadFrame('a handshake is on the wrong lane')
        admission.receive(frame.payload)
        return
      }
      ports.count('received', null, bytes.length)
      if (isOpen) ports.onFrame(lane, frame)
      else if (admission.isProven && held.length < heldFrameLimit) held.push([lane, frame])
      else throw new BadFrame('a frame came before admission')
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error
      ports.onBadFrame(error.message)
    }
  })

  return {
    outcome: admission.outcome.then((outcome) =>
      outcome.status === 'admitted' && !isAsItsId(link.peer, outcome.peer)
        ? { status: 'refused', why: 'malformed' }
        : outcome,
    ),
    open() {
      isOpen = true
      for (const [lane, frame] of held.splice(0)) ports.onFrame(lane, frame)
    },
  }
}
