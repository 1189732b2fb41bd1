/**
 * A room without a coordinator: all tabs are equal, whoever made the secret. One is in as soon as it has looked round; an
 * empty room is one that the others have still to find. Whom it links to is its own choice (`Network.reach`).
 */

import type { Guest } from './admission/admission'
import { type Exchange, exchange } from './exchange/exchange'
import { webIdentity } from './identity/web-crypto'
import { makePeerId } from './ids'
import { introduce } from './introduction'
import { hashOfPublicKey, ownKeyOf } from './keys'
import type { JoinOptions, Network } from './network'
import { usualPace } from './presence/presence'
import { problem } from './problems'
import {
  assertSecure,
  leaveWithThePage,
  type Surroundings,
  transportFor,
  unreachablePeers,
} from './surroundings'
import { tabClock } from './time/clock'

export interface EqualOptions
  extends Surroundings,
    Pick<JoinOptions, 'code' | 'name' | 'signingKey' | 'understood'> {
  /** Nobody is there to knock at: it comes with the link, or whoever begins makes it. */
  readonly secret: string
}

/** Enters a room of equals; resolves when the first look round is over, whether or not somebody is there. */
export async function joinEquals(options: EqualOptions): Promise<Network> {
  const { clock = tabClock(), identity = webIdentity } = options
  assertSecure(identity)
  const own = await ownKeyOf(identity, options.signingKey)
  const self = makePeerId(identity, options.code, 'equal', hashOfPublicKey(own.publicKey))
  const transport = await transportFor(self, clock, identity, own, options)
  const equal: Guest = {
    introduction: introduce(own, 'device', options.name),
    sign: (text) => identity.sign(options.signingKey, text),
    secret: options.secret,
    publicKeyHash: null,
    standing: { kind: 'equal' },
    lineage: null,
    onFollowing() {},
    onWaiting() {},
  }
  let isKnown = false
  const network: Exchange = exchange({
    transport,
    clock,
    identity,
    pace: options.pace ?? usualPace,
    understood: options.understood,
    door: { side: 'guest', guest: () => equal },
    isRight: () => true,
    onSent: options.onSent,
    onAdmitted() {
      isKnown = true
    },
    onRefused(_peer, why) {
      // Either end may be the one with the wrong link. Who has been let in by anybody has the right one.
      if (why === 'wrong-secret' && !isKnown) network.emit('problem', problem('wrong-secret', false))
      if (why === 'other-version') network.emit('problem', problem(why, false))
    },
    onUnreachable: (peer) => complaints.unreachable(peer),
    onSettled: (peer) => complaints.settle(peer),
  })
  const complaints = unreachablePeers(network, 'neighbour-unreachable')
  leaveWithThePage(network)
  await transport.start()
  return network
}
