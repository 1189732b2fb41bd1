import type { Clock } from './clock'
import type { PeerId } from './network'
import { peerjsTransport } from './peerjs-transport'
import type { Transport } from './transport'

export const chooseTransport = async (self: PeerId, clock: Clock): Promise<Transport> =>
  peerjsTransport(self, clock)
