/**
 * Who may speak where no coordinator is at either end: whoever knows the room's secret. The lower id is the guest:
 *
 *   guest -> host   hello      who I am, a nonce
 *   host  -> guest  greeting   who I am, a nonce
 *   guest -> host   proof      HMAC(secret, 'guest' | transcript)
 *   host  -> guest  welcome    HMAC(secret, 'host' | transcript)
 *   guest -> host   entered
 *
 * As with the coordinator (`admission.ts`), the transcript holds ids, nonces, introductions and the DTLS fingerprints of
 * this very connection, and the secret is never sent. There is no signature: among equals nobody has a key that others
 * know. So a peer that was let in this way is never taken for the coordinator, whatever it says.
 */

import { randomHex } from '../identity/identity'
import { dialsFirst } from '../topology'
import { type Conversation, type ConversationPorts, conversation, type Introduction } from './conversation'
import { isEqual, mac } from './proof'

const protocol = 'gossamer-peers-1'

export interface Equal {
  readonly introduction: Introduction
  /** Null: still at the coordinator's door, so that nobody can be let in or asked. */
  readonly secret: string | null
}

interface Side {
  readonly nonce: string
  readonly introduction: Introduction
}

export const peerAdmission = (ports: ConversationPorts, { introduction, secret }: Equal): Conversation =>
  conversation(ports, async (talk) => {
    const { self, peer, binding, identity } = ports
    const own: Side = { nonce: randomHex(identity, 16), introduction }
    const transcript = (guest: Side, host: Side) =>
      JSON.stringify([protocol, [self, peer].sort(), written(guest), written(host), binding])
    const admitted = (other: Side, proven: string) =>
      ({ status: 'admitted', peer: other.introduction, secret: proven, publicKeyHash: null }) as const

    if (dialsFirst(self, peer)) {
      if (secret === null) return talk.refuse('malformed')
      talk.send({ step: 'hello', ...own, knocks: false })
      const host = await talk.next('greeting')
      const agreed = transcript(own, host)
      talk.send({ step: 'proof', proof: mac(secret, 'guest', agreed) })
      const { proof } = await talk.next('welcome')
      if (!isEqual(proof, mac(secret, 'host', agreed))) talk.refuse('wrong-secret')
      talk.proven()
      talk.send({ step: 'entered' })
      return admitted(host, secret)
    }
    const guest = await talk.next('hello')
    if (secret === null) return talk.refuse('malformed')
    talk.send({ step: 'greeting', ...own })
    const agreed = transcript(guest, own)
    const { proof } = await talk.next('proof')
    if (!isEqual(proof, mac(secret, 'guest', agreed))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'welcome', proof: mac(secret, 'host', agreed) })
    await talk.next('entered')
    return admitted(guest, secret)
  })

const written = ({ nonce, introduction: { role, name, deviceKey } }: Side) => [nonce, role, name, deviceKey]
