import { describe, expect, it } from 'vitest'
import { everybody } from './LossLegend'
import { plannedLines } from './plannedLines'

const points = [0.5, 1, 1.5].map((rounds) => ({ rounds, seconds: rounds, loss: 3 - rounds }))
const devicesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ key: `d${at}`, label: `Tab ${at}`, colour: '', look: '' }))
const plan = (count: number, change: Partial<Parameters<typeof plannedLines>[1]> = {}) =>
  plannedLines(
    {
      history: [],
      baseLoss: 4,
      lossPoints: Object.fromEntries(devicesOf(count).map(({ key }) => [key, points])),
    },
    {
      yardsticks: [{ key: 'merged', label: 'Merged', colour: '', look: '' }],
      devices: devicesOf(count),
      hidden: new Set(),
      picked: null,
      axis: 'rounds',
      weight: 0.5,
      most: 8,
      crowd: 'all of them',
      ...change,
    },
  ).lines

describe('lines of the loss chart', () => {
  it('of a few devices are each named, with their raw values behind', () => {
    const lines = plan(3)
    expect(lines.filter(({ ghost }) => ghost)).toHaveLength(3)
    expect(lines.filter(({ crowd }) => crowd)).toEqual([])
  })

  it('of many devices are one bundle, switched at once', () => {
    expect(plan(40).filter(({ crowd }) => crowd === 'all of them')).toHaveLength(40)
    expect(plan(40).filter(({ ghost }) => ghost)).toEqual([])
    expect(plan(40, { hidden: new Set([everybody]) }).map(({ key }) => key)).toEqual(['merged'])
  })

  it('let one be picked out of many, whom the others make way for', () => {
    const lines = plan(40, { picked: 'd7' })
    const picked = lines.find(({ key }) => key === 'd7')!
    expect([picked.width, picked.crowd]).toEqual([3, undefined])
    expect(lines.filter(({ faint }) => faint)).toHaveLength(39)
    expect(lines.at(-2)?.key, 'above the others').toBe('d7')
    expect(plan(40, { picked: 'd7', hidden: new Set([everybody]) })).toHaveLength(2)
  })

  it('end with what all know together, so that it lies on top', () => {
    expect(plan(40).at(-1)?.key).toBe('merged')
  })
})
