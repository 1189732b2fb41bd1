/**
 * Who may speak. Every fresh link goes through this handshake before any other frame, and every path ends in admitted or
 * refused. The coordinator is the host, everybody else a guest (two guests: `peer-admission.ts`):
 *
 *   guest -> host   hello      who I am, a nonce; whether I hold the secret or must knock
 *   host  -> guest  identity   public key, a nonce, a signature over the transcript
 *   host  -> guest  waiting, secret      only after a knock: a person decides, then the secret follows
 *   guest -> host   proof      HMAC(secret, 'guest' | transcript)
 *   host  -> guest  welcome    HMAC(secret, 'host' | transcript)
 *   guest -> host   entered
 *
 * The transcript holds both ids, both nonces, both introductions and the DTLS fingerprints of this very connection. So a
 * replay fails on the nonce, a reflection on the label, and a man in the middle on the fingerprints. The secret is never
 * sent, except to a guest whom a person lets in. The guest checks the signature first and reveals its proof only to the
 * holder of the key that its link names; a host reveals its own proof only to a guest that knows the secret.
 *
 * Later control messages carry no signature of their own: they come over the DTLS connection whose fingerprints the
 * coordinator has signed, so nobody can add one without its private key. Who takes over the coordinator's *id* on the
 * signalling server has another connection, and must pass here again.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { randomHex } from '../identity/identity'
import { hashOfPublicKey } from '../keys'
import type { PeerId } from '../network'
import { type Conversation, type ConversationPorts, conversation, type Introduction } from './conversation'
import { isEqual, labelled, mac } from './proof'

const protocol = 'gossamer-admission-1'

export interface Host {
  readonly introduction: Introduction
  readonly secret: string
  readonly publicKey: Uint8Array
  sign(text: string): Promise<Uint8Array>
  /** Somebody without the secret stands at the door. */
  decide(guest: Introduction): Promise<boolean>
}

export interface Guest {
  readonly introduction: Introduction
  /** Null: knock. */
  readonly secret: string | null
  /** Null: trust whoever proves that they know the secret. */
  readonly publicKeyHash: string | null
  onWaiting(): void
}

export const hostAdmission = (ports: ConversationPorts, host: Host): Conversation =>
  conversation(ports, async (talk) => {
    const hello = await talk.next('hello')
    if (hello.introduction.role === 'coordinator') talk.refuse('malformed')
    const identity = {
      nonce: randomHex(ports.identity, 16),
      introduction: host.introduction,
      publicKey: bytesToHex(host.publicKey),
    }
    const written = transcript(ports.peer, ports.self, ports.binding, hello, identity)
    const signature = bytesToHex(await host.sign(labelled('signature', written)))
    talk.send({ step: 'identity', ...identity, signature })
    if (hello.knocks) {
      talk.send({ step: 'waiting' })
      if (!(await talk.patiently(host.decide(hello.introduction)))) talk.refuse('knock-refused')
      talk.send({ step: 'secret', secret: host.secret })
    }
    const { proof } = await talk.next('proof')
    if (!isEqual(proof, mac(host.secret, 'guest', written))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'welcome', proof: mac(host.secret, 'host', written) })
    await talk.next('entered')
    const publicKeyHash = hashOfPublicKey(host.publicKey)
    return { status: 'admitted', peer: hello.introduction, secret: host.secret, publicKeyHash }
  })

export const guestAdmission = (ports: ConversationPorts, guest: Guest): Conversation =>
  conversation(ports, async (talk) => {
    const hello = { nonce: randomHex(ports.identity, 16), introduction: guest.introduction }
    talk.send({ step: 'hello', ...hello, knocks: guest.secret === null })
    const identity = await talk.next('identity')
    const publicKey = bytesOf(identity.publicKey)
    const publicKeyHash = hashOfPublicKey(publicKey)
    if (guest.publicKeyHash !== null && guest.publicKeyHash !== publicKeyHash) talk.refuse('wrong-key')
    const written = transcript(ports.self, ports.peer, ports.binding, hello, identity)
    if (
      !(await ports.identity.isSignedBy(
        publicKey,
        bytesOf(identity.signature),
        labelled('signature', written),
      ))
    )
      talk.refuse('wrong-key')
    let { secret } = guest
    if (secret === null) {
      await talk.next('waiting')
      guest.onWaiting()
      secret = (await talk.patiently(talk.next('secret'))).secret
    }
    talk.send({ step: 'proof', proof: mac(secret, 'guest', written) })
    const { proof } = await talk.next('welcome')
    if (!isEqual(proof, mac(secret, 'host', written))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'entered' })
    return { status: 'admitted', peer: identity.introduction, secret, publicKeyHash }
  })

/** Everything both sides must agree on, as one text: two different handshakes never read the same. */
function transcript(
  guestId: PeerId,
  hostId: PeerId,
  binding: string,
  hello: { readonly nonce: string; readonly introduction: Introduction },
  identity: { readonly nonce: string; readonly introduction: Introduction; readonly publicKey: string },
): string {
  const named = ({ role, name, deviceKey }: Introduction) => [role, name, deviceKey]
  const guest = [guestId, hello.nonce, ...named(hello.introduction)]
  const host = [hostId, identity.nonce, ...named(identity.introduction), identity.publicKey]
  return JSON.stringify([protocol, guest, host, binding])
}

const bytesOf = (text: string) => new Uint8Array(hexToBytes(text))
