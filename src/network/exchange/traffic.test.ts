import { describe, expect, it } from 'vitest'
import { testRoom } from '../fixtures/test-rooms'

describe('what left a tab', () => {
  it('is every byte that it has sent, by kind, and the newest letter of each as it was written', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const { network } = await room.device({ name: 'Ada' })
    const to = coordinator.network.self
    await network.send(to, { type: 'loaded', version: 1 })
    await network.send(to, { type: 'update', round: 3 }, { attachment: new Uint8Array(200_000) })
    await network.send(to, { type: 'loaded', version: 2 })
    await network.whisper(to, 7, new Uint8Array(100))
    await room.clock.advance(10_000)
    const { departed, bytes } = network
    expect(Object.values(departed).reduce((sum, kind) => sum + kind.bytes, 0)).toBe(bytes.sent)
    expect(Object.keys(departed).sort()).toEqual(['handshake', 'heartbeat', 'loaded', 'tokens', 'update'])
    expect(departed.loaded).toMatchObject({ attachedBytes: 0, newest: { type: 'loaded', version: 2 } })
    expect(departed.update.newest).toEqual({ type: 'update', round: 3 })
    expect(departed.update.attachedBytes).toBeGreaterThan(200_000)
    expect(departed.update.bytes - departed.update.attachedBytes).toBeLessThan(100)
    expect(departed.tokens).toEqual({ bytes: 102, attachedBytes: 0, newest: null })
  })

  it('says nothing of a letter that was too long to leave', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const { network } = await room.device()
    const long = { type: 'loaded', text: 'x'.repeat(5_000_000) }
    await expect(network.send(coordinator.network.self, long)).rejects.toThrow('too long')
    expect(network.departed.loaded).toBeUndefined()
  })
})
