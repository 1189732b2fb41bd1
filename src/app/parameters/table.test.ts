import { describe, expect, it } from 'vitest'
import { defaultSettings, readSettings, settingsToSearch } from '../../node/settings'
import { readNumber, rows } from './table'

const read = (search: string) => readSettings(new URL(`http://localhost/?${search}`))

describe('the table of parameters', () => {
  it.each(rows.filter((row) => row.kind === 'choice'))(
    'offers only values of $name that the URL accepts',
    (row) => {
      for (const option of row.options) expect(read(`${row.name}=${option}`).problems).toEqual([])
    },
  )

  it.each(rows.filter((row) => row.kind === 'number'))('bounds $name as the URL does', (row) => {
    for (const value of [row.low, row.high]) expect(read(`${row.name}=${value}`).problems).toEqual([])
    expect(read(`${row.name}=${row.high * 2 + 1}`).problems).toHaveLength(1)
  })

  it('survives the way through the address', () => {
    const settings = { ...defaultSettings, rounds: 5, lr: 0.01, partition: 'by-domain' }
    expect(read(settingsToSearch(settings)).settings).toEqual(settings)
  })

  it('reads numbers as they are typed', () => {
    const row = { kind: 'number', name: 'lr', low: 1e-6, high: 1, whole: false, inLobby: true } as const
    expect(['0,005', ' 0.1 ', '2', '', 'x'].map((typed) => readNumber(typed, row))).toEqual([
      0.005,
      0.1,
      null,
      null,
      null,
    ])
    expect(readNumber('2.5', { ...row, high: 9, whole: true })).toBeNull()
  })
})
