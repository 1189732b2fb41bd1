import { describe, expect, it } from 'vitest'
import { testRoom } from './fixtures/test-rooms'
import { encodeWhisper, mostWhisperBytes } from './letters/frames'
import { heldFrames, whisperRate } from './limits/limits'
import type { Link } from './transport/transport'

const tokens = 7
const bytes = (...values: number[]) => Uint8Array.from(values)

/** A coordinator, a device, and the device's bare link. */
async function pair() {
  const room = testRoom()
  const coordinator = await room.coordinator()
  const links: Link[] = []
  const device = await room.device({ name: 'Ada' }, (link) => links.push(link))
  await room.clock.advance(0)
  const toCoordinator = coordinator.network.self
  return { room, coordinator, device, toCoordinator, link: links[0] }
}

describe('a whisper', () => {
  it('comes as it was said, in order, whatever letters are on their way', async () => {
    const { room, coordinator, device, toCoordinator } = await pair()
    const adapter = { attachment: new Uint8Array(1_000_000) }
    const letter = device.network.send(toCoordinator, { type: 'update' }, adapter)
    for (let step = 0; step < 100; step++)
      void device.network.whisper(toCoordinator, tokens, bytes(step, 255))
    await letter
    await room.clock.advance(0)
    const heard = coordinator.said.whisper
    expect(heard.map(([from, channel]) => [from, channel])).toEqual(
      Array.from({ length: 100 }, () => [device.network.self, tokens]),
    )
    expect(heard.map(([, , [step]]) => step)).toEqual(Array.from({ length: 100 }, (_, step) => step))
    expect(device.said.whisper).toEqual([])
  })

  it('costs two bytes beside its own, and is counted under its name at both ends', async () => {
    const { room, coordinator, device, toCoordinator } = await pair()
    const before = device.network.peers.get(toCoordinator)!.traffic.sent
    await device.network.whisper(toCoordinator, tokens, new Uint8Array(128))
    await room.clock.advance(0)
    expect(device.network.bytes.byKind.tokens).toBe(130)
    expect(coordinator.network.bytes.byKind.tokens).toBe(130)
    expect(device.network.peers.get(toCoordinator)!.traffic.sent - before).toBe(130)
  })

  it('may be empty, and may not be long', async () => {
    const { room, coordinator, device, toCoordinator } = await pair()
    await device.network.whisper(toCoordinator, tokens, bytes())
    await room.clock.advance(0)
    expect(coordinator.said.whisper).toHaveLength(1)
    await expect(
      device.network.whisper(toCoordinator, tokens, new Uint8Array(mostWhisperBytes + 1)),
    ).rejects.toThrow('A whisper of 4097 bytes is too long: at most 4096. Attach them to a message.')
    await expect(device.network.whisper('TEST-d-nobody', tokens, bytes())).rejects.toThrow('no connection')
  })

  it('is dropped and named where nobody listens, where it is longer than is listened to, and on the bulk lane', async () => {
    const { room, coordinator, device, toCoordinator, link } = await pair()
    await device.network.whisper(toCoordinator, 200, bytes(1))
    await device.network.whisper(toCoordinator, tokens, new Uint8Array(1001))
    await link.send('bulk', encodeWhisper(tokens, bytes(1)))
    await room.clock.advance(0)
    expect(coordinator.said.whisper).toEqual([])
    expect(coordinator.said.problem.map(([{ message }]) => message)).toEqual([
      'Ada sent what cannot be read (nobody listens to whispers on channel 200), for the first time. It was dropped.',
    ])
    expect(coordinator.network.bytes.byKind).toMatchObject({ other: 3, tokens: 1003 + 3 })
  })

  it('is no way past the door', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const early = room.device({ secret: null }, (link) => {
      void link.send('control', encodeWhisper(tokens, bytes(1)))
    })
    early.catch(() => {})
    await room.clock.advance(5_000)
    expect(coordinator.said.whisper).toEqual([])
    expect(coordinator.network.bytes.byKind.tokens).toBeUndefined()
  })

  it('waits where too many come, and whoever goes on is shut out', async () => {
    const { room, coordinator, device, toCoordinator } = await pair()
    for (let at = 0; at < whisperRate.burst + heldFrames.control; at++)
      void device.network.whisper(toCoordinator, tokens, bytes(at & 255))
    await room.clock.advance(0)
    expect(coordinator.said.whisper).toHaveLength(whisperRate.burst)
    await room.clock.advance(10_000)
    expect(coordinator.said.whisper).toHaveLength(whisperRate.burst + heldFrames.control)
    expect(coordinator.said.whisper.every(([, , [said]], at) => said === (at & 255))).toBe(true)
    for (let at = 0; at < 20_000; at++)
      device.network.whisper(toCoordinator, tokens, bytes(1)).catch(() => {})
    await room.clock.advance(1_000)
    expect(coordinator.said.leave.map(([{ name }, why]) => [name, why])).toEqual([['Ada', 'refused']])
  })
})

describe('an attachment in a hurry', () => {
  it('goes on the control lane, before an adapter that was sent earlier, if it is small', async () => {
    const { room, coordinator, device, toCoordinator } = await pair()
    const adapter = { attachment: new Uint8Array(1_000_000) }
    const activations = { attachment: new Uint8Array(12_000).fill(3), lane: 'control' } as const
    void device.network.send(toCoordinator, { type: 'update' }, adapter)
    void device.network.send(toCoordinator, { type: 'next' }, activations)
    await room.clock.advance(0)
    expect(coordinator.said.message.map(([, { type }, attached]) => [type, attached?.length])).toEqual([
      ['next', 12_000],
      ['update', 1_000_000],
    ])
    await expect(
      device.network.send(
        toCoordinator,
        { type: 'next' },
        { attachment: new Uint8Array(65_537), lane: 'control' },
      ),
    ).rejects.toThrow('An attachment of 65537 bytes is too large: at most 65536 here.')
  })
})
