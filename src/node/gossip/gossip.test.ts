import { describe, expect, it } from 'vitest'
import { finished, heldOut, indexOf, inVirtualTime, knows, ring, slowly, spread } from '../fixtures/gossiping'
import { federationInMemory, modelHash, type Training } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

inVirtualTime()

describe('tabs that gossip', () => {
  it('learn together though nobody coordinates: adapters come close, and every tab does its rounds', async () => {
    const room = federationInMemory()
    const open = (key: string, target: number) => room.peer(key, target, `${ring}&rounds=8&autostart=4`)
    const tabs = await Promise.all([open('a', 0), open('b', 1), open('c', 2), open('d', 3)])
    await Promise.all(tabs.map(finished))
    for (const tab of tabs)
      expect(tab.snapshot()).toMatchObject({ role: 'device', scheme: 'gossip', round: 8, errors: [] })
    // Alone they would end 3 (1 - 0.9^8) = 1.7 apart.
    expect(spread(tabs.map(heldOut))).toBeLessThan(0.6)
    expect(tabs.map(indexOf).sort()).toEqual([0, 1, 2, 3])
    const { web } = tabs[0].store.getState()
    expect(web!.edges).toHaveLength(4)
    expect(web!.spectralGap).toBeCloseTo(2 / 3, 5)
  })

  it('have measured a round before they train the next, though one worker does both', async () => {
    const room = federationInMemory()
    const open = async (key: string) => {
      let work: Promise<unknown> = Promise.resolve()
      const inTurn = (afterMs: number) => {
        const done = work.then(() => new Promise((resolve) => setTimeout(resolve, afterMs)))
        work = done
        return done
      }
      const published: [round: number, measured: number][] = []
      let tab: GossamerNode | null = null
      const training: Training = async ({ continueAs }, start) => {
        await inTurn(100)
        if (continueAs === null) {
          const { round, history } = tab!.store.getState()
          published.push([round.number, history.length])
        }
        return start.map((value) => value + 0.1 * (1 - value))
      }
      tab = await room.peer(key, training, 'topology=ring&aggregation=fedavg&rounds=5&autostart=3', {
        evaluate: async () => {
          await inTurn(20)
          return { loss: 1, tokens: 10 }
        },
        answer: async () => {
          await inTurn(20)
          return []
        },
      })
      await finished(tab)
      return published
    }
    const tabs = await Promise.all(['a', 'b', 'c'].map(open))
    for (const published of tabs)
      expect(published).toEqual([1, 2, 3, 4, 5].map((round) => [round, round - 1]))
  })

  it('show what changes, and leave as it was what they have shown', async () => {
    const room = federationInMemory()
    const tabs = await Promise.all(['a', 'b'].map((key) => room.peer(key, 1, `${ring}&rounds=4&autostart=2`)))
    const shown: { readonly list: readonly number[]; readonly length: number }[] = []
    tabs[0].store.subscribe(({ web }) => {
      if (web) shown.push({ list: web.consensus, length: web.consensus.length })
    })
    await Promise.all(tabs.map(finished))
    for (const { list, length } of shown) expect(list).toHaveLength(length)
    expect(new Set(shown.map(({ list }) => list)).size).toBeGreaterThanOrEqual(4)
  })

  it('lose no weight by push-sum, which waits for nobody', async () => {
    const room = federationInMemory()
    const query = 'aggregation=fedavg&topology=full&mixing=push-sum&rounds=10&autostart=3&baselines=0'
    const open = (key: string, target: number) => room.peer(key, slowly(target, 60), query)
    const tabs = await Promise.all([open('a', 1), open('b', 2), open('c', 3)])
    await Promise.all(tabs.map(finished))
    // Alone they would end 2 (1 - 0.9^10) = 1.3 apart.
    expect(spread(tabs.map(heldOut))).toBeLessThan(0.9)
    for (const tab of tabs) expect(tab.snapshot().errors).toEqual([])
  })

  it('go on without one that leaves', async () => {
    const room = federationInMemory()
    const open = (key: string) => room.peer(key, slowly(1, 20), `${ring}&rounds=8&autostart=4`)
    const tabs = await Promise.all(['a', 'b', 'c', 'd'].map(open))
    await until(tabs[0], ({ history }) => history.length >= 2)
    room.kill('b')
    const rest = [tabs[0], tabs[2], tabs[3]]
    await Promise.all(rest.map(finished))
    for (const tab of rest) {
      const { devices, web } = tab.store.getState()
      expect(devices.find(({ key }) => key === 'b')!.activity).toBe('gone')
      expect(web!.edges.flat()).not.toContain('b')
    }
  })

  it('take in one that comes late: it finds settings, a place of its own and the run under way', async () => {
    const room = federationInMemory()
    const open = (key: string) => room.peer(key, slowly(1, 200), `${ring}&rounds=60&localSteps=7&autostart=3`)
    const early = await Promise.all(['a', 'b', 'c'].map(open))
    await until(early[0], ({ history }) => history.length >= 2)
    const late = await room.peer('late', slowly(1, 200))
    const { settings } = await until(late, ({ phase }) => phase.kind === 'running')
    expect(settings).toMatchObject({ topology: 'ring', rounds: 60, localSteps: 7 })
    await until(late, ({ history }) => history.length >= 2)
    expect(indexOf(late)).toBe(3)
    expect(new Set(early.map(indexOf))).toEqual(new Set([0, 1, 2]))
    await until(early[0], ({ devices }) => devices.length === 4)
  })

  it('refuse one of another kind in plain words, and go on', async () => {
    const room = federationInMemory()
    const open = (key: string, query = '') => room.peer(key, 1, `${ring}&rounds=3&${query}`)
    const tabs = await Promise.all([open('a'), open('b')])
    await Promise.all(tabs.map((tab) => knows(tab, 2)))
    const stranger = await open('stranger', 'rank=4')
    const { problems } = await until(stranger, ({ phase }) => phase.kind === 'failed')
    expect(problems.at(-1)).toMatchObject({
      code: 'other-settings',
      message: expect.stringMatching(/rank=4.*rank=8.*cannot be mixed/),
    })
    tabs[0].start()
    await Promise.all(tabs.map(finished))
  })

  it('begin alone where nobody else is, and count those in who come later', async () => {
    const room = federationInMemory()
    const only = await room.peer('only', 1, `${ring}&rounds=3&autostart=1`)
    await finished(only)
    expect(only.snapshot()).toMatchObject({ round: 3, version: 3, errors: [] })
    expect(heldOut(only)).toBeCloseTo(3 - (1 - 0.9 ** 3), 5)
    const late = await room.peer('late', slowly(1, 300), `${ring}&rounds=3`)
    await finished(late)
    const { consensus } = late.store.getState().web!
    expect(consensus, 'the late one has mixed with what the other had learned').toHaveLength(1)
  })

  it('keep out one with another base model, which learns why, and go on', async () => {
    const room = federationInMemory()
    const query = `${ring}&rounds=3`
    const tabs = [await room.peer('a', 1, query), await room.peer('b', 1, query)]
    const opened = { ...(await room.opened()), modelHash: modelHash.replaceAll('a', 'c') }
    const stranger = await room.peer('stranger', 1, query, { open: async () => opened })
    const { problems } = await until(stranger, ({ phase }) => phase.kind === 'failed')
    expect(problems.at(-1)).toMatchObject({
      code: 'no-model',
      message: expect.stringMatching(/other weights than that of .*Reload both tabs/),
    })
    await Promise.all(tabs.map((tab) => knows(tab, 2)))
    tabs[0].start()
    await Promise.all(tabs.map(finished))
    for (const tab of tabs) {
      expect(tab.store.getState().web!.edges).toEqual([['a', 'b']])
      expect(tab.snapshot().errors).toEqual([])
    }
  })
})
