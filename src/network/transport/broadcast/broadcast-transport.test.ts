/** In Node, which has BroadcastChannel but no Web Locks: what the locks are for is proven in real tabs. */
import { afterEach, describe, expect, it } from 'vitest'
import { joinOptions, understood } from '../../fixtures/test-rooms'
import { webIdentity } from '../../identity/web-crypto'
import { joinRoom } from '../../join'
import { makeRoomKeys } from '../../keys'
import type { Network } from '../../network'
import { openRoom } from '../../room'
import { tabClock } from '../../time/clock'
import { broadcastTransport } from './broadcast-transport'

const open: Network[] = []
afterEach(() => Promise.all(open.splice(0).map((network) => network.leave())))
const transport = (self: string) => broadcastTransport(self, tabClock(), webIdentity, false)

const signingKey = await webIdentity.makeSigningKey()

async function meet(code: string) {
  const coordinator = await openRoom(await makeRoomKeys(webIdentity, code, 'secret'), {
    name: 'Coordinator',
    understood,
    transport,
  })
  const device = await joinRoom({ ...joinOptions, signingKey, code, transport })
  open.push(coordinator, device)
  return { coordinator, device }
}
const next = <T>(listen: (resolve: (value: T) => void) => void) => new Promise<T>(listen)

describe('tabs of one browser', () => {
  it('meet without a server, and carry an attachment bit by bit', async () => {
    const { coordinator, device } = await meet('B1')
    const attachment = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31) & 255)
    const received = next<Uint8Array | null>((resolve) =>
      coordinator.on('message', (_from, _message, bytes) => resolve(bytes)),
    )
    await device.send(coordinator.self, { type: 'update' }, { attachment })
    expect(Buffer.compare(Buffer.from((await received)!), Buffer.from(attachment))).toBe(0)
    expect([...device.peers.values()]).toMatchObject([{ transport: 'broadcast' }])
  })

  it('notice who leaves', async () => {
    const { coordinator, device } = await meet('B2')
    const left = next<string>((resolve) => coordinator.on('leave', (_peer, why) => resolve(why)))
    await device.leave()
    expect(await left).toBe('goodbye')
  })

  it('do not hear other rooms', async () => {
    const { coordinator } = await meet('B3')
    await expect(
      joinRoom({ ...joinOptions, signingKey, code: 'B4', waitMs: 500, transport }),
    ).rejects.toThrow('was not found')
    expect(coordinator.peers.size).toBe(1)
  })
})
