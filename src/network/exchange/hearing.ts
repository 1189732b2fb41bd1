/** What a frame of a member means, once its link has paid for it: a sign of life, a last word, a whisper, a piece of a letter. */
import type { Emitter } from '../../lib/emitter'
import {
  type Frame,
  frameHeaderBytes,
  frameType,
  type Piece,
  singlePiece,
  type Whisper,
  whisperHeaderBytes,
} from '../letters/frames'
import type { Understood } from '../letters/kinds'
import { unknownKind } from '../limits/limits'
import type { NetworkEvents, PeerId } from '../network'
import { readPing } from '../presence/ping'
import type { Presence } from '../presence/presence'
import type { Lane, Link } from '../transport/transport'
import type { Farewells } from './farewells'
import type { Member, Members } from './members'
import type { TrafficCount } from './traffic'

export interface HearingParts {
  readonly events: Emitter<NetworkEvents>
  readonly members: Members
  readonly watch: Presence
  readonly farewells: Farewells
  readonly traffic: TrafficCount
  readonly understood: Understood
}

/** Takes a frame that came on a link; complains of one that makes no sense. */
export type Hearing = (link: Link, lane: Lane, frame: Frame, complain: (why: string) => void) => void

export function hearingOf({ events, members, watch, farewells, traffic, understood }: HearingParts): Hearing {
  function hearWhisper(
    id: PeerId,
    lane: Lane,
    { channel, payload }: Whisper,
    complain: (why: string) => void,
  ): void {
    const kind = understood.whispers.get(channel)
    traffic.countKind(kind?.name ?? unknownKind, whisperHeaderBytes + payload.length)
    if (lane !== 'control') return complain('a whisper is on the wrong lane')
    if (!kind) return complain(`nobody listens to whispers on channel ${channel}`)
    if (payload.length > kind.mostBytes)
      return complain(`a whisper on channel ${channel} has ${payload.length} bytes`)
    events.emit('whisper', id, channel, payload.slice())
  }

  function hearPiece(member: Member, lane: Lane, piece: Piece): void {
    const id = member.link.peer
    const { type, payload } = piece
    switch (type) {
      case frameType.ping:
        traffic.countKind('heartbeat', frameHeaderBytes + payload.length)
        return members.slip(id, singlePiece(frameType.pong, payload))
      case frameType.pong:
        traffic.countKind('heartbeat', frameHeaderBytes + payload.length)
        return watch.answered(id, readPing(payload))
      case frameType.goodbye:
        traffic.countKind('heartbeat', frameHeaderBytes + payload.length)
        return members.lose(id, 'goodbye')
      case frameType.dismissal:
        return farewells.dismissed(id, payload)
      case frameType.message:
      case frameType.attachment:
      case frameType.cancel:
      case frameType.handshake:
        return member.mailbox.receive(lane, piece)
    }
  }

  return (link, lane, frame, complain) => {
    const member = members.on(link)
    if (!member) return
    if (frame.type === frameType.whisper) hearWhisper(link.peer, lane, frame, complain)
    else hearPiece(member, lane, frame)
  }
}
