import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesIn, durationIn } from '../../format'
import { digitsFor, spacedOut, spanAround, stepsOf, ticksBetween, ticksOf, timeSteps } from './ticks'

/** As a chart gets them: far from 0 and near each other, too. */
const anyValues = fc
  .tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 1e-4, max: 100, noNaN: true }))
  .map(([low, range]) => [low, low + range] as const)

describe('an axis of values', () => {
  it('has ticks around its values, however near these are to each other', () => {
    expect(ticksOf(spanAround(0.825, 0.865, 5))).toEqual([0.82, 0.83, 0.84, 0.85, 0.86, 0.87].map(near))
    expect(ticksOf(spanAround(0.825, 0.95, 4))).toEqual([0.8, 0.85, 0.9, 0.95].map(near))
    expect(ticksOf(spanAround(0, 1, 5))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map(near))
    expect(ticksOf(spanAround(0.2, 4.83, 5))).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('ends with a tick at or beyond the lowest and the highest, and has no more than fit', () => {
    fc.assert(
      fc.property(anyValues, fc.integer({ min: 2, max: 9 }), ([low, high], most) => {
        const span = spanAround(low, high, most)
        const ticks = ticksOf(span)
        const slack = 1e-6 * span.step
        expect(ticks[0]).toBeLessThanOrEqual(low + slack)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - slack)
        expect(ticks.length).toBeGreaterThan(1)
        expect(ticks.length - 1).toBeLessThanOrEqual(most)
        expect(span.high - span.low, 'and little beyond').toBeLessThanOrEqual(
          10 * Math.max(high - low, 0.02 * 150),
        )
      }),
    )
  })

  it('writes each tick otherwise than its neighbours, also of values that are all the same', () => {
    fc.assert(
      fc.property(anyValues, fc.boolean(), fc.integer({ min: 2, max: 9 }), ([low, high], areSame, most) => {
        const span = spanAround(low, areSame ? low : high, most)
        const texts = ticksOf(span).map((tick) => tick.toFixed(digitsFor(span.step)))
        expect(new Set(texts).size).toBe(texts.length)
        for (const text of texts)
          expect(Math.abs(Number(text) / span.step - Math.round(Number(text) / span.step))).toBeLessThan(1e-3)
      }),
    )
    expect(spanAround(0, 0, 4)).toEqual({ low: -0.5, high: 0.5, step: 0.5 })
  })
})

const near = (value: number) => expect.closeTo(value, 9)
const widthOf = (text: string) => 6.5 * text.length

describe('texts along an axis', () => {
  it('never lie upon each other, however long they are and however near the ticks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 5, max: 200 }),
        fc.integer({ min: 0, max: 50 }),
        (seconds, apart, firstStep) => {
          const texts = spacedOut(
            seconds.map((one) => durationIn(one, 'en')),
            widthOf,
            apart,
            firstStep,
          )
          let endsAt = Number.NEGATIVE_INFINITY
          for (const [at, text] of texts.entries()) {
            if (text === '') continue
            expect(at * apart - widthOf(text) / 2).toBeGreaterThan(endsAt)
            endsAt = at * apart + widthOf(text) / 2
          }
        },
      ),
    )
  })

  it('are all there where there is room', () => {
    expect(spacedOut(['0', '1', '2'], widthOf, 50)).toEqual(['0', '1', '2'])
    expect(spacedOut(['1 min 30 sec', '2 min', '2 min 30 sec'], widthOf, 60, 3)).toEqual(['', '2 min', ''])
  })

  it('of bytes are round, as they are written', () => {
    const ticks = ticksBetween(0, 24e6, stepsOf('bytes'))
    expect(ticks.map((at) => bytesIn(at, 'en'))).toEqual(['0 bytes', '5 MB', '10 MB', '15 MB', '20 MB'])
  })

  it('of times stand where clocks have their marks', () => {
    expect(ticksBetween(0, 1_000, timeSteps).map((at) => durationIn(at, 'en'))).toEqual([
      '0 sec',
      '5 min',
      '10 min',
      '15 min',
    ])
    expect(timeSteps).toEqual(timeSteps.toSorted((a, b) => a - b))
  })
})
