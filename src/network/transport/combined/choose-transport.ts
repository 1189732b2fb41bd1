/**
 * Everything by which this tab can reach others, as one transport: WebRTC and BroadcastChannel, and the relay where both
 * fail. Nobody chooses; each pair takes the best way that it finds.
 */

import type { Identity } from '../../identity/identity'
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import { broadcastTransport } from '../broadcast/broadcast-transport'
import { relayAddress, relaySocket } from '../relay/relay-socket'
import { relayTransport } from '../relay/relay-transport'
import type { Transport } from '../transport'
import { peerjsTransport } from '../webrtc/peerjs-transport'
import { hasCandidates } from '../webrtc/self-test'
import { pairedTransport } from './paired-transport'
import { relayedTransport } from './relayed-transport'

/** @param token what the server wants to see for this id */
export async function chooseTransport(
  self: PeerId,
  clock: Clock,
  identity: Identity,
  token: string,
): Promise<Transport> {
  let canDial = await hasCandidates(clock)
  const webrtc = peerjsTransport(self, clock, { token, canDial: () => canDial })
  const address = relayAddress(location, self, token)
  return relayedTransport({
    kind: canDial ? 'webrtc' : 'relay',
    direct: pairedTransport(webrtc, broadcastTransport(self, clock, identity, canDial), clock),
    relay: (isWelcome) =>
      relayTransport(
        self,
        clock,
        identity,
        relaySocket(() => new WebSocket(address), clock),
        isWelcome,
      ),
    clock,
    async beforeRetry() {
      canDial ||= await hasCandidates(clock)
    },
  })
}
