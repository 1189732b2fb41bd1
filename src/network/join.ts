/**
 * Joining a room as a device or an edge (opening one: `room.ts`). Here stands which failure is final and what is worth another
 * try. What somebody says who has not shown the key that our link names is no reason to give up: it may be the reason why
 * this tab is not in yet, which is told, and the tab goes on waiting. Without a key in the link, the first coordinator that
 * knows the secret, or whose person lets us in, is ours from then on, for as long as this tab lives.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { deferred } from '../lib/async'
import type { Guest } from './admission/admission'
import type { Admitted, Refusal } from './admission/conversation'
import type { Standing } from './admission/membership'
import { type Exchange, exchange } from './exchange/exchange'
import { webIdentity } from './identity/web-crypto'
import { coordinatorKeyOf, isCoordinator, makePeerId, parsePeerId } from './ids'
import { introduce } from './introduction'
import { hashOfPublicKey, ownKeyOf } from './keys'
import type { JoinedNetwork, JoinOptions, Membership, NetworkProblem, PeerId } from './network'
import { usualPace } from './presence/presence'
import { NetworkError, problem } from './problems'
import {
  assertSecure,
  leaveWithThePage,
  type Surroundings,
  transportFor,
  unreachablePeers,
} from './surroundings'
import { type Clock, tabClock } from './time/clock'
import type { Transport } from './transport/transport'

/** Where others are seen first, a coordinator may still follow. */
const othersFirstMs = 1_000
/** A tab that was of the room before comes in so much later where nobody coordinates it. */
const memberWaitMs = 5_000
/** Another coordinator of the same code may be the right one. */
const otherCoordinatorMs = 5_000

/** Joins a room as a device or an edge. Afterwards it finds the coordinator again by itself whenever that reloads. */
export async function joinRoom(options: JoinOptions & Surroundings): Promise<JoinedNetwork> {
  const { clock = tabClock(), identity = webIdentity, role } = options
  assertSecure(identity)
  const own = await ownKeyOf(identity, options.signingKey)
  const self = makePeerId(identity, options.code, role, hashOfPublicKey(own.publicKey))
  const transport = await transportFor(self, clock, identity, own, options)
  let { secret, publicKeyHash } = options
  let standing = standingOf(options.membership ?? null)
  const introduction = introduce(own, role, options.name)
  const entry = entryOf(options, clock, transport, () => complaints.hasAny())
  /** Ours, or nobody has said yet which is. */
  const isOurs = (peer: PeerId) => publicKeyHash === null || coordinatorKeyOf(peer) === publicKeyHash
  const follow = (other: string) => {
    if (publicKeyHash === other) return
    publicKeyHash = other
    network.turnFrom([...network.peers.keys()].filter((peer) => isCoordinator(peer) && !isOurs(peer)))
  }
  const guest = (): Guest => ({
    introduction,
    sign: (text) => identity.sign(options.signingKey, text),
    secret,
    publicKeyHash,
    standing,
    lineage: options.lineage ?? null,
    onFollowing(other, papers) {
      follow(other)
      options.onFollowing?.(other, papers)
    },
    onWaiting(phrase) {
      entry.patient() // from now on it takes as long as it takes a person
      options.onKnocking?.(phrase)
    },
  })
  // Who coordinates our room by another key may be right: it is asked once.
  const isRight = (peer: PeerId) => options.lineage !== undefined || !isCoordinator(peer) || isOurs(peer)
  const network: Exchange = exchange({
    transport,
    clock,
    identity,
    pace: options.pace ?? usualPace,
    understood: options.understood,
    door: { side: 'guest', guest },
    onSent: options.onSent,
    isRight,
    mayEnter: (peer) => !isCoordinator(peer) || isOurs(peer),
    onAdmitted(peer, outcome) {
      if (!isCoordinator(peer) || outcome.publicKeyHash === null) return
      // The person who let us in vouches for both.
      if (secret === null)
        options.onCredentials?.({ secret: outcome.secret, publicKeyHash: outcome.publicKeyHash })
      ;({ secret, publicKeyHash } = outcome)
      const membership = membershipOf(outcome)
      standing = standingOf(membership)
      if (membership) options.onMembership?.(membership)
      entry.isIn()
    },
    onRefused(peer, why) {
      if (isCoordinator(peer)) {
        if (isOurs(peer)) entry.refused(why, publicKeyHash !== null)
      } else if (why === 'other-version') network.emit('problem', problem(why, false))
    },
    onUnreachable: (peer) => {
      if (!isCoordinator(peer) || isOurs(peer)) complaints.unreachable(peer)
    },
    onSettled: (peer) => complaints.settle(peer),
  })
  const complaints = unreachablePeers(network, 'peer-unreachable')
  if (options.membership) clock.after(memberWaitMs, entry.isIn)
  entry.tell((code) => network.emit('problem', problem(code, false)))
  leaveWithThePage(network)
  try {
    await Promise.all([transport.start(), entry.joined])
  } catch (error) {
    entry.patient()
    await network.leave()
    throw error
  }
  return Object.assign(network, { follow })
}

