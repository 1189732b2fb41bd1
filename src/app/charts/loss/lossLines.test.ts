import { describe, expect, it } from 'vitest'
import type { RoundRecord } from '../../../node/roundRecord'
import { align, alignLines, brokenAt, bytesAt, localTrace, recordTrace } from './lossLines'

const record = (round: number, bytes: number): RoundRecord => ({
  round,
  version: round,
  seconds: round * 2,
  bytes,
  heldOut: 4 - round,
  train: null,
  alone: null,
  trainByDevice: {},
  aloneByDevice: {},
  recall: null,
  general: null,
  contributors: 2,
  distortion: null,
  staleness: null,
  lanBytes: null,
})
const history = [record(1, 100), record(2, 300)]

describe('bytes as a horizontal axis', () => {
  it('lies between the totals of the neighbouring rounds', () => {
    expect([0, 0.5, 1, 1.5, 2].map((rounds) => bytesAt(rounds, history))).toEqual([0, 50, 100, 200, 300])
  })

  it('goes on at the mean pace in the round that is not done yet', () => {
    expect(bytesAt(2.5, history)).toBe(375)
    expect(bytesAt(0.5, [])).toBe(0)
  })
})

describe('traces', () => {
  it('begin at the base loss, before the first round', () => {
    expect(recordTrace(history, 'rounds', ({ heldOut }) => heldOut, 5)).toEqual({
      x: [0, 1, 2],
      y: [5, 3, 2],
    })
    expect(recordTrace([], 'rounds', () => 1, 5)).toEqual({ x: [], y: [] })
  })

  it('thin out long runs but keep each point that is not a number', () => {
    const points = Array.from({ length: 5000 }, (_, index) => ({
      rounds: index,
      seconds: index,
      loss: index === 4321 ? Number.NaN : 1,
    }))
    const trace = localTrace(points, 'rounds', [])
    expect(trace.x.length).toBeLessThan(1300)
    expect(brokenAt(trace)).toEqual([4321])
  })

  it('share one ascending x, with holes where they have no point', () => {
    const { x, values } = align([
      { x: [0, 2], y: [1, Number.NaN] },
      { x: [1, 2], y: [3, 4] },
    ])
    expect(x).toEqual([0, 1, 2])
    expect(values).toEqual([
      [1, null, null],
      [null, 3, 4],
    ])
  })

  it('carry their bands along to the common places', () => {
    const line = { label: '', colour: '', width: 1 }
    const { x, lines } = alignLines([
      { ...line, key: 'a', trace: { x: [0, 2], y: [5, 3] }, band: { low: [4, 2], high: [6, 4] } },
      { ...line, key: 'b', trace: { x: [1], y: [7] } },
    ])
    expect(x).toEqual([0, 1, 2])
    expect(lines.map(({ values }) => values)).toEqual([
      [5, null, 3],
      [null, 7, null],
    ])
    expect(lines.map(({ band }) => band)).toEqual([{ low: [4, null, 2], high: [6, null, 4] }, undefined])
  })
})
