import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Locks, ownCores, sharedCores, shareOf } from './cores'

const startHand = () => ({ end() {} })

describe('a tab’s share of the cores', () => {
  it('is all of them alone, and never less than one', () => {
    expect(shareOf(8, ['a'], 'a')).toBe(8)
    expect(['a', 'b', 'c', 'd'].map((own) => shareOf(2, ['a', 'b', 'c', 'd'], own))).toEqual([1, 1, 1, 1])
  })

  it('leaves no core idle and gives none twice, whoever looks', () => {
    for (const cores of [2, 3, 8, 16])
      for (let count = 1; count <= cores; count++) {
        const tabs = Array.from({ length: count }, (_, index) => `tab ${index}`)
        const shares = tabs.map((own) => shareOf(cores, tabs.toReversed(), own))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(cores)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }
  })
})

/** The locks of one browser: held until their work is done, and let go of when their tab is closed. */
class BrowserLocks {
  readonly held = new Set<string>()
  ofTab(): Locks & { close(): void } {
    const own = new Set<string>()
    return {
      request: (async (name: string, work: () => Promise<unknown>) => {
        this.held.add(name)
        own.add(name)
        try {
          return await work()
        } finally {
          this.held.delete(name)
        }
      }) as unknown as Locks['request'],
      query: async () => ({ held: [...this.held, 'somebody else’s'].map((name) => ({ name })), pending: [] }),
      close: () => {
        for (const name of own) this.held.delete(name)
      },
    }
  }
}

describe('the cores of a browser', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }))
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  const tab = (browser: BrowserLocks, own: string) => {
    const locks = browser.ofTab()
    return { ...sharedCores({ cores: 8, locks, own, startHand }), close: locks.close }
  }
  /** Time in which these tabs compute, a run every tenth of a second. */
  async function compute(milliseconds: number, ...tabs: ReturnType<typeof tab>[]): Promise<void> {
    for (let past = 0; past < milliseconds; past += 100) {
      for (const each of tabs) each.threads()
      await vi.advanceTimersByTimeAsync(100)
    }
  }

  it('are one tab’s while it is the only one, and are shared while another computes', async () => {
    const browser = new BrowserLocks()
    const [one, other] = [tab(browser, 'one'), tab(browser, 'other')]
    expect(one.threads()).toBe(1)
    await compute(1000, one)
    expect(one.threads()).toBe(8)
    await compute(1000, one, other)
    expect([one.threads(), other.threads()]).toEqual([4, 4])
    await compute(4000, one)
    expect(one.threads()).toBe(8)
  })

  it('are a tab’s whose every run takes seconds, in which nothing else has its turn', async () => {
    let nowMs = 0
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const one = tab(new BrowserLocks(), 'one')
    const had: number[] = []
    for (let run = 0; run < 5; run++) {
      had.push(one.threads())
      nowMs += 3000
      one.ran()
      await vi.advanceTimersByTimeAsync(600) // the little between two steps, many times over
    }
    expect(had).toEqual([1, 8, 8, 8, 8])
  })

  it('come back from a tab that was closed while it computed', async () => {
    const browser = new BrowserLocks()
    const [one, other] = [tab(browser, 'one'), tab(browser, 'other')]
    await compute(1000, one, other)
    expect(one.threads()).toBe(4)
    other.close()
    await compute(1000, one)
    expect(one.threads()).toBe(8)
  })

  it('are nobody’s while nobody computes', async () => {
    const browser = new BrowserLocks()
    const one = tab(browser, 'one')
    await compute(1000, one)
    expect(browser.held.size).toBe(1)
    await vi.advanceTimersByTimeAsync(4000)
    expect(browser.held.size).toBe(0)
  })

  it('are one where locks are refused, or after a thread was lost', async () => {
    const refused = sharedCores({
      cores: 8,
      own: 'one',
      startHand,
      locks: {
        request: (() => Promise.reject(new Error('no'))) as unknown as Locks['request'],
        query: async () => ({}),
      },
    })
    expect(refused.threads()).toBe(1)
    const one = tab(new BrowserLocks(), 'one')
    await compute(1000, one)
    one.lost()
    expect(one.threads()).toBe(1)
    const own = ownCores(4, startHand)
    expect(own.threads()).toBe(4)
    own.lost()
    expect(own.threads()).toBe(1)
  })
})
