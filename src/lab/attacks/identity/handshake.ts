/**
 * The door of a room, for attacks on it: a guest and the coordinator on one wire, who go through the very handshake that tabs go
 * through (network/admission/). Keys follow from the seed, and the clock is virtual.
 */
import { type Guest, guestAdmission, type Host, hostAdmission } from '../../../network/admission/admission'
import type { Conversation, Outcome } from '../../../network/admission/conversation'
import type { Identity } from '../../../network/identity/identity'
import { introduce } from '../../../network/introduction'
import { makeRoomKeys, type OwnKey, ownKeyOf } from '../../../network/keys'
import { virtualClock } from '../../../network/time/virtual-clock'

const code = 'LAB'
const binding = 'one wire'
const secret = 'known to all who come'
const hostId = `${code}-c-${'2'.repeat(32)}-${'0'.repeat(16)}`
const guestId = `${code}-d-${'1'.repeat(32)}-${'0'.repeat(16)}`

export interface Door {
  readonly identity: Identity
  makeKey(): Promise<OwnKey>
  /** What the coordinator makes of somebody who knows the secret. */
  knock(guest: Knocking): Promise<Outcome>
}

export type Knocking = Pick<Guest, 'introduction' | 'sign'>

/**
 * @param checks what the coordinator checks keys and signatures with
 * @param whyNot who is not let in although all is in order
 */
export async function openDoor(identity: Identity, checks: Identity, whyNot: Host['whyNot']): Promise<Door> {
  const keys = await makeRoomKeys(identity, code, secret)
  const own = await ownKeyOf(identity, keys.signingKey)
  return {
    identity,
    makeKey: async () => ownKeyOf(identity, await identity.makeSigningKey()),
    async knock({ introduction, sign }) {
      const clock = virtualClock()
      const sides = {} as { guest: Conversation; host: Conversation }
      const to = (side: 'guest' | 'host') => (payload: Uint8Array) =>
        queueMicrotask(() => sides[side].receive(payload))
      sides.host = hostAdmission(
        { self: hostId, peer: guestId, binding, clock, identity: checks, send: to('guest') },
        {
          introduction: introduce(own, 'coordinator', 'Coordinator'),
          secret,
          sign: (text) => identity.sign(own.signingKey, text),
          whyNot,
          lineage: null,
          onSucceeded() {},
          decide: async () => false,
        },
      )
      sides.guest = guestAdmission(
        { self: guestId, peer: hostId, binding, clock, identity, send: to('host') },
        {
          introduction,
          sign,
          secret,
          publicKeyHash: keys.publicKeyHash,
          standing: { kind: 'stranger' },
          lineage: null,
          onFollowing() {},
          onWaiting() {},
        },
      )
      await clock.advance(longEnoughMs)
      return sides.host.outcome
    },
  }
}

/** Until every handshake has ended. */
const longEnoughMs = 60_000

/** A signature is in order whatever it says, and a key is called whatever somebody calls it: the check left out. */
export const unchecked = (identity: Identity, claimed: () => string): Identity => ({
  ...identity,
  nameOf: claimed,
  isSignedBy: async () => true,
})
