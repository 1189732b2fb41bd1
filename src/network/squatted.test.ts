/** Ids of a room that somebody sits on: they keep nobody out, let nobody in, and raise no alarm in tabs that know a key. */
import { describe, expect, it } from 'vitest'
import { guestAdmission } from './admission/admission'
import { testRoom } from './fixtures/test-rooms'
import { makePeerId } from './ids'
import { introduce } from './introduction'
import { ownKeyOf } from './keys'
import { decodeFrame, frameType, singlePiece } from './letters/frames'

describe('a room', () => {
  it('is waited for by its link, whoever else sits on ids of its code', async () => {
    const room = testRoom()
    const keys = await room.makeKeys()
    const sitters = await Promise.all(
      ['coordinator', 'equal'].map(async (claim) => {
        const squatted = room.hub.transport(
          makePeerId(room.identities('sitter'), 'TEST', claim as 'equal', 'f'.repeat(32)),
        )
        await squatted.start()
        return squatted
      }),
    )
    const hindrances: string[] = []
    const joining = room.device({
      publicKeyHash: keys.publicKeyHash,
      waitMs: 60_000,
      onHindered: ({ code }) => hindrances.push(code),
    })
    await room.clock.advance(20_000)
    const coordinator = await room.coordinator(keys)
    const device = await joining
    expect([...device.network.peers.keys()]).toEqual([coordinator.network.self])
    expect(hindrances).toEqual([])
    expect(device.said.problem).toEqual([])
    expect(sitters).toHaveLength(2)
  })

  it('lets nobody in on an id that names another key than her own', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const honest = await room.device({ deviceKey: 'ada' })
    const squatted = `${honest.network.self.slice(0, -16)}${'0'.repeat(16)}`
    const { identities } = room
    const own = await ownKeyOf(identities('eve'), identities.keyOf('eve'))
    const transport = room.hub.transport(squatted)
    const outcomes: string[] = []
    transport.on('link', (link) => {
      if (link.peer !== coordinator.network.self) return
      const talk = guestAdmission(
        {
          self: squatted,
          peer: link.peer,
          binding: link.binding,
          clock: room.clock,
          identity: identities('eve'),
          send: (payload) => void link.send('control', singlePiece(frameType.handshake, payload)),
        },
        {
          introduction: introduce(own, 'device', 'Eve'),
          sign: (text) => identities('eve').sign(own.signingKey, text),
          secret: 'secret',
          publicKeyHash: null,
          standing: { kind: 'stranger' },
          lineage: null,
          onFollowing() {},
          onWaiting() {},
        },
      )
      link.on('message', (_, bytes) => talk.receive(decodeFrame(bytes).payload))
      void talk.outcome.then(({ status }) => outcomes.push(status))
    })
    await transport.start()
    transport.connect(coordinator.network.self)
    await room.clock.advance(5_000)
    expect([...coordinator.network.peers.keys()]).toEqual([honest.network.self])
  })

  it('is opened again by its coordinator, whoever else sits on a coordinator’s id', async () => {
    const room = testRoom()
    const before = await room.coordinator()
    const device = await room.device({ publicKeyHash: before.keys.publicKeyHash })
    for (const id of [
      makePeerId(room.identities('sitter'), 'TEST', 'coordinator', 'f'.repeat(32)),
      `TEST-c-${'e'.repeat(32)}`,
    ])
      await room.hub.transport(id).start()
    before.transport.crash()
    await room.clock.advance(1_000)
    const after = await room.coordinator(before.keys)
    await room.clock.advance(5_000)
    expect([...device.network.peers.keys()]).toEqual([after.network.self])
    expect(device.said.problem).toEqual([])
  })
})
