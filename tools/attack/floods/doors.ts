/** The door: many at once, again and again, with and without the secret. */

import { randomHex } from '../../../src/network/identity/identity'
import { webIdentity } from '../../../src/network/identity/web-crypto'
import { makePeerId } from '../../../src/network/ids'
import { frameType, singlePiece } from '../../../src/network/letters/frames'
import { attack, type Case } from '../case'
import { besiege } from '../rooms/invariants'
import { code } from '../rooms/room'

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const mostKnocks = 64
const mostLogEvents = 2_000

export const doors: readonly Case[] = [
  attack('one that comes and goes 400 times', async () => {
    let events = 0
    const rest = await besiege(
      async (room) => {
        for (let times = 0; times < 400; times++) {
          const liar = await room.liar().catch(() => null)
          if (!liar) break
          await liar.network.leave()
        }
        events = await room.logLength()
      },
      { sameHash: true },
    )
    return [...(events > mostLogEvents ? [`the log has ${events} events`] : []), ...rest]
  }),
  attack('300 that know the code and knock', async () => {
    let shown = 0
    const rest = await besiege(
      async (room) => {
        for (let at = 0; at < 300; at++) {
          await room.knock(`Knocker ${at}`)
          if (at % 50 === 0) await pause(20)
        }
        await pause(300)
        shown = room.coordinator.store.getState().knocks.length
      },
      { sameHash: true },
    )
    return [...(shown > mostKnocks ? [`${shown} stand at the door at once`] : []), ...rest]
  }),
  attack('handshakes of nonsense', () =>
    besiege(
      async (room) => {
        for (let at = 0; at < 100; at++) {
          const transport = room.hub.transport(
            makePeerId(webIdentity, code, 'device', randomHex(webIdentity, 16)),
          )
          transport.on('link', (link) => {
            void link.send('control', singlePiece(frameType.handshake, new Uint8Array(5000).fill(at)))
            void link.send(
              'control',
              singlePiece(frameType.handshake, new TextEncoder().encode('{"step":"hello"}')),
            )
            void link.send('bulk', new Uint8Array(60_000))
          })
          await transport.start()
          for (const other of transport.sighted) transport.connect(other)
          await pause(5)
          await transport.close()
        }
      },
      { sameHash: true },
    ),
  ),
]
