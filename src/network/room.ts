/**
 * Opening a room and joining one (one without a coordinator: `equals.ts`). Here stands what is final and what is worth another try; connections, handshakes and
 * heartbeats lie below. Errors are `NetworkError`s that carry a problem in plain words.
 */
import { deferred } from '../lib/async'
import type { Guest, Host } from './admission/admission'
import { type Introduction, type Refusal, Refused } from './admission/conversation'
import { type Exchange, exchange } from './exchange/exchange'
import { webIdentity } from './identity/web-crypto'
import { isCoordinator, makePeerId, parsePeerId } from './ids'
import { fittingName } from './introduction'
import type { Understood } from './letters/kinds'
import type { JoinOptions, Network, NetworkProblem, PeerId, RoomKeys } from './network'
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

export interface OpenOptions extends Surroundings {
  readonly name: string
  readonly deviceKey?: string
  readonly understood: Understood
}

/** Those who wait for a person are shown one by one; more than a class at once are no guests. */
const mostAtTheDoor = 64
/** A coordinator that reloads is on the list twice for a moment. */
const predecessorMs = 5_000
/** Where others are seen first, a coordinator may still follow. */
const othersFirstMs = 1_000
/** Another coordinator of the same code may be the right one. */
const otherCoordinatorMs = 5_000

/** Opens a room, or opens it again after a reload, as its coordinator. */
export async function openRoom(keys: RoomKeys, options: OpenOptions): Promise<Network> {
  const { clock = tabClock(), identity = webIdentity } = options
  assertSecure(identity)
  const transport = await transportFor(
    makePeerId(identity, keys.code, 'coordinator'),
    clock,
    identity,
    options,
  )
  const introduction = {
    role: 'coordinator',
    name: fittingName(options.name),
    deviceKey: options.deviceKey ?? keys.publicKeyHash,
  } as const
  const publicKey = await identity.publicKeyOf(keys.signingKey)
  const atTheDoor = new Set<PeerId>()
  const leavesTheDoor = (peer: PeerId) => {
    if (atTheDoor.delete(peer)) network.emit('knockOver', peer)
  }
  const host = (peer: PeerId): Host => ({
    introduction,
    secret: keys.secret,
    publicKey,
    sign: (text) => identity.sign(keys.signingKey, text),
    async decide(guest) {
      // No answer is no refusal: whoever finds the door full tries again.
      if (atTheDoor.size >= mostAtTheDoor) throw new Refused('closed')
      atTheDoor.add(peer)
      return askAtTheDoor(network, peer, guest)
    },
  })
  const network: Exchange = exchange({
    transport,
    clock,
    identity,
    pace: options.pace ?? usualPace,
    understood: options.understood,
    door: { side: 'host', host },
    onSent: options.onSent,
    onAdmitted: leavesTheDoor,
    onRefused(peer, why) {
      leavesTheDoor(peer)
      if (why === 'other-version') network.emit('problem', problem(why, false))
    },
    onUnreachable: (peer) => complaints.unreachable(peer),
    onSettled: (peer) => complaints.settle(peer),
  })
  const complaints = unreachablePeers(network, 'device-unreachable')
  leaveWithThePage(network)
  await transport.start()
  if (!(await becomesAlone(transport, clock))) {
    await network.leave()
    throw new NetworkError('room-taken')
  }
  return network
}

const askAtTheDoor = (network: Exchange, id: PeerId, { name }: Introduction): Promise<boolean> => {
  const answer = deferred<boolean>()
  network.emit('knock', { id, name, admit: () => answer.resolve(true), refuse: () => answer.resolve(false) })
  return answer.promise
}

/**
 * Whether every other coordinator of this room disappears soon. Two that open the same code in the same instant both
 * give way: neither can know that it was first.
 */
