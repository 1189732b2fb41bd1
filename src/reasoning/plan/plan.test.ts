import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterRound, draftLength, expectedTokens, firstRates, tokensPerSecond } from './draftLength'
import { answered, asked, chooseEdge, type Edge, expectedMs, failed, unknownEdge } from './edgeChoice'
import { freshHedging, hedgeAfterMs, hedged, mayHedge, settled } from './hedge'
import { type Compared, doubtOf, thresholdFor, upperBound } from './risk'

describe('how long a draft is', () => {
  it('follows from the tokens a round gives', () => {
    expect(expectedTokens(0.7, 4)).toBeCloseTo(2.7731, 4)
    expect(expectedTokens(0.7, 2)).toBeCloseTo(2.19, 6)
    expect(expectedTokens(0.85, 7)).toBeCloseTo(4.850063, 6)
    expect(expectedTokens(0.5, 1)).toBe(1.5)
    expect(expectedTokens(1, 3)).toBe(4)
  })

  it('has a next draft ready only as far as the verdict gave time to guess', () => {
    const rates = { acceptance: 1, draftMs: 40, verifyMs: 4, travelMs: 2 }
    // 40 ms to guess, of which 7 while the last verdict came, and those 7: two tokens.
    expect(1000 / tokensPerSecond(rates, 1)).toBeCloseTo((40 - 7 + 7) / 2, 9)
    expect(1000 / tokensPerSecond({ ...rates, travelMs: 100 }, 1)).toBeCloseTo(105 / 2, 9)
  })

  it('is the best of all lengths, and longer where the link is worse or guesses are better', () => {
    const rates = (acceptance: number, travelMs: number) => ({
      acceptance,
      draftMs: 12,
      verifyMs: 40,
      travelMs,
    })
    const speeds = (one: ReturnType<typeof rates>) =>
      Array.from({ length: 12 }, (_, index) => tokensPerSecond(one, index + 1))
    for (const one of [rates(0.7, 20), rates(0.7, 80), rates(0.85, 80)])
      expect(speeds(one)[draftLength(one) - 1]).toBe(Math.max(...speeds(one)))
    expect(draftLength(rates(0.7, 80))).toBeGreaterThanOrEqual(draftLength(rates(0.7, 20)))
    expect(draftLength(rates(0.9, 80))).toBeGreaterThan(draftLength(rates(0.5, 80)))
  })

  it('learns from rounds as they were', () => {
    let rates = firstRates
    for (let round = 0; round < 60; round++)
      rates = afterRound(rates, { drafted: 4, accepted: 4, verifyMs: 20, travelMs: 80 })
    expect(rates.acceptance).toBeGreaterThan(0.99)
    expect(rates.travelMs).toBeCloseTo(80, 1)
    expect(rates.verifyMs).toBeCloseTo(10, 1)
    for (let round = 0; round < 60; round++)
      rates = afterRound(rates, { drafted: 4, accepted: 0, verifyMs: 20, travelMs: 80 })
    expect(rates.acceptance).toBeLessThan(0.1)
  })
})

