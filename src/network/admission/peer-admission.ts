/**
 * Who may speak where no coordinator is at either end: whoever knows the room's secret and, where somebody coordinates the
 * room, has been let in there (`membership.ts`). The lower id is the guest:
 *
 *   guest -> host   hello      who I am, by my key; a commitment; my pass
 *   host  -> guest  greeting   who I am, by my key; a nonce, my pass, a signature over the transcript
 *   guest -> host   opening    what I have committed to, my signature over the transcript
 *   guest -> host   proof      HMAC(secret, 'guest' | transcript)
 *   host  -> guest  welcome    HMAC(secret, 'host' | transcript)
 *   guest -> host   entered
 *
 * As with the coordinator (`admission.ts`), the transcript holds ids, nonces, introductions and the DTLS fingerprints of
 * this very connection, and the secret is never sent. A peer that was let in this way is who it says it is, and never taken
 * for the coordinator, whatever it says.
 */

import { randomHex } from '../identity/identity'
import { dialsFirst } from '../topology'
import { type Conversation, type ConversationPorts, conversation, type Introduction } from './conversation'
import { isFellow, type Standing } from './membership'
import { commitmentTo } from './phrase'
import { isEqual, isItsOwn, mac, type Speaker, signatureOf } from './proof'

const protocol = 'gossamer-peers-2'

export interface Equal extends Speaker {
  /** Null: still at the coordinator's door, so that nobody can be let in or asked. */
  readonly secret: string | null
  readonly standing: Standing
}

interface Side {
  readonly nonce: string
  readonly introduction: Introduction
  readonly pass: string | null
}

export const peerAdmission = (ports: ConversationPorts, equal: Equal): Conversation =>
  conversation(ports, async (talk) => {
    const { self, peer, binding, identity } = ports
    const { introduction, secret, standing } = equal
    const pass = standing.kind === 'member' ? standing.pass : null
    const transcript = (guest: Side, host: Side) =>
      JSON.stringify([protocol, [self, peer].sort(), written(guest), written(host), binding])
    const isBelieved = async (side: 'guest' | 'host', other: Side, signature: string, agreed: string) =>
      (await isItsOwn(identity, other.introduction, side, signature, agreed)) &&
      (await isFellow(identity, self, standing, other.introduction.deviceKey, other.pass))
    const admitted = (other: Side, proven: string) =>
      ({
        status: 'admitted',
        peer: other.introduction,
        secret: proven,
        publicKeyHash: null,
        phrase: null,
        pass: null,
      }) as const

    if (dialsFirst(self, peer)) {
      if (secret === null || standing.kind === 'stranger') return talk.refuse('malformed')
      const opening = randomHex(identity, 16)
      const own: Side = { nonce: commitmentTo(opening), introduction, pass }
      talk.send({ step: 'hello', ...own, knocks: false, pins: false })
      const { signature, ...host } = await talk.next('greeting')
      const agreed = transcript(own, host)
      if (!(await isBelieved('host', host, signature, agreed))) talk.refuse('wrong-key')
      talk.send({ step: 'opening', opening, signature: await signatureOf(equal, 'guest', agreed) })
      talk.send({ step: 'proof', proof: mac(secret, 'guest', agreed) })
      const { proof } = await talk.next('welcome')
      if (!isEqual(proof, mac(secret, 'host', agreed))) talk.refuse('wrong-secret')
      talk.proven()
      talk.send({ step: 'entered' })
      return admitted(host, secret)
    }
    const guest = await talk.next('hello')
    if (secret === null || standing.kind === 'stranger') return talk.refuse('malformed')
    const own: Side = { nonce: randomHex(identity, 16), introduction, pass }
    const agreed = transcript(guest, own)
    talk.send({ step: 'greeting', ...own, signature: await signatureOf(equal, 'host', agreed) })
    const { opening, signature } = await talk.next('opening')
    if (!isEqual(commitmentTo(opening), guest.nonce)) talk.refuse('malformed')
    if (!(await isBelieved('guest', guest, signature, agreed))) talk.refuse('wrong-key')
    const { proof } = await talk.next('proof')
    if (!isEqual(proof, mac(secret, 'guest', agreed))) talk.refuse('wrong-secret')
    talk.proven()
    talk.send({ step: 'welcome', proof: mac(secret, 'host', agreed), pass: null })
    await talk.next('entered')
    return admitted(guest, secret)
  })

const written = ({ nonce, introduction: { role, name, deviceKey, publicKey }, pass }: Side) => [
  nonce,
  role,
  name,
  deviceKey,
  publicKey,
  pass,
]
