import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../../federation/config'
import { entry } from '../../fixtures/entry'
import type { RoomOrder } from '../../wire/neighbourMessages'
import {
  credibleNews,
  type Entry,
  firstContacts,
  isProgress,
  isSeated,
  mergeNews,
  mostListed,
  placeFor,
  presentIn,
  type Roster,
  webOf,
} from './roster'

const rosterOf = (...entries: Entry[]): Roster => new Map(entries.map((one) => [one.key, one]))

describe('a list of so many tabs', () => {
  it('takes a newcomer in the place of one that has gone and brought nothing, and nobody where there is none', () => {
    const full = rosterOf(
      entry('self', { version: 3 }),
      entry('learned from', { isPresent: false, version: 2 }),
      entry('gone', { isPresent: false, stamp: 2 }),
      entry('longer gone', { isPresent: false, stamp: 1 }),
      ...Array.from({ length: mostListed - 4 }, (_, at) => entry(`tab ${at}`)),
    )
    const news = ['x', 'y', 'z'].map((key) => entry(key))
    const { roster, changed } = mergeNews(full, news)
    expect(changed.map(({ key }) => key)).toEqual(['x', 'y'])
    expect(roster.size).toBe(mostListed)
    for (const key of ['self', 'learned from', 'tab 0']) expect(roster.has(key)).toBe(true)
    for (const key of ['gone', 'longer gone', 'z']) expect(roster.has(key)).toBe(false)
  })
})

describe('a stamp', () => {
  const believed = (change: Partial<Entry>, order: RoomOrder | null, nowMs: number) => {
    const agreement = { settings: {}, stamp: 1, openedAtMs: 1, by: 'a' }
    return credibleNews({ type: 'news', entries: [entry('a', change)], order, agreement }, nowMs)
  }

  it('from the far future is none: nobody could outdo it', () => {
    const nowMs = Date.UTC(2026, 0)
    expect(believed({ stamp: nowMs }, null, nowMs)).toMatchObject({ entries: [{ key: 'a' }] })
    expect(believed({ stamp: Number.MAX_VALUE }, null, nowMs)).toMatchObject({ entries: [] })
    const orderOf = (stamp: number) => believed({}, { command: 'stop', stamp }, nowMs).order
    expect(orderOf(nowMs)).toEqual({ command: 'stop', stamp: nowMs })
    expect(orderOf(2 ** 60)).toBeNull()
  })
})

describe('how far a tab is', () => {
  it('is told from what it is, where, and with what', () => {
    const before = entry('a', { stamp: 1 })
    expect(isProgress(before, { ...before, stamp: 2, step: 4, trainLoss: 2, activity: 'training' })).toBe(
      true,
    )
    expect(isProgress(before, { ...before, stamp: 2, index: 3 })).toBe(false)
    expect(isProgress(before, { ...before, activity: 'gone', isPresent: false })).toBe(false)
    expect(isProgress(undefined, before)).toBe(false)
  })
})

describe('news', () => {
  const anyEntry = fc
    .record({
      key: fc.constantFrom('a', 'b', 'c'),
      stamp: fc.integer({ min: 1, max: 4 }),
      isPresent: fc.boolean(),
    })
    // What a tab says of itself follows from its stamp; only its presence is said by others.
    .map(({ key, stamp, isPresent }) => entry(key, { stamp, isPresent, round: stamp }))

  it('in any order, and however often, lead to the same roster', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyEntry, { maxLength: 12 })
          .chain((news) =>
            fc.tuple(
              fc.constant(news),
              fc.shuffledSubarray([...news, ...news], { minLength: 2 * news.length }),
            ),
          ),
        ([news, shuffled]) => {
          const sorted = (roster: Roster) => [...roster].toSorted(([a], [b]) => (a < b ? -1 : 1))
          const all = mergeNews(new Map(), news).roster
          expect(
            sorted(shuffled.reduce<Roster>((roster, one) => mergeNews(roster, [one]).roster, new Map())),
          ).toEqual(sorted(all))
          expect(mergeNews(all, news).changed).toEqual([])
        },
      ),
    )
  })

  it('that a tab is gone are believed until it says something later', () => {
    const [here, gone, back] = [entry('a'), entry('a', { isPresent: false }), entry('a', { stamp: 2 })]
    const { roster } = mergeNews(rosterOf(here), [gone])
    expect(presentIn(roster)).toEqual([])
    expect(mergeNews(roster, [here]).changed).toEqual([])
    expect(presentIn(mergeNews(roster, [back]).roster)).toEqual([back])
  })
})

describe('places', () => {
  it('are kept; whoever was here later gives way, and takes the next that nobody holds', () => {
    const first = entry('z', { index: 0, openedAtMs: 1 })
    const later = entry('a', { index: 0, openedAtMs: 2 })
    const away = entry('m', { index: 1, openedAtMs: 3, isPresent: false })
    const roster = rosterOf(first, later, away)
    expect(placeFor(roster, first)).toBe(0)
    expect(placeFor(roster, later), 'the place of one that is away is kept for it').toBe(2)
    expect([isSeated(roster, first), isSeated(roster, later)]).toEqual([false, false])
    const settled = rosterOf(first, { ...later, index: 2 }, away)
    expect([...settled.values()].map((one) => isSeated(settled, one))).toEqual([true, true, true])
  })

  it('end in a place of one’s own for everybody, whoever hears of a clash first', () => {
    const tabs = fc.array(
      fc.record({
        openedAtMs: fc.integer({ min: 0, max: 3 }),
        index: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(tabs, (drawn) => {
        let roster = rosterOf(...drawn.map((tab, at) => entry(`n${at}`, tab)))
        // Each moves by what it knows, again and again: as many turns as there are tabs are enough.
        for (let turn = 0; turn < drawn.length; turn++)
          for (const one of roster.values())
            roster = new Map(roster).set(one.key, { ...one, index: placeFor(roster, one) })
        const places = [...roster.values()].map(({ index }) => index)
        expect(new Set(places).size).toBe(drawn.length)
        for (const one of roster.values()) expect(isSeated(roster, one)).toBe(true)
      }),
    )
  })
})

describe('whom to speak to', () => {
  it('is agreed by all who know the same tabs: neighbours are each other’s', () => {
    const keys = ['d', 'a', 'c', 'b', 'e']
    const web = webOf(keys, { ...defaultConfig.gossip, topology: 'ring' }, 1)
    expect(webOf(keys.toReversed(), { ...defaultConfig.gossip, topology: 'ring' }, 1)).toEqual(web)
    for (const [key, neighbours] of web) {
      expect(neighbours).toHaveLength(2)
      for (const other of neighbours) expect(web.get(other)).toContain(key)
    }
  })

  it('of many strangers is a few, and together they reach everybody', () => {
    const peers = Array.from({ length: 20 }, (_, at) => `p${String(at).padStart(2, '0')}`)
    const reached = new Set(['p00'])
    const contactsOf = (self: string) =>
      firstContacts(
        self,
        peers.filter((peer) => peer !== self),
      )
    for (const self of reached) for (const other of contactsOf(self)) reached.add(other)
    expect(reached.size).toBe(20)
    expect(contactsOf('p00')).toEqual(['p01', 'p02', 'p18', 'p19'])
    expect(firstContacts('p05', ['p07', 'p01'])).toEqual(['p07', 'p01'])
  })
})
