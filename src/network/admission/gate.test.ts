/** Strangers at the gate of one tab: how many of their links may wait there, and that somebody else still gets in. */
import { describe, expect, it } from 'vitest'
import { seededIdentities } from '../identity/seeded'
import { makePeerId } from '../ids'
import { introduce } from '../introduction'
import { hashOfPublicKey, makeRoomKeys, ownKeyOf } from '../keys'
import { decodeFrame, frameType, singlePiece } from '../letters/frames'
import type { PeerId } from '../network'
import { virtualClock } from '../time/virtual-clock'
import { linkPair } from '../transport/memory/memory-transport'
import { type Guest, guestAdmission } from './admission'
import type { Outcome } from './conversation'
import { gates } from './gate'

/** A coordinator whose person never answers a knock. */
async function gatesOfOne() {
  const clock = virtualClock()
  const identity = seededIdentities(1)('all')
  const keys = await makeRoomKeys(identity, 'TEST', 'secret')
  const [own, ofGuests] = [
    await ownKeyOf(identity, keys.signingKey),
    await ownKeyOf(identity, await identity.makeSigningKey()),
  ]
  const hostId = makePeerId(identity, 'TEST', 'coordinator', keys.publicKeyHash)
  const idOf = (number: number) =>
    `TEST-d-${hashOfPublicKey(ofGuests.publicKey)}-${number.toString(16).padStart(16, '0')}`
  const host = () => ({
    introduction: introduce(own, 'coordinator', 'Host'),
    secret: keys.secret,
    sign: (text: string) => identity.sign(keys.signingKey, text),
    whyNot: () => null,
    lineage: null,
    onSucceeded() {},
    decide: () => new Promise<boolean>(() => {}),
  })
  const gateOf = gates(hostId, { side: 'host', host })
  /** A fresh link of a guest, without the secret unless it is given. */
  function arrive(self: PeerId, secret: string | null = null) {
    const [ofGuest, ofHost] = linkPair(self, hostId, clock)
    const { outcome } = gateOf(ofHost, { clock, identity, onFrame() {}, onBadFrame() {}, count() {} })
    const send = (payload: Uint8Array) =>
      void ofGuest.send('control', singlePiece(frameType.handshake, payload)).catch(() => {})
    const guest: Guest = {
      introduction: introduce(ofGuests, 'device', 'Guest'),
      sign: (text) => identity.sign(ofGuests.signingKey, text),
      secret,
      publicKeyHash: null,
      standing: { kind: 'stranger' },
      lineage: null,
      onFollowing() {},
      onWaiting() {},
    }
    const talk = guestAdmission({ self, peer: hostId, binding: '', clock, identity, send }, guest)
    ofGuest.on('message', (_, bytes) => talk.receive(decodeFrame(bytes).payload))
    let ended: Outcome | null = null
    void outcome.then((value) => {
      ended = value
    })
    return { link: ofHost, outcome: () => ended }
  }
  return { clock, arrive, idOf }
}

describe('the gates of a tab', () => {
  it('let one link of each peer wait, the newest', async () => {
    const { clock, arrive, idOf } = await gatesOfOne()
    const arrivals = Array.from({ length: 20 }, () => arrive(idOf(1)))
    await clock.advance(60_000)
    expect(arrivals.map(({ link }) => link.isOpen)).toEqual([...Array(19).fill(false), true])
    expect(arrivals[0].outcome()).toEqual({ status: 'refused', why: 'closed' })
  })

  it('let only so many wait, and whoever knows the secret comes in all the same', async () => {
    const { clock, arrive, idOf } = await gatesOfOne()
    const arrivals = Array.from({ length: 300 }, (_, at) => arrive(idOf(at)))
    await clock.advance(60_000)
    expect(arrivals.filter(({ link }) => link.isOpen).length).toBeLessThanOrEqual(128)
    const member = arrive(idOf(999), 'secret')
    await clock.advance(1_000)
    expect(member.outcome()).toMatchObject({ status: 'admitted' })
    expect(member.link.isOpen).toBe(true)
  })
})
