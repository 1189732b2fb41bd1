/** What this tab can use: WebRTC together with BroadcastChannel, or the latter alone, which is a problem worth a word. */

import type { NetworkProblem, PeerId } from '../network'
import { problem } from '../problems'
import type { Clock } from '../time/clock'
import { broadcastTransport } from './broadcast-transport'
import { pairedTransport } from './paired-transport'
import { peerjsTransport } from './peerjs-transport'
import { hasCandidates } from './self-test'
import type { Transport } from './transport'

export interface Choice {
  readonly transport: Transport
  readonly problem: NetworkProblem | null
}

export async function chooseTransport(self: PeerId, clock: Clock): Promise<Choice> {
  const webrtc = await hasCandidates(clock)
  const broadcast = broadcastTransport(self, clock, webrtc)
  return webrtc
    ? { transport: pairedTransport(peerjsTransport(self, clock), broadcast, clock), problem: null }
    : { transport: broadcast, problem: problem('no-candidates', false) }
}