const edges = fc
  .array(
    fc.record({
      travelMs: fc.integer({ min: 1, max: 500 }),
      serviceMs: fc.integer({ min: 1, max: 500 }),
      load: fc.nat(20),
      inFlight: fc.nat(5),
      failures: fc.nat(6),
      restsUntilMs: fc.constantFrom(0, 50, 500),
      catchUpMs: fc.nat(200),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((edge, index): Edge => ({ ...edge, id: `edge ${index}` })))
const chances = fc.tuple(
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.double({ min: 0, max: 0.999, noNaN: true }),
)

describe('O23 which edge is asked', () => {
  it('is never one that is left alone while another is not, and some edge always', () => {
    fc.assert(
      fc.property(edges, chances, (all, chance) => {
        const chosen = chooseEdge(all, 100, chance)!
        const rested = all.filter(({ restsUntilMs }) => restsUntilMs <= 100)
        if (rested.length > 0) expect(rested).toContain(chosen)
        else expect(all).toContain(chosen)
      }),
    )
  })
  it('is the sooner of two that are drawn, or of all where they are few', () => {
    fc.assert(
      fc.property(edges, chances, (all, chance) => {
        const open = all.filter(({ restsUntilMs }) => restsUntilMs <= 100)
        const [first, second] = [...open].sort((a, b) => expectedMs(b) - expectedMs(a))
        const chosen = chooseEdge(all, 100, chance)!
        // The slowest is the sooner of no two.
        if (open.length > 1 && expectedMs(first) > expectedMs(second)) expect(chosen).not.toBe(first)
      }),
    )
  })
  it('is none that is excluded', () => {
    const [one, other] = [unknownEdge('one', 1, 1), unknownEdge('other', 9, 9)]
    expect(chooseEdge([one, other], 0, [0, 0], (id) => id === 'one')).toBe(other)
    expect(chooseEdge([one], 0, [0, 0], () => true)).toBeNull()
  })
  it('after three failures in a row is another for 15 s, then twice as long', () => {
    let edge = unknownEdge('one', 10, 10)
    for (let failures = 1; failures <= 3; failures++) {
      expect(edge.restsUntilMs).toBe(0)
      edge = failed(asked(edge), 1000)
    }
    expect(edge).toMatchObject({ restsUntilMs: 16_000, inFlight: 0 })
    expect(failed(asked(edge), 20_000).restsUntilMs).toBe(50_000)
    expect(answered(asked(edge), 20, 10, 0)).toMatchObject({ failures: 0, restsUntilMs: 0 })
  })
  it('counts what waits there and one’s own open questions', () => {
    const edge = { ...unknownEdge('one', 20, 10), load: 2, inFlight: 1 }
    expect(expectedMs(edge)).toBe(20 + 4 * 10)
  })
})

describe('hedging', () => {
  const slow = Array.from({ length: 40 }, (_, index) => (index % 20 === 19 ? 600 : 60 + (index % 5)))
  const seasoned = slow.reduce(settled, freshHedging)
  it('waits as long as nineteen of twenty answers take, and not before it has seen some', () => {
    expect(hedgeAfterMs(freshHedging)).toBeNull()
    expect(hedgeAfterMs(seasoned)).toBe(600)
    expect(hedgeAfterMs(slow.slice(0, 19).reduce(settled, freshHedging))).toBe(64)
  })
  it('asks a second edge for at most one in twenty, whatever happens', () => {
    let hedging = freshHedging
    let second = 0
    for (let question = 0; question < 1000; question++) {
      if (mayHedge(hedging)) {
        hedging = hedged(hedging)
        second++
      }
      hedging = settled(hedging, 100)
    }
    expect(second).toBeLessThanOrEqual(51)
    expect(second).toBeGreaterThan(45)
  })
})

describe('a stated risk', () => {
  it('is bounded exactly', () => {
    expect(upperBound(0, 1000)).toBeCloseTo(0.002991, 6)
    expect(upperBound(12, 1000)).toBeCloseTo(0.01937, 5)
    expect(upperBound(3, 200)).toBeCloseTo(0.03831, 5)
    expect(upperBound(5, 5)).toBe(1)
  })

  /** Choices of which those with more doubt are wrong more often. */
  const drawn = (random: () => number, count: number): Compared[] =>
    Array.from({ length: count }, () => {
      const doubt = random()
      return { doubt, isSame: random() > 0.2 * doubt ** 2 }
    })
  const lcg = (seed: number) => {
    let state = seed
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
  }
  it('O16 holds on fresh data for all but about one in twenty thresholds', () => {
    const risk = 0.03
    let broken = 0
    for (let seed = 1; seed <= 200; seed++) {
      const { doubt } = thresholdFor(drawn(lcg(seed), 1000), risk)
      // The law is known: among doubts below d a share of 0.2 d² / 3 is wrong.
      if ((0.2 * Math.min(1, doubt) ** 2) / 3 > risk) broken++
    }
    expect(broken / 200).toBeLessThanOrEqual(0.08)
  })
  it('believes nothing where too little was compared, and more the more risk is taken', () => {
    expect(thresholdFor(drawn(lcg(1), 20), 0.03).doubt).toBe(0)
    const all = drawn(lcg(2), 4000)
    const doubts = [0.01, 0.02, 0.05, 0.2].map((risk) => thresholdFor(all, risk).doubt)
    expect(doubts).toEqual([...doubts].sort((a, b) => a - b))
    expect(doubts.at(-1)).toBe(Number.POSITIVE_INFINITY)
  })
  it('takes a gap for doubt: none where nothing else came near', () => {
    expect(doubtOf(0)).toBe(1)
    expect(doubtOf(Math.log(2))).toBeCloseTo(0.5, 12)
    expect(doubtOf(Number.POSITIVE_INFINITY)).toBe(0)
  })
})
