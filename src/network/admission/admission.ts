/**
 * Who may speak. Every fresh link goes through this handshake before any other frame, and every path ends in admitted or
 * refused. The coordinator is the host, everybody else a guest (two guests: `peer-admission.ts`):
 *
 *   guest -> host   hello      who I am, by my key; a commitment; whether I hold the secret, and know your key
 *   host  -> guest  identity   who I am, by my key; a nonce, a signature over the transcript
 *   guest -> host   opening    what I have committed to, my signature over the transcript
 *   (a guest whose link names another key asks by what right: `lineage.ts`)
 *   host  -> guest  waiting, secret      only after a knock: a person decides, then the secret follows
 *   guest -> host   proof      HMAC(secret, 'guest' | transcript)
 *   host  -> guest  welcome    HMAC(secret, 'host' | transcript); a pass to show to others
 *   guest -> host   entered
 *
 * The transcript holds both ids, both nonces, both introductions with their public keys, and the DTLS fingerprints of this
 * very connection. So a replay fails on the nonce, a reflection on the label, a man in the middle on the fingerprints, and
 * somebody else's name on the signature: what a tab is called is the hash of a key that it has just signed with. The secret
 * is never sent, except to a guest whom a person lets in. The guest checks the signature first and reveals its proof only to
 * the holder of the key that its link names; a host reveals its own proof only to a guest that knows the secret. Where the
 * link names no key, both ends show a phrase that two people can compare (`phrase.ts`).
 *
 * Whoever is let in speaks over the DTLS connection whose fingerprints both have signed, so nobody can add a word without a
 * private key. Who takes over an *id* on the signalling server has another connection, and must pass here again.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { hashOfPublicKey } from '../identity/hashOfPublicKey'
import { randomHex } from '../identity/identity'
import { coordinatorKeyOf } from '../ids'
import { fittingName } from '../introduction'
import type { PeerId } from '../network'
import {
  type Conversation,
  type ConversationPorts,
  conversation,
  type Introduction,
  Refused,
  type Talk,
} from './conversation'
import type { Lineage } from './lineage'
import { passFor, type Standing } from './membership'
import { answer, mostPieces, offerPapers, readPapers } from './papers'
import { commitmentTo, phraseOf } from './phrase'
import { isEqual, isItsOwn, mac, type Speaker, signatureOf } from './proof'

const protocol = 'gossamer-admission-3'

export interface Host extends Speaker {
  readonly secret: string
  /** Why this guest, who may know the secret, is not let in; null: it may. */
  whyNot(guest: Introduction): 'locked' | null
  /** Null: it knows nothing of coordinators before or after it. */
  readonly lineage: Lineage | null
  /** Somebody who is right coordinates this room in our place, by these papers. */
  onSucceeded(papers: string): void
  /** Somebody without the secret stands at the door. */
  decide(guest: Introduction, phrase: string): Promise<boolean>
}

export interface Guest extends Speaker {
  /** Null: knock. */
  readonly secret: string | null
  /** Null: trust whoever proves that they know the secret. */
  readonly publicKeyHash: string | null
  /** Towards others of the room. */
  readonly standing: Standing
  /** Null: whoever holds another key than its link's is passed over. */
  readonly lineage: Lineage | null
  /** Whoever holds this key coordinates our room from now on, by these papers. */
  onFollowing(publicKeyHash: string, papers: string): void
  onWaiting(phrase: string): void
}

export const hostAdmission = (ports: ConversationPorts, host: Host): Conversation =>
  conversation(ports, async (talk) => {
    const hello = await talk.next('hello')
    const guest = hello.introduction
    if (guest.role === 'coordinator') talk.refuse('malformed')
    const own = { nonce: randomHex(ports.identity, 16), introduction: host.introduction }
    const written = transcript(ports.peer, ports.self, ports.binding, hello, own)
    talk.send({ step: 'identity', ...own, signature: await signatureOf(host, 'host', written) })
    const { opening, signature } = await openingOf(talk, host)
    if (!isEqual(commitmentTo(opening), hello.nonce)) talk.refuse('malformed')
    if (!(await isItsOwn(ports.identity, guest, 'guest', signature, written))) talk.refuse('wrong-key')
    const phrase = phraseOf(written, opening)
    const closed = host.whyNot(guest)
    if (hello.knocks) {
      if (closed !== null) talk.refuse(closed)
      talk.send({ step: 'waiting' })
      if (!(await talk.patiently(host.decide(guest, phrase)))) talk.refuse('knock-refused')
      talk.send({ step: 'secret', secret: host.secret })
    }
    const { proof } = await talk.next('proof')
    if (!isEqual(proof, mac(host.secret, 'guest', written))) talk.refuse('wrong-secret')
    if (closed !== null) talk.refuse(closed)
    talk.proven()
    const pass = await passFor(ports.self, guest.deviceKey, host.sign)
    talk.send({ step: 'welcome', proof: mac(host.secret, 'host', written), pass })
    await talk.next('entered')
    return {
      status: 'admitted',
      peer: guest,
      secret: host.secret,
      publicKeyHash: hashOf(host.introduction),
      phrase: hello.pins ? null : phrase,
      pass: null,
    }
  })

