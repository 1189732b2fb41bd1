import { describe, expect, it } from 'vitest'
import { rowsOf } from './showValues'

const text = (value: number) => value.toFixed(2)
const shown = (label: string, value: number, width = 1, crowd?: string) => ({
  line: { key: label, label, colour: '', width, crowd, values: [] },
  colour: label,
  value,
})

describe('what a chart says under the pointer', () => {
  it('names each of a few lines, thick ones first', () => {
    const rows = rowsOf([shown('Otter', 2), shown('Merged', 1, 3)], 2, text)
    expect(rows.map(({ label, text }) => [label, text])).toEqual([
      ['Merged', '1.00'],
      ['Otter', '2.00'],
    ])
  })

  it('gathers forty of a bundle into their range, and names the nearest', () => {
    const crowd = Array.from({ length: 40 }, (_, at) => shown(`Tab ${at}`, at / 10, 1, '40 devices'))
    const rows = rowsOf([...crowd, shown('Merged', 1, 3)], 2.52, text)
    expect(rows.map(({ label, text }) => [label, text])).toEqual([
      ['Merged', '1.00'],
      ['40 devices', '0.00 – 3.90'],
      ['Tab 25', '2.50'],
    ])
  })
})
