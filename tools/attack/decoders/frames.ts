/** Bytes of a link: frames, the letters they make, steps of a handshake; and what the server lets pass to PeerServer. */
import { hostOf, targetOf } from '../../../server/addresses'
import { mayPass } from '../../../server/signalling/guarded-socket'
import { maySit } from '../../../server/signalling/seat-proof'
import { conversation } from '../../../src/network/admission/conversation'
import { webIdentity } from '../../../src/network/identity/web-crypto'
import { canonicalCode, parsePeerId, shownCode } from '../../../src/network/ids'
import { BadFrame, cut, decodeFrame, encodePiece, frameType } from '../../../src/network/letters/frames'
import { mailbox } from '../../../src/network/letters/mailbox'
import { reassembler } from '../../../src/network/letters/reassembler'
import { reservations } from '../../../src/network/limits/reservation'
import { readPing } from '../../../src/network/presence/ping'
import { linkPair } from '../../../src/network/transport/memory/memory-transport'
import { envelope, readEnvelope } from '../../../src/network/transport/relay/envelope'
import { agree } from '../../../src/network/transport/relay/seal'
import type { Case } from '../case'
import { type Decoder, fuzz } from './fuzz'
import { mutateBytes, mutateJsonText } from './mutate'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const letter = (transfer: number, attachment: number) => [
  ...cut(
    { type: frameType.message, flags: attachment > 0 ? 1 : 0, transfer },
    bytesOf('{"type":"update"}'),
    40,
  ),
  ...(attachment > 0
    ? cut({ type: frameType.attachment, flags: 0, transfer }, new Uint8Array(attachment), 80)
    : []),
]
const honest = [letter(1, 0), letter(2, 200), letter(3, 1)]

const draw: Decoder<readonly Uint8Array[]>['draw'] = (dice) => {
  const frames = [...honest[dice.int(3)], ...(dice.int(3) === 0 ? honest[dice.int(3)] : [])]
  return frames.map((frame) => (dice.int(3) === 0 ? mutateBytes(dice, frame) : frame))
}

const frames = fuzz<readonly Uint8Array[]>({
  name: 'frames',
  declared: [BadFrame],
  draw,
  decode(all) {
    const reservation = reservations({ perPeer: 4000, perTab: 4000 }).open()
    const parts = reassembler(
      { reservation, attachmentBytes: () => 1000 },
      { messageBytes: 1000, attachmentBytes: 1000, transfers: 4 },
    )
    for (const bytes of all) {
      const frame = decodeFrame(bytes)
      if (frame.type === frameType.whisper) continue
      const arrival = parts.accept(frame)
      if (arrival.status === 'complete' && arrival.letter.message.length > 1000) return ['a cap is not kept']
      readPing(frame.payload)
    }
    return undefined
  },
})

/** Stands still. */
const clock = { now: () => 0, after: () => () => {} }
const letters = fuzz<readonly Uint8Array[]>({
  name: 'letters',
  declared: [BadFrame],
  draw,
  decode(all) {
    const [link] = linkPair('a', 'b', clock)
    let heard = 0
    const box = mailbox(link, {
      kinds: new Map([['update', () => 1000]]),
      reservation: reservations({ perPeer: 1e6, perTab: 1e6 }).open(),
      onMessage: () => heard++,
      onProgress: () => {},
      onBadFrame: () => {},
      countSent: () => {},
      countReceived: () => {},
    })
    for (const bytes of all) {
      const frame = decodeFrame(bytes)
      if (frame.type !== frameType.whisper) box.receive('bulk', frame)
    }
    return heard > 2 ? ['more letters arrive than were sent'] : undefined
  },
})

const steps = [
  {
    step: 'hello',
    nonce: '1'.repeat(32),
    knocks: false,
    pins: true,
    pass: null,
    introduction: { role: 'device', name: 'Otter', deviceKey: 'a', publicKey: `04${'5'.repeat(128)}` },
  },
  { step: 'opening', opening: '3'.repeat(32), signature: '4'.repeat(128) },
  { step: 'proof', proof: '2'.repeat(64) },
  { step: 'secret', secret: 's' },
  { step: 'entered' },
  { step: 'refused', why: 'malformed' },
]

