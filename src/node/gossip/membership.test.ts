/** What one member of a room of equals may say of itself, of others and of what is run, without sending anybody away. */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../network/network'
import { finished, indexOf, inVirtualTime, knows, ring, slowly } from '../fixtures/gossiping'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import { type FromNeighbour, fromNeighbour } from '../wire/neighbourMessages'

type News = FromNeighbour & { type: 'news' }

inVirtualTime()

const settle = (milliseconds = 500) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Three tabs that know each other, and a member with bare links to them that repeats their news with changes. */
async function withVillain(query: string) {
  const room = federationInMemory()
  const tabs = await Promise.all(['a', 'b', 'c'].map((key, at) => room.peer(key, slowly(at, 200), query)))
  await Promise.all(tabs.map((tab) => knows(tab, 3)))
  const villain = room.villain.equal('villain')
  const heard = new Promise<News>((resolve) => {
    villain.on('message', (_, message) => {
      const { data } = fromNeighbour.safeParse(message)
      if (data?.type === 'news' && data.entries.length === 3) resolve(data)
    })
  })
  villain.reach('mischief', villain.sighted)
  const news = await heard
  const say = async (change: Partial<News>) => {
    const message: Message = { ...news, entries: [], ...change }
    for (const peer of villain.peers.keys()) villain.send(peer, message).catch(() => {})
    await settle()
  }
  const entryOf = (key: string) => news.entries.find((entry) => entry.key === key)!
  return { room, tabs, news, say, entryOf }
}

const phases = (tabs: readonly GossamerNode[]) => tabs.map((tab) => tab.store.getState().phase.kind)

describe('a member of a room of equals', () => {
  it('that claims another base model, and to have been there first, sends nobody away', async () => {
    const { tabs, say, entryOf } = await withVillain(`${ring}&rounds=3`)
    const odd = { key: 'villain', openedAtMs: 0, stamp: Date.now(), modelHash: 'cd'.repeat(32), index: 9 }
    await say({ entries: [{ ...entryOf('a'), ...odd }] })
    expect(phases(tabs)).toEqual(['lobby', 'lobby', 'lobby'])
    tabs[0].start()
    await Promise.all(tabs.map(finished))
  })

  it('that claims other settings, and to have been there first, sends nobody away', async () => {
    const { tabs, news, say } = await withVillain(`${ring}&rounds=3`)
    const settings = { ...news.agreement.settings, topology: 'full' }
    await say({ agreement: { ...news.agreement, settings, openedAtMs: 0 } })
    expect(phases(tabs)).toEqual(['lobby', 'lobby', 'lobby'])
    tabs[0].start()
    await Promise.all(tabs.map(finished))
  })

  it('changes nothing of a run that has begun', async () => {
    const { room, tabs, news, say } = await withVillain(`${ring}&rounds=40`)
    tabs[0].start()
    await until(tabs[0], ({ history }) => history.length >= 1)
    const settings = { ...news.agreement.settings, rounds: 2, seed: 99 }
    await say({ agreement: { ...news.agreement, settings, stamp: news.agreement.stamp + 1 } })
    room.kill('villain')
    const late = await room.peer('late', slowly(1, 200))
    const { settings: found } = await until(late, ({ phase }) => phase.kind === 'running')
    expect(found).toMatchObject({ rounds: 40, seed: tabs[0].store.getState().settings.seed })
  })

  it('speaks for nobody else: who hears of itself what it never said, says better', async () => {
    const { tabs, say, entryOf } = await withVillain(`${ring}&rounds=3`)
    const before = tabs.map((tab) => tab.store.getState().devices.find(({ key }) => key === 'b'))
    const place = indexOf(tabs[1])
    const forged = { name: 'forged', examples: 1, index: 77, corpus: null, stamp: Date.now() + 1e11 }
    await say({ entries: [{ ...entryOf('b'), ...forged }] })
    const after = tabs.map((tab) => tab.store.getState().devices.find(({ key }) => key === 'b'))
    for (const [at, device] of after.entries())
      expect(device).toMatchObject({ name: before[at]!.name, examples: before[at]!.examples, index: place })
  })
})
