import { describe, expect, it } from 'vitest'
import { emitter } from '../lib/emitter'
import { handshakeTimeoutMs } from './admission/conversation'
import { joinEquals } from './equals'
import { farewellMs } from './exchange/farewells'
import { type TestNode, testRoom, understood } from './fixtures/test-rooms'
import { seededIdentities } from './identity/seeded'
import { webIdentity } from './identity/web-crypto'
import { makePeerId } from './ids'
import type { Membership } from './network'
import { virtualClock } from './time/virtual-clock'
import { memoryHub } from './transport/memory/memory-transport'
import type { TransportEvents } from './transport/transport'

const linked = ({ network }: TestNode) => [...network.peers.values()].map(({ deviceKey }) => deviceKey).sort()
const ids = (...nodes: readonly TestNode[]) => nodes.map(({ network }) => network.self)

describe('two devices of a room', () => {
  async function pair() {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const ada = await room.device({ name: 'Ada', deviceKey: 'ada' })
    const bob = await room.device({ name: 'Bob', deviceKey: 'bob', role: 'edge' })
    await room.clock.advance(0)
    return { room, coordinator, ada, bob }
  }

  it('have no link until one of them reaches for the other, whichever it is', async () => {
    for (const turn of [0, 1]) {
      const { room, coordinator, ada, bob } = await pair()
      expect([ada.network.peers.size, bob.network.peers.size]).toEqual([1, 1])
      const [first, second] = turn === 0 ? [ada, bob] : [bob, ada]
      first.network.reach('test', ids(second))
      await room.clock.advance(1_000)
      expect(ada.network.peers.get(bob.network.self)).toMatchObject({ role: 'edge', name: 'Bob' })
      expect(bob.network.peers.get(ada.network.self)).toMatchObject({ role: 'device', name: 'Ada' })
      await second.network.send(first.network.self, { type: 'hello' }, { attachment: new Uint8Array(9) })
      await room.clock.advance(3_000)
      expect(first.said.message.map(([from, { type }, bytes]) => [from, type, bytes?.length])).toEqual([
        [second.network.self, 'hello', 9],
      ])
      expect(first.network.peers.get(second.network.self)!.roundTripMs).not.toBeNull()
      expect(coordinator.network.peers.size).toBe(2)
    }
  })

  it('come together after a handshake that was too slow, also where it is wanted anew while the last link is being closed', async () => {
    const faults = { delayMs: 0, jitter: 0, loss: 0, bytesPerSecond: 1e9 }
    const room = testRoom({ faults })
    await room.coordinator()
    const ada = await room.device({ name: 'Ada', deviceKey: 'ada' })
    const bob = await room.device({ name: 'Bob', deviceKey: 'bob', role: 'edge' })
    await room.clock.advance(1_000)
    faults.delayMs = handshakeTimeoutMs + 1_000
    ada.network.reach('test', ids(bob))
    await room.clock.advance(handshakeTimeoutMs + farewellMs / 2)
    faults.delayMs = 0
    ada.network.reach('test', [])
    ada.network.reach('test', ids(bob))
    await room.clock.advance(10_000)
    expect([linked(ada).length, linked(bob).length]).toEqual([2, 2])
  })

  it('part when neither wants the link any more, and find each other again', async () => {
    const { room, ada, bob } = await pair()
    ada.network.reach('test', ids(bob))
    await room.clock.advance(1_000)
    ada.network.reach('test', [])
    await room.clock.advance(20_000)
    expect(ada.said.leave.map(([peer, why]) => [peer.name, why])).toEqual([['Bob', 'released']])
    expect([linked(ada).length, linked(bob).length]).toEqual([1, 1])
    bob.network.reach('test', ids(ada))
    await room.clock.advance(1_000)
    expect([linked(ada).length, linked(bob).length]).toEqual([2, 2])
  })

  it('stay linked while one of them wants it for any purpose', async () => {
    const { room, ada, bob } = await pair()
    ada.network.reach('edges', ids(bob))
    ada.network.reach('a session', ids(bob))
    await room.clock.advance(1_000)
    expect(linked(ada)).toContain('bob')
    ada.network.reach('edges', [])
    ada.network.reach('neighbours', [])
    await room.clock.advance(5_000)
    expect(linked(ada)).toContain('bob')
    ada.network.reach('a session', [])
    await room.clock.advance(5_000)
    expect(ada.said.leave.map(([peer, why]) => [peer.name, why])).toEqual([['Bob', 'released']])
    expect([linked(ada).length, linked(bob).length]).toEqual([1, 1])
  })

  it('stay linked while one of them wants it', async () => {
    const { room, ada, bob } = await pair()
    for (const [node, other] of [
      [ada, bob],
      [bob, ada],
    ] as const)
      node.network.reach('test', ids(other))
    await room.clock.advance(1_000)
    ada.network.reach('test', [])
    await room.clock.advance(5_000)
    expect([linked(ada).length, linked(bob).length]).toEqual([2, 2])
  })

  it('cannot send each other out of the room, only away from themselves', async () => {
    const { room, coordinator, ada, bob } = await pair()
    ada.network.reach('test', ids(bob))
    await room.clock.advance(1_000)
    ada.network.dismiss(bob.network.self, 'sent-away')
    await room.clock.advance(1_000)
    expect(bob.said.problem).toEqual([])
    expect(linked(bob)).toEqual(linked(ada))
    coordinator.network.dismiss(bob.network.self, 'sent-away')
    await room.clock.advance(1_000)
    expect(bob.said.problem).toMatchObject([[{ code: 'sent-away' }]])
    expect(linked(coordinator)).toEqual(['ada'])
  })

  it('link again to the new life of one that was reloaded, once they hear its id', async () => {
    const { room, ada, bob } = await pair()
    ada.network.reach('test', ids(bob))
    await room.clock.advance(1_000)
    bob.transport.crash()
    await room.clock.advance(10_000)
    const again = await room.device({ deviceKey: 'bob', role: 'edge' })
    ada.network.reach('test', ids(again))
    await room.clock.advance(1_000)
    expect(linked(ada)).toContain('bob')
    expect(linked(again)).toContain('ada')
  })

  it('find each other again where one was loaded anew while nobody coordinates, by the word that it was given before', async () => {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const ada = await room.device({ deviceKey: 'ada' })
    let membership: Membership | null = null
    const bob = await room.device({ deviceKey: 'bob', onMembership: (given) => (membership = given) })
    coordinator.transport.crash()
    bob.transport.crash()
    await room.clock.advance(30_000)
    const again = await room.device({ deviceKey: 'bob', membership, waitMs: 60_000 })
    expect(again.network.peers.size).toBe(0)
    ada.network.reach('test', ids(again))
    await room.clock.advance(1_000)
    expect([linked(ada), linked(again)]).toEqual([['bob'], ['ada']])
    // Somebody else with that word is nobody.
    const eve = await room.device({ deviceKey: 'eve', membership, waitMs: 60_000 })
    ada.network.reach('test', ids(again, eve))
    await room.clock.advance(20_000)
    expect([linked(ada), linked(eve)]).toEqual([['bob'], []])
    const back = await room.coordinator(coordinator.keys)
    await room.clock.advance(1_000)
    expect(linked(back)).toEqual(['ada', 'bob', 'eve'])
  })

  it('let nobody in without the secret, and nobody who stands at the door', async () => {
    const { room, ada } = await pair()
    const thief = await room.equal('thief', 'guess')
    let isWaiting = false
    const knocking = room.device({ secret: null, deviceKey: 'eve', onKnocking: () => (isWaiting = true) })
    knocking.catch(() => {})
    await room.clock.advance(2_000)
    expect(isWaiting).toBe(true)
    thief.network.reach('test', ids(ada))
    ada.network.reach('test', [...ada.network.sighted])
    await room.clock.advance(20_000)
    expect(linked(thief)).toEqual([])
    expect(linked(ada)).toHaveLength(2)
    expect(linked(ada)).not.toContain('eve')
    expect(ada.said.problem).toEqual([])
  })
})

