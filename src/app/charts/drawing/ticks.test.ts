import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesIn, durationIn } from '../../format'
import { spacedOut, stepsOf, ticksBetween, timeSteps } from './ticks'

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
