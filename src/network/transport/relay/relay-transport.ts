/**
 * Links through the server, for pairs that find no other way. Whoever wants one offers a session and a public key, the
 * other answers with its own, and from then on everything is sealed (`seal.ts`). If both offer at once, the lower id's
 * offer counts. It sights nobody: who is in the room stands on the signalling server's list.
 */
import { type Emitter, emitter } from '../../../lib/emitter'
import type { Agreement, Identity } from '../../identity/identity'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'
import { dialsFirst, mayLink } from '../../topology'
import type { TransportEvents } from '../transport'
import type { RelaySocket } from './relay-socket'
import { agree, publicKeyBytes, type Seal, sessionBytes } from './seal'
import { type SealedLink, sealedLink } from './sealed-link'

export interface RelayTransport extends Pick<Emitter<Pick<TransportEvents, 'link' | 'unreachable'>>, 'on'> {
  start(): void
  /** `link` or `unreachable` follows, unless there is a link or a try already. */
  connect(peer: PeerId): void
  isSeeking(peer: PeerId): boolean
  close(): Promise<void>
}

const limitMs = 5_000
/** The other tab may have reached the list before it reached the relay. */
const againMs = 500
/** An answer costs two keys; a peer that offers faster than this is not heard. */
const betweenOffersMs = 200
/** What others may make us hold. */
const pairLimit = 128

/** type u8 | session, 16 bytes | a public key, what was sealed, or nothing */
const contentType = { offer: 1, answer: 2, sealed: 3, bye: 4 } as const

type Pair =
  | {
      readonly stage: 'offering'
      readonly session: Uint8Array
      readonly key: Promise<Agreement>
      cancel(): void
    }
  | { readonly stage: 'open'; readonly session: Uint8Array; readonly sealed: SealedLink }

function contentOf(type: keyof typeof contentType, session: Uint8Array, rest: Uint8Array) {
  const content = new Uint8Array(1 + sessionBytes + rest.length)
  content[0] = contentType[type]
  content.set(session, 1)
  content.set(rest, 1 + sessionBytes)
  return content
}

/** What came from one peer is dealt with in order, whatever each piece has to wait for. */
function turnsOf(): (peer: PeerId, piece: () => Promise<void>) => void {
  const turns = new Map<PeerId, Promise<void>>()
  return (peer, piece) => {
    const turn = (turns.get(peer) ?? Promise.resolve())
      .then(piece)
      .catch(() => {}) // no point of the curve: no answer
      .then(() => {
        if (turns.get(peer) === turn) turns.delete(peer)
      })
    turns.set(peer, turn)
  }
}

