/**
 * A credited link whose messages are sealed before they leave and opened when they come, in order. What does not open was
 * changed, left out or repeated on its way: the link ends, and whoever wants it dials again.
 */
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import { type CreditedMessage, creditedLink } from '../lanes/credited-link'
import { type Link, lanes, preferredMessageBytes } from '../transport'
import type { Seal } from './seal'

export interface SealedLink {
  readonly link: Link
  hear(sealed: Uint8Array): void
  /** The socket is gone, or the other end is. */
  end(): void
  /** Everything that was sent has been sealed and posted. */
  flushed(): Promise<void>
}

/** Two full lanes and their acknowledgements, twice: more than an honest peer can have on its way. */
const unopenedLimitBytes = 8 * 1024 * 1024

export function sealedLink(
  { seal, open, binding }: Seal,
  peer: PeerId,
  clock: Clock,
  post: (sealed: Uint8Array) => void,
  onEnd: () => void,
): SealedLink {
  let sent = Promise.resolve()
  let heard = Promise.resolve()
  let unopenedBytes = 0
  const carrier = creditedLink({
    peer,
    kind: 'relay',
    binding,
    maxMessageBytes: preferredMessageBytes,
    clock,
    post(message) {
      const sealed = seal(encode(message)) // begins at once; only posting waits its turn
      sent = sent.then(async () => post(await sealed)).catch(carrier.end)
    },
    onEnd,
  })

  return {
    link: carrier.link,
    end: carrier.end,
    flushed: () => sent,
    hear(sealed) {
      unopenedBytes += sealed.length
      if (unopenedBytes > unopenedLimitBytes) return carrier.end()
      const opened = open(sealed)
      opened.catch(() => {}) // seen to below, when its turn comes
      heard = heard.then(async () => {
        const message = await opened.then(decode).catch(() => null)
        unopenedBytes -= sealed.length
        if (message) carrier.hear(message)
        else carrier.end()
      })
    },
  }
}

const types = ['data', 'received', 'close'] as const satisfies readonly CreditedMessage['type'][]

/** type u8 | lane u8 | bytes, or a count as u32 little-endian */
function encode(message: CreditedMessage): Uint8Array {
  const type = types.indexOf(message.type)
  if (message.type === 'close') return Uint8Array.of(type)
  const lane = lanes.indexOf(message.lane)
  if (message.type === 'data') {
    const bytes = new Uint8Array(2 + message.bytes.length)
    bytes.set([type, lane])
    bytes.set(message.bytes, 2)
    return bytes
  }
  const bytes = Uint8Array.of(type, lane, 0, 0, 0, 0)
  new DataView(bytes.buffer).setUint32(2, message.byteCount, true)
  return bytes
}

/** Null where a peer that holds the key writes nonsense. */
function decode(bytes: Uint8Array): CreditedMessage | null {
  const type = types[bytes[0]]
  const lane = lanes[bytes[1]]
  if (type === 'close') return { type }
  if (!type || !lane) return null
  if (type === 'data') return { type, lane, bytes: bytes.slice(2) }
  if (bytes.length !== 6) return null
  return { type, lane, byteCount: new DataView(bytes.buffer, bytes.byteOffset).getUint32(2, true) }
}
