/**
 * Opening a room as its coordinator (joining one: `join.ts`; one without a coordinator: `equals.ts`). The room is its key's:
 * ids on the server's list name the key, and whoever holds another one is another room, whatever its code. Connections,
 * handshakes and heartbeats lie below. Errors are `NetworkError`s that carry a problem in plain words.
 */
import { deferred } from '../lib/async'
import type { Host } from './admission/admission'
import { type Introduction, Refused } from './admission/conversation'
import type { Lineage } from './admission/lineage'
import { type Exchange, exchange } from './exchange/exchange'
import { webIdentity } from './identity/web-crypto'
import { coordinatorKeyOf, isCoordinator, makePeerId } from './ids'
import { introduce } from './introduction'
import { ownKeyOf } from './keys'
import type { Understood } from './letters/kinds'
import type { Network, PeerId, RoomKeys } from './network'
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
  readonly understood: Understood
  /** By what right this tab coordinates, where it has not opened the room itself. */
  readonly lineage?: Lineage
  /** Why a device of this name is not let in; asked of everybody, also of those who know the secret. */
  whyNot?(deviceKey: string): 'locked' | null
}

/** Those who wait for a person are shown one by one; more than a class at once are no guests. */
const mostAtTheDoor = 64
/** A coordinator that reloads is on the list twice for a moment. */
const predecessorMs = 5_000

/** Opens a room, or opens it again after a reload, as its coordinator. */
export async function openRoom(keys: RoomKeys, options: OpenOptions): Promise<Network> {
  const { clock = tabClock(), identity = webIdentity, whyNot = () => null } = options
  assertSecure(identity)
  const own = await ownKeyOf(identity, keys.signingKey)
  const self = makePeerId(identity, keys.code, 'coordinator', keys.publicKeyHash)
  const transport = await transportFor(self, clock, identity, own, options)
  const introduction = introduce(own, 'coordinator', options.name)
  const atTheDoor = new Set<PeerId>()
  const leavesTheDoor = (peer: PeerId) => {
    if (atTheDoor.delete(peer)) network.emit('knockOver', peer)
  }
  const host = (peer: PeerId): Host => ({
    introduction,
    lineage: options.lineage ?? null,
    onSucceeded: () => network.emit('problem', problem('succeeded', true)),
    secret: keys.secret,
    sign: (text) => identity.sign(keys.signingKey, text),
    whyNot: ({ deviceKey }) => whyNot(deviceKey),
    async decide(guest, phrase) {
      // No answer is no refusal: whoever finds the door full tries again.
      if (atTheDoor.size >= mostAtTheDoor) throw new Refused('closed')
      atTheDoor.add(peer)
      return askAtTheDoor(network, peer, guest, phrase)
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
    isRight: () => true,
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
  if (!(await becomesAlone(transport, clock, keys.publicKeyHash))) {
    await network.leave()
    throw new NetworkError('room-taken')
  }
  tellOfNamesakes(network, transport)
  return network
}

const askAtTheDoor = (
  network: Exchange,
  id: PeerId,
  { name }: Introduction,
  phrase: string,
): Promise<boolean> => {
  const answer = deferred<boolean>()
  const [admit, refuse] = [true, false].map((isWelcome) => () => answer.resolve(isWelcome))
  network.emit('knock', { id, name, phrase, admit, refuse })
  return answer.promise
}

/**
 * Whether every other coordinator of this room disappears soon: of this very key, so that it can only be another life, or
 * another tab, of this one. Two that open the same room in the same instant both give way: neither can know that it was first.
 */
async function becomesAlone(transport: Transport, clock: Clock, publicKeyHash: string): Promise<boolean> {
  const hasRival = () => [...transport.sighted].some((id) => coordinatorKeyOf(id) === publicKeyHash)
  if (!hasRival()) return true
  const alone = deferred<boolean>()
  const unsubscribe = transport.on('vanished', () => !hasRival() && alone.resolve(true))
  const cancel = clock.after(predecessorMs, () => alone.resolve(false))
  return alone.promise.finally(() => {
    unsubscribe()
    cancel()
  })
}

/** Rooms of one code and different keys do not disturb each other; but a guest who types the code should look whom it meets. */
function tellOfNamesakes(network: Exchange, transport: Transport): void {
  let isTold = false
  const look = () => {
    const isThere = [...transport.sighted].some(isCoordinator)
    if (isThere === isTold) return
    isTold = isThere
    if (isThere) network.emit('problem', problem('same-code', false))
    else network.emit('cleared', 'same-code')
  }
  transport.on('sighted', look)
  transport.on('vanished', look)
  look()
}