export const guestAdmission = (ports: ConversationPorts, guest: Guest): Conversation =>
  conversation(ports, async (talk) => {
    const opening = randomHex(ports.identity, 16)
    const { introduction } = guest
    const pins = guest.publicKeyHash !== null
    // Whoever sits on the room's code need not know how people call themselves.
    const isKnown = guest.lineage === null || !pins || coordinatorKeyOf(ports.peer) === guest.publicKeyHash
    const shown = isKnown ? introduction : { ...introduction, name: fittingName('') }
    const hello = { nonce: commitmentTo(opening), introduction: shown }
    talk.send({ step: 'hello', ...hello, knocks: guest.secret === null, pins, pass: null })
    const { signature, ...identity } = await talk.next('identity')
    const publicKeyHash = hashOf(identity.introduction)
    if (pins && guest.publicKeyHash !== publicKeyHash) return lookAt(talk, guest, publicKeyHash)
    const written = transcript(ports.self, ports.peer, ports.binding, hello, identity)
    if (!(await isItsOwn(ports.identity, identity.introduction, 'host', signature, written)))
      talk.refuse('wrong-key')
    talk.send({ step: 'opening', opening, signature: await signatureOf(guest, 'guest', written) })
    const phrase = phraseOf(written, opening)
    let { secret } = guest
    if (secret === null) {
      await talk.next('waiting')
      guest.onWaiting(phrase)
      secret = (await talk.patiently(talk.next('secret'))).secret
    }
    talk.send({ step: 'proof', proof: mac(secret, 'guest', written) })
    const { proof, pass } = await talk.next('welcome')
    if (!isEqual(proof, mac(secret, 'host', written))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'entered' })
    const peer = identity.introduction
    return { status: 'admitted', peer, secret, publicKeyHash, phrase: pins ? null : phrase, pass }
  })

/** A guest with another key in its link may ask for papers, or offer its own, before it goes on, if it does. */
async function openingOf(talk: Talk, { lineage, onSucceeded }: Host) {
  for (let patience = mostPieces; patience > 0; patience--) {
    const said = await talk.next('opening', 'ask', 'offer')
    switch (said.step) {
      case 'opening':
        return said
      case 'ask':
        answer(talk, lineage?.papers() ?? '', said)
        break
      case 'offer': {
        const papers = await readPapers(talk)
        if (lineage && (await lineage.judge(null, papers)) === 'later') onSucceeded(papers)
        return talk.refuse('wrong-key')
      }
    }
  }
  return talk.refuse('malformed')
}

/** Somebody with another key than ours coordinates a room of our code. */
async function lookAt(talk: Talk, { lineage, onFollowing }: Guest, publicKeyHash: string): Promise<never> {
  if (lineage === null) return talk.refuse('wrong-key')
  const papers = await readPapers(talk)
  switch (await lineage.judge(publicKeyHash, papers)) {
    case 'later':
      onFollowing(publicKeyHash, papers)
      throw new Refused('followed')
    case 'earlier':
      await offerPapers(talk, lineage.papers())
      return talk.refuse('wrong-key')
    case 'unrelated':
      return talk.refuse('wrong-key')
  }
}

const hashOf = ({ publicKey }: Introduction): string => hashOfPublicKey(hexToBytes(publicKey))

interface Side {
  readonly nonce: string
  readonly introduction: Introduction
}

/** Everything both sides must agree on, as one text: two different handshakes never read the same. */
function transcript(guestId: PeerId, hostId: PeerId, binding: string, guest: Side, host: Side): string {
  const written = (id: PeerId, { nonce, introduction: { role, name, deviceKey, publicKey } }: Side) => [
    id,
    nonce,
    role,
    name,
    deviceKey,
    publicKey,
  ]
  return JSON.stringify([protocol, written(guestId, guest), written(hostId, host), binding])
}