const handshakes = fuzz<readonly string[]>({
  name: 'steps of a handshake',
  declared: [],
  draw: (dice) => Array.from({ length: 1 + dice.int(5) }, () => mutateJsonText(dice, dice.pick(steps))),
  async decode(payloads) {
    const talk = conversation(
      { self: 'a', peer: 'b', binding: '', clock, identity: webIdentity, send: () => {} },
      async (heard) => {
        await heard.next('hello')
        await heard.next('opening')
        await heard.next('proof')
        return { status: 'refused', why: 'closed' }
      },
    )
    for (const payload of payloads) talk.receive(bytesOf(payload))
    talk.cancel()
    const { status } = await talk.outcome
    return status === 'refused' ? undefined : ['nobody proved anything and was let in']
  },
})

const own = `TEST-c-${'1'.repeat(32)}-${'2'.repeat(16)}`
const payload = {
  type: 'data',
  connectionId: 'dc_1',
  serialization: 'raw',
  sdp: { type: 'offer', sdp: 'v=0' },
}
const signals = fuzz<string>({
  name: 'signalling messages',
  declared: [],
  draw: (dice) =>
    mutateJsonText(
      dice,
      dice.pick([{ type: 'HEARTBEAT' }, { type: 'OFFER', dst: `TEST-d-${'2'.repeat(32)}`, payload }]),
    ),
  decode: (text) => void mayPass(text, own),
})

const ids = fuzz<string>({
  name: 'peer ids, room codes and upgrade addresses',
  declared: [],
  draw: (dice) =>
    new TextDecoder().decode(
      mutateBytes(
        dice,
        bytesOf(dice.pick([own, '4F7-K2Q', `/peerjs/peerjs?key=gossamer&id=${own}&token=t`, '//', '/%'])),
      ),
    ),
  decode(text) {
    parsePeerId(text)
    shownCode(canonicalCode(text))
    targetOf(text)
    hostOf(text)
    return /^[0-9A-Z]{0,32}$/.test(canonicalCode(text)) ? undefined : ['a code is not canonical']
  },
})

const seats = fuzz<string>({
  name: 'tokens that shall prove a seat on the server',
  declared: [],
  draw: (dice) =>
    new TextDecoder().decode(mutateBytes(dice, bytesOf(`04${'5'.repeat(128)}_${'4'.repeat(128)}`))),
  decode: (token) => (maySit(own, token) ? ['a seat is given to whoever makes up a token'] : undefined),
})

const single = fuzz<Uint8Array>({
  name: 'single frames',
  declared: [BadFrame],
  draw: (dice) =>
    mutateBytes(
      dice,
      encodePiece({ type: 4, flags: 0, transfer: 0, offset: 0, total: 20, payload: new Uint8Array(20) }),
    ),
  decode: (bytes) => void decodeFrame(bytes),
})

const sealed = envelope(
  own,
  Uint8Array.from({ length: 100 }, (_, at) => at),
)
const envelopes = fuzz<Uint8Array>({
  name: 'envelopes of the relay',
  declared: [],
  draw: (dice) => mutateBytes(dice, sealed),
  decode(bytes) {
    const read = readEnvelope(bytes)
    return read && read.peer.length + read.content.length >= bytes.length + 1
      ? ['more is read than came']
      : undefined
  },
})

/** Both ends of one agreement; what is changed on its way must not open. */
async function sealedPair() {
  const [ours, theirs] = [await webIdentity.beginAgreement(), await webIdentity.beginAgreement()]
  const session = new Uint8Array(16)
  return [
    await agree(session, ours, 'a', theirs.publicKey, 'b'),
    await agree(session, theirs, 'b', ours.publicKey, 'a'),
  ] as const
}
const message = Uint8Array.from({ length: 50 }, (_, at) => at)
const sealsThatAreChanged = fuzz<{ change(bytes: Uint8Array): Uint8Array }>({
  name: 'what was sealed, changed on its way',
  declared: [],
  inputs: 5_000,
  draw: (dice) => ({ change: (bytes) => mutateBytes(dice, bytes) }),
  async decode({ change }) {
    const [one, other] = await sealedPair()
    const honestly = await one.seal(message)
    const changed = change(honestly)
    const opened = await other.open(changed).catch(() => null)
    const isSame = Buffer.compare(changed, honestly) === 0
    return opened === null || isSame ? undefined : ['something else than what was sealed opens']
  },
})

export const frameCases: readonly Case[] = [
  single,
  frames,
  letters,
  handshakes,
  signals,
  ids,
  seats,
  envelopes,
  sealsThatAreChanged,
]
