/** What this tab can use: WebRTC together with BroadcastChannel, or the latter alone, which is a problem worth a word. */
import { broadcastTransport } from './broadcast-transport'
import type { Clock } from './clock'
import type { NetworkProblem, PeerId } from './network'
import { pairedTransport } from './paired-transport'
import { peerjsTransport } from './peerjs-transport'
import { problem } from './problems'
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
