/** A room that another coordinator carries on: who follows it, who does not, and who is told. */
import { describe, expect, it } from 'vitest'
import type { Judgement, Lineage } from './admission/lineage'
import { testRoom } from './fixtures/test-rooms'

/** Papers are the key that they lead to, and the better ones are those that this test says. */
const lineageOf = (own: string, right: readonly string[], papers = own): Lineage => ({
  papers: () => papers,
  judge: async (key, shown): Promise<Judgement> => {
    const [ours, theirs] = [own, shown || (key ?? '')].map((name) => right.indexOf(name))
    if (theirs < 0) return 'unrelated'
    return theirs > ours ? 'later' : 'earlier'
  },
})

async function scene() {
  const room = testRoom()
  const [first, second, stranger] = await Promise.all([room.makeKeys(), room.makeKeys(), room.makeKeys()])
  const right = [first.publicKeyHash, second.publicKeyHash]
  const open = ({ publicKeyHash }: typeof first, keys: typeof first) =>
    room.coordinator(keys, { lineage: lineageOf(publicKeyHash, right) })
  return { room, first, second, stranger, right, open: (keys: typeof first) => open(keys, keys) }
}

describe('a device whose link names a coordinator that is gone', () => {
  it('comes to the one that has its place, and stays there', async () => {
    const { room, first, second, right, open } = await scene()
    const coordinator = await open(second)
    const followed: string[] = []
    const device = await room.device({
      name: 'Ada',
      publicKeyHash: first.publicKeyHash,
      lineage: lineageOf(first.publicKeyHash, right),
      onFollowing: (key) => followed.push(key),
    })
    expect([...device.network.peers.keys()]).toEqual([coordinator.network.self])
    expect(followed).toEqual([second.publicKeyHash])
    expect(coordinator.network.peers.get(device.network.self)?.name).toBe('Ada')
    expect(device.said.problem).toEqual([])
  })

  it('waits for it, whoever else has the room’s code, tells nobody there its name, and raises no alarm', async () => {
    const { room, first, stranger, right, open } = await scene()
    const impostor = await open(stranger)
    const hindrances: string[] = []
    const names: string[] = []
    const joining = room.device(
      {
        name: 'Ada',
        publicKeyHash: first.publicKeyHash,
        lineage: lineageOf(first.publicKeyHash, right),
        waitMs: 30_000,
        onHindered: ({ code }) => hindrances.push(code),
      },
      (link) => {
        const { send } = link
        link.send = (lane, bytes) => {
          if (link.peer === impostor.network.self) names.push(new TextDecoder().decode(bytes))
          return send.call(link, lane, bytes)
        }
      },
    )
    await room.clock.advance(10_000)
    const coordinator = await open(first)
    const device = await joining
    expect([...device.network.peers.keys()]).toEqual([coordinator.network.self])
    expect([impostor.network.peers.size, hindrances, device.said.problem]).toEqual([0, [], []])
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((said) => said.includes('Ada'))).toEqual([])
  })
})

describe('a coordinator that comes back', () => {
  it('is told that its room has another one, by a device that is there', async () => {
    const { room, first, second, right, open } = await scene()
    await open(second)
    const device = await room.device({
      publicKeyHash: second.publicKeyHash,
      lineage: lineageOf(second.publicKeyHash, right),
    })
    const late = await open(first)
    await room.clock.advance(5_000)
    expect(late.said.problem.map(([{ code }]) => code)).toContain('succeeded')
    expect(late.network.peers.size).toBe(0)
    expect(device.said.problem).toEqual([])
  })

  it('is told nothing by somebody whose papers are worth less', async () => {
    const { room, first, second, right, open } = await scene()
    const coordinator = await open(second)
    await room.device({ publicKeyHash: first.publicKeyHash, lineage: lineageOf(first.publicKeyHash, right) })
    await room.clock.advance(5_000)
    expect(coordinator.said.problem).toEqual([])
    expect(coordinator.network.peers.size).toBe(1)
  })
})

describe('a device that belongs to a coordinator of before', () => {
  it('leaves it for the one that is right, once that is there', async () => {
    const { room, first, second, right, open } = await scene()
    const before = await open(first)
    const device = await room.device({
      publicKeyHash: first.publicKeyHash,
      lineage: lineageOf(first.publicKeyHash, right),
    })
    expect([...device.network.peers.keys()]).toEqual([before.network.self])
    const after = await open(second)
    await room.clock.advance(5_000)
    expect([...device.network.peers.keys()]).toEqual([after.network.self])
  })
})