describe('a room of equals', () => {
  it('needs no coordinator: three with the secret find each other', async () => {
    const room = testRoom()
    const nodes = [await room.equal('a'), await room.equal('b'), await room.equal('c')]
    await room.clock.advance(1_000)
    for (const { network } of nodes) network.reach('test', [...network.sighted])
    await room.clock.advance(2_000)
    expect(nodes.map(linked)).toEqual([
      ['b', 'c'],
      ['a', 'c'],
      ['a', 'b'],
    ])
    expect(nodes[0].said.sighted).toHaveLength(2)
    await nodes[2].network.leave()
    await room.clock.advance(1_000)
    expect(nodes.slice(0, 2).map(linked)).toEqual([['b'], ['a']])
    const again = await room.equal('c')
    for (const { network } of nodes.slice(0, 2)) network.reach('test', [...network.sighted])
    await room.clock.advance(2_000)
    expect(linked(again)).toEqual(['a', 'b'])
  })

  it('keeps out one with the wrong secret, who learns why', async () => {
    const room = testRoom()
    const [member, other, stranger] = [
      await room.equal('a'),
      await room.equal('b'),
      await room.equal('x', 'old'),
    ]
    member.network.reach('test', ids(other))
    await room.clock.advance(2_000)
    stranger.network.reach('test', ids(member, other))
    await room.clock.advance(10_000)
    expect(linked(stranger)).toEqual([])
    expect(stranger.said.problem[0]).toMatchObject([{ code: 'wrong-secret', fatal: false }])
    expect([member.said.problem, other.said.problem]).toEqual([[], []])
  })
})