export function relayTransport(
  self: PeerId,
  clock: Clock,
  identity: Identity,
  socket: RelaySocket,
  /** Whether a link through the server is of use: not where there is a better one. */
  isWelcome: (peer: PeerId) => boolean,
): RelayTransport {
  const events = emitter<Pick<TransportEvents, 'link' | 'unreachable'>>()
  const pairs = new Map<PeerId, Pair>()
  const inTurn = turnsOf()
  const resting = new Set<PeerId>()
  let isClosed = false

  const say = (peer: PeerId, type: keyof typeof contentType, session: Uint8Array, rest = new Uint8Array()) =>
    socket.send(peer, contentOf(type, session, rest))
  const drop = (peer: PeerId) => {
    const pair = pairs.get(peer)
    pairs.delete(peer)
    if (pair?.stage === 'offering') pair.cancel()
    if (pair?.stage === 'open') pair.sealed.end()
  }
  const open = (peer: PeerId, session: Uint8Array, seal: Seal) => {
    drop(peer)
    const post = (bytes: Uint8Array) => void say(peer, 'sealed', session, bytes as Uint8Array<ArrayBuffer>)
    const sealed = sealedLink(seal, peer, clock, post, () => {
      if (pairs.get(peer) === pair) pairs.delete(peer)
    })
    const pair: Pair = { stage: 'open', session, sealed }
    pairs.set(peer, pair)
    events.emit('link', sealed.link)
  }
  const fail = (peer: PeerId) => {
    const pair = pairs.get(peer)
    if (pair) say(peer, 'bye', pair.session) // the other end may have one already
    drop(peer)
    events.emit('unreachable', peer)
  }

  const offer = (peer: PeerId) => {
    const session = identity.randomBytes(sessionBytes)
    const key = identity.beginAgreement()
    let cancelAgain: Cancel = () => {}
    const cancelLimit = clock.after(limitMs, () => fail(peer))
    const pair: Pair = {
      stage: 'offering',
      session,
      key,
      cancel() {
        cancelAgain()
        cancelLimit()
      },
    }
    pairs.set(peer, pair)
    const speak = async () => {
      const { publicKey } = await key
      if (pairs.get(peer) !== pair) return
      say(peer, 'offer', session, publicKey)
      cancelAgain = clock.after(againMs, speak)
    }
    void speak()
  }
  const answer = async (peer: PeerId, session: Uint8Array, key: Uint8Array) => {
    const before = pairs.get(peer)
    if (before?.stage === 'offering' && dialsFirst(self, peer)) return
    if (before?.stage === 'open' && isSame(before.session, session)) return // said again, and answered already
    if (!isWelcome(peer) || (!before && pairs.size >= pairLimit)) return void say(peer, 'bye', session)
    resting.add(peer)
    clock.after(betweenOffersMs, () => resting.delete(peer))
    const own = await identity.beginAgreement()
    const seal = await agree(session, own, self, key, peer)
    if (isClosed) return
    say(peer, 'answer', session, own.publicKey)
    open(peer, session, seal)
  }
  const answered = async (peer: PeerId, session: Uint8Array, key: Uint8Array) => {
    const pair = pairs.get(peer)
    if (pair?.stage !== 'offering' || !isSame(pair.session, session)) return
    const seal = await agree(session, await pair.key, self, key, peer).catch(() => null)
    if (pairs.get(peer) !== pair) return
    if (seal) open(peer, session, seal)
    else fail(peer)
  }
  const hear = async (peer: PeerId, content: Uint8Array) => {
    if (isClosed || content.length < 1 + sessionBytes) return
    const session = content.slice(1, 1 + sessionBytes)
    const rest = content.subarray(1 + sessionBytes)
    const pair = pairs.get(peer)
    const isOurs = pair !== undefined && isSame(pair.session, session)
    if (content[0] === contentType.sealed) {
      if (pair?.stage === 'open' && isOurs) pair.sealed.hear(rest)
      else say(peer, 'bye', session)
    } else if (content[0] === contentType.bye && isOurs) {
      if (pair.stage === 'open') pair.sealed.end()
      else fail(peer)
    } else if (rest.length === publicKeyBytes) {
      if (content[0] === contentType.offer && !resting.has(peer)) await answer(peer, session, rest)
      if (content[0] === contentType.answer) await answered(peer, session, rest)
    }
  }

  socket.on('content', (peer, content) => {
    if (mayLink(self, peer)) inTurn(peer, () => hear(peer, content))
  })
  socket.on('absent', (peer) => {
    const pair = pairs.get(peer)
    if (pair?.stage === 'open') pair.sealed.end()
  })
  socket.on('lost', () => {
    for (const pair of [...pairs.values()]) if (pair.stage === 'open') pair.sealed.end()
  })

  return {
    on: events.on,
    start: () => socket.start(),
    connect(peer) {
      if (!pairs.has(peer) && !isClosed) offer(peer)
    },
    isSeeking: (peer) => pairs.get(peer)?.stage === 'offering',
    async close() {
      isClosed = true
      const open = [...pairs.values()].flatMap((pair) => (pair.stage === 'open' ? [pair.sealed] : []))
      for (const { link } of open) link.close()
      for (const peer of [...pairs.keys()]) drop(peer)
      await Promise.all(open.map(({ flushed }) => flushed()))
      socket.close()
    },
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, index) => byte === b[index])
