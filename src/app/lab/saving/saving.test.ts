import { describe, expect, it } from 'vitest'
import { ticksBetween } from '../../charts/drawing/ticks'
import { presetSettings } from '../labSettings'
import type { LabRun } from '../runs'
import { figureSvg } from './figure'
import { runsAsCsv, runsAsJson } from './files'

const run: LabRun = {
  id: 0,
  settings: { ...presetSettings('stragglers'), seeds: '1,2' },
  state: { kind: 'done' },
  curves: [1, 2].map((seed) => ({
    seed,
    lastsSeconds: null,
    clusters: [],
    terms: [],
    outcome: null,
    points: [
      { round: 1, version: 1, seconds: 2.5, bytes: 300, wanBytes: 200, loss: 0.5 },
      { round: 2, version: 2, seconds: 5, bytes: 600, wanBytes: 400, loss: null },
    ],
  })),
}

describe('what is saved of the Lab', () => {
  it('as CSV: a line for each point of each seed, and the address that repeats it', () => {
    const [head, ...lines] = runsAsCsv([run]).trimEnd().split('\r\n')
    expect(head.split(',')).toHaveLength(8)
    expect(lines).toHaveLength(4)
    expect(lines[2]).toBe('"/?view=lab&preset=stragglers&seeds=1,2",2,1,1,2.5,300,200,0.5')
    expect(lines[3].endsWith(',')).toBe(true)
  })

  it('as JSON: everything that was measured', () => {
    expect(JSON.parse(runsAsJson([run]))).toMatchObject([{ settings: run.settings, curves: run.curves }])
  })

  it('as a figure: the lowest value at the foot, the highest at the top, names as text', () => {
    const svg = figureSvg({
      x: [0, 5, 10],
      lines: [
        {
          key: 'a',
          label: 'FedAvg & <friends>',
          colour: 'red',
          width: 3,
          values: [4, null, 2],
          band: { low: [3, null, 2], high: [4, null, 2] },
        },
        { key: 'b', label: 'one seed', colour: 'red', width: 1, ghost: true, values: [3, 3, 3] },
      ],
      xName: 'Rounds',
      yName: 'Loss',
      bandName: 'Band: ± 1',
      xText: String,
      yTick: String,
    })
    expect(svg).toContain('d="M64.0 16.0L624.0 316.0"')
    expect(svg).toContain('d="M64.0 16.0L624.0 316.0L624.0 316.0L64.0 166.0Z" fill="red"')
    expect(svg).toContain('>Band: ± 1</text>')
    expect(svg).toContain('>FedAvg &amp; &lt;friends></text>')
    expect(svg).not.toContain('one seed')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  it.each([
    [0, 10, [0, 2, 4, 6, 8, 10]],
    [0.61, 0.74, [0.62, 0.64, 0.66, 0.68, 0.7, 0.72, 0.74]],
    [3, 3, [3]],
  ])('has round numbers at its axes: %d to %d', (low, high, ticks) => {
    const made = ticksBetween(low, high)
    expect(made).toHaveLength(ticks.length)
    for (const [at, tick] of ticks.entries()) expect(made[at]).toBeCloseTo(tick)
  })
})