const standingOf = (membership: Membership | null): Standing =>
  membership === null ? { kind: 'stranger' } : { kind: 'member', ...membership }

const membershipOf = ({ peer, pass }: Admitted): Membership | null =>
  pass === null ? null : { coordinatorKey: new Uint8Array(hexToBytes(peer.publicKey)), pass }

interface Entry {
  /** Rejects with a `NetworkError`. */
  readonly joined: Promise<void>
  isIn(): void
  /** Waits without an end. */
  patient(): void
  /** @param isProven whether whoever refuses us holds the key that we look for */
  refused(why: Refusal, isProven: boolean): void
  /** Where to tell of what is refused once this tab is in. */
  tell(of: (code: NetworkProblem['code']) => void): void
}

/** The wait at the door: how long, and what it may end with. */
function entryOf(
  { waitMs, publicKeyHash, onHindered }: JoinOptions,
  clock: Clock,
  transport: Transport,
  isUnreachable: () => boolean,
): Entry {
  const joined = deferred<void>()
  joined.promise.catch(() => {}) // it may fail before anybody waits for it
  let hasJoined = false
  let serverIsAway = false
  /** What may be the reason why this tab is not in. */
  let hindrance: NetworkProblem['code'] | null = null
  let tell: (code: NetworkProblem['code']) => void = () => {}
  const fail = (code: NetworkProblem['code']) => joined.reject(new NetworkError(code))
  const waitFor = (milliseconds: number) =>
    clock.after(milliseconds, () => {
      if (serverIsAway) return fail('server-unreachable')
      if (isUnreachable()) return fail(hindrance ?? 'peer-unreachable')
      fail(hindrance ?? whyNobody(transport, publicKeyHash))
    })
  let stopWaiting = waitFor(waitMs)
  const waitOn = (milliseconds: number) => {
    stopWaiting()
    stopWaiting = waitFor(milliseconds)
  }
  const hinder = (code: NetworkProblem['code']) => {
    if (hindrance !== code) onHindered?.(problem(code, false))
    hindrance = code
  }
  transport.on('problem', ({ code }) => {
    if (code === 'server-unreachable') serverIsAway = true
  })
  transport.on('cleared', () => {
    serverIsAway = false
  })
  transport.on('sighted', (peer) => {
    // Whoever has a coordinator's key knows that there is a coordinator.
    if (publicKeyHash !== null || !parsePeerId(peer)?.isOfEquals) return
    clock.after(othersFirstMs, () => {
      if (!hasJoined && ![...transport.sighted].some(isCoordinator)) hinder('room-of-equals')
    })
  })

  return {
    joined: joined.promise,
    isIn() {
      hasJoined = true
      stopWaiting()
      joined.resolve()
    },
    patient: () => stopWaiting(),
    tell(of) {
      tell = of
    },
    refused(why, isProven) {
      const code = codeOf[why]
      if (hasJoined) return code === null || code === 'knock-refused' ? undefined : tell(code)
      if (code === null) return waitOn(waitMs) // it went away while we knocked, and may come back
      if (isProven && why !== 'wrong-key') return fail(code)
      // Nobody has shown the key that we look for: another coordinator may be the right one.
      hinder(code)
      waitOn(otherCoordinatorMs)
    },
  }
}

/**
 * Why nobody was there with the key of our link, as far as the list can tell: a coordinator with another key, one of an older
 * page, whose id names none, or no coordinator at all.
 */
function whyNobody({ sighted }: Transport, ours: string | null): NetworkProblem['code'] {
  const keys = [...sighted].filter(isCoordinator).map(coordinatorKeyOf)
  if (ours === null || keys.length === 0 || keys.includes(ours)) return 'room-not-found'
  return keys.includes(null) ? 'other-version' : 'wrong-secret'
}

/** What a refusal means to a person; null: nothing yet, another try may go well. */
const codeOf: Readonly<Record<Refusal, NetworkProblem['code'] | null>> = {
  'wrong-secret': 'wrong-secret',
  'wrong-key': 'wrong-secret',
  'knock-refused': 'knock-refused',
  locked: 'locked',
  'other-version': 'other-version',
  timeout: null,
  malformed: null,
  followed: null,
  closed: null,
}