describe('a neighbour that cannot be reached', () => {
  /** A tab in a room where the first tries to reach anybody fail. */
  async function scene() {
    const clock = virtualClock()
    const hub = memoryHub(clock)
    const failures = emitter<TransportEvents>()
    let isBlocked = true
    const identities = seededIdentities(1)
    const join = async (name: string, blocks: boolean) =>
      joinEquals({
        code: 'TEST',
        understood,
        name,
        identity: identities(name),
        signingKey: identities.keyOf(name),
        secret: 's',
        clock,
        transport(self) {
          const inner = hub.transport(self)
          if (!blocks) return inner
          return {
            ...inner,
            on(name, listener) {
              failures.on(name, listener)
              return inner.on(name, listener)
            },
            connect: (peer) => (isBlocked ? failures.emit('unreachable', peer) : inner.connect(peer)),
          }
        },
      })
    const tab = await join('tab', true)
    const other = await join('other', false)
    const complaints: string[] = []
    tab.on('problem', ({ code }) => complaints.push(code))
    tab.on('cleared', (code) => complaints.push(`${code} over`))
    await clock.advance(0)
    tab.reach('test', [other.self])
    return {
      clock,
      hub,
      tab,
      other,
      complaints,
      failures,
      unblock() {
        isBlocked = false
      },
    }
  }
  const once = ['peer-unreachable', 'peer-unreachable over']

  it('is complained of once, until the link is there', async () => {
    const { clock, complaints, unblock, tab, other } = await scene()
    await clock.advance(10_000)
    expect(complaints).toEqual(once.slice(0, 1))
    unblock()
    await clock.advance(10_000)
    expect(tab.peers.has(other.self)).toBe(true)
    expect(complaints).toEqual(once)
  })

  it('is no complaint any more when nobody wants the link, or it has gone', async () => {
    const released = await scene()
    released.tab.reach('test', [])
    expect(released.complaints).toEqual(once)
    const gone = await scene()
    await gone.other.leave()
    expect(gone.complaints).toEqual(once)
  })

  it('is none where the other side’s dial became the link', async () => {
    const { clock, complaints, unblock, failures, other } = await scene()
    unblock()
    await clock.advance(10_000)
    failures.emit('unreachable', other.self)
    failures.emit('unreachable', makePeerId(webIdentity, 'TEST', 'device', 'a'.repeat(32)))
    await clock.advance(10_000)
    expect(complaints).toEqual(once)
  })
})
