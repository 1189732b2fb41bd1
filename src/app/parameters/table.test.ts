import { describe, expect, it } from 'vitest'
import { defaultSettings, readSettings, settingsToSearch } from '../../node/settings'
import { groupNames, readNumber, rows, shownRows } from './table'

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

  it('shows what means something beside the other choices', () => {
    const shown = (search: string, lobby = false) =>
      groupNames.flatMap((group) => shownRows(group, read(search).settings, lobby)).map(({ name }) => name)
    expect(shown('')).not.toContain('bufferSize')
    expect(shown('scheme=asynchronous')).toEqual(expect.arrayContaining(['bufferSize', 'staleness']))
    expect(shown('scheme=asynchronous&asyncMethod=fedasync')).not.toContain('bufferSize')
    expect(shown('allocation=by-speed')).toContain('deadline')
    expect(shown('scheme=gossip&allocation=by-speed')).not.toContain('deadline')
    expect(shown('', true), 'made when the room was opened').not.toContain('rank')
  })

  it('leaves gossip out of a lobby, and the scheme out of a room that gossips', () => {
    const scheme = shownRows('scheme', read('').settings, true).find(({ name }) => name === 'scheme')
    expect(scheme).toMatchObject({ options: expect.not.arrayContaining(['gossip']) })
    const web = shownRows('scheme', read('scheme=gossip').settings, true)
    expect(web.map(({ name }) => name)).not.toContain('scheme')
  })

  it('survives the way through the address', () => {
    const settings = { ...defaultSettings, rounds: 5, lr: 0.01, partition: 'by-domain' }
    expect(read(settingsToSearch(settings)).settings).toEqual(settings)
  })

  it('reads numbers as they are typed', () => {
    const row = { low: 1e-6, high: 1, whole: false, optional: false } as const
    expect(['0,005', ' 0.1 ', '2', '', 'x'].map((typed) => readNumber(typed, row))).toEqual([
      0.005,
      0.1,
      undefined,
      undefined,
      undefined,
    ])
    expect(readNumber('2.5', { ...row, high: 9, whole: true })).toBeUndefined()
    expect(readNumber(' ', { ...row, optional: true }), 'left empty').toBeNull()
  })
})