async function becomesAlone(transport: Transport, clock: Clock): Promise<boolean> {
  const hasRival = () => [...transport.sighted].some(isCoordinator)
  if (!hasRival()) return true
  const alone = deferred<boolean>()
  const unsubscribe = transport.on('vanished', () => !hasRival() && alone.resolve(true))
  const cancel = clock.after(predecessorMs, () => alone.resolve(false))
  return alone.promise.finally(() => {
    unsubscribe()
    cancel()
  })
}

/** Joins a room as a device or an edge. Afterwards it finds the coordinator again by itself whenever that reloads. */
export async function joinRoom(options: JoinOptions & Surroundings): Promise<Network> {
  const { clock = tabClock(), identity = webIdentity } = options
  assertSecure(identity)
  const transport = await transportFor(
    makePeerId(identity, options.code, options.role),
    clock,
    identity,
    options,
  )
  let { secret, publicKeyHash } = options
  const { role, deviceKey } = options
  const introduction = { role, name: fittingName(options.name), deviceKey }
  const joined = deferred<void>()
  joined.promise.catch(() => {}) // it may fail before anybody waits for it
  let hasJoined = false
  const waitFor = (milliseconds: number, code: () => NetworkProblem['code']) =>
    clock.after(milliseconds, () => joined.reject(new NetworkError(code())))
  const waitForRoom = () =>
    waitFor(options.waitMs, () => {
      if (serverIsAway) return 'server-unreachable'
      return complaints.hasAny() ? 'peer-unreachable' : 'room-not-found'
    })
  let serverIsAway = false
  transport.on('problem', ({ code }) => {
    if (code === 'server-unreachable') serverIsAway = true
  })
  transport.on('cleared', () => {
    serverIsAway = false
  })
  let stopWaiting = waitForRoom()
  transport.on('sighted', (peer) => {
    if (!parsePeerId(peer)?.isOfEquals) return
    clock.after(othersFirstMs, () => {
      if (![...transport.sighted].some(isCoordinator)) joined.reject(new NetworkError('room-of-equals'))
    })
  })
  const guest = (): Guest => ({
    introduction,
    secret,
    publicKeyHash,
    onWaiting() {
      stopWaiting() // from now on it takes as long as it takes a person
      options.onKnocking?.()
    },
  })
  const network: Exchange = exchange({
    transport,
    clock,
    identity,
    pace: options.pace ?? usualPace,
    understood: options.understood,
    door: { side: 'guest', guest },
    onSent: options.onSent,
    onAdmitted(peer, outcome) {
      if (!isCoordinator(peer)) return
      if (secret === null && outcome.publicKeyHash !== null) {
        ;({ secret, publicKeyHash } = outcome) // the person who let us in vouches for both
        options.onCredentials?.({ secret, publicKeyHash: outcome.publicKeyHash })
      }
      hasJoined = true
      stopWaiting()
      joined.resolve()
    },
    onRefused(peer, why) {
      if (isCoordinator(peer)) refused(why)
      else if (why === 'other-version') network.emit('problem', problem(why, false))
    },
    onUnreachable: (peer) => complaints.unreachable(peer),
    onSettled: (peer) => complaints.settle(peer),
  })
  const complaints = unreachablePeers(network, 'peer-unreachable')
  const refused = (why: Refusal) => {
    if (hasJoined) {
      if (why === 'wrong-secret' || why === 'wrong-key')
        network.emit('problem', problem('wrong-secret', false))
      if (why === 'other-version') network.emit('problem', problem(why, false))
    } else if (why === 'other-version') joined.reject(new NetworkError(why))
    else if (why === 'wrong-secret') joined.reject(new NetworkError('wrong-secret'))
    else if (why === 'knock-refused') joined.reject(new NetworkError('knock-refused'))
    else {
      stopWaiting() // a coordinator that went away while we knocked may come back, another one may be the right one
      stopWaiting = why === 'wrong-key' ? waitFor(otherCoordinatorMs, () => 'wrong-secret') : waitForRoom()
    }
  }

  leaveWithThePage(network)
  try {
    await Promise.all([transport.start(), joined.promise])
  } catch (error) {
    stopWaiting()
    await network.leave()
    throw error
  }
  return network
}
