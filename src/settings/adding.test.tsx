/** “Add a setting” (docs/contributing.md), done to a copy of the table: one row, and it is everywhere. */
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { LabControls } from '../app/lab/controls/LabControls'
import { labSearch, presetSettings, readLabSettings } from '../app/lab/labSettings'
import { ParameterFields } from '../app/parameters/ParameterFields'
import { parseFlags, UsageError } from '../cli/flags'
import { presetOf, simulateFlags } from '../cli/simulate'
import { labTableOf } from '../lab/controls'
import { labPresets } from '../lab/presets'
import { between } from './kinds'
import { defaultSettings, readRows, settingsToSearch } from './reading'
import { setting } from './setting'
import { table } from './table'

const patience = setting(between(0, 2), 1, { changes: 'running', page: 'training', lab: 'experiment' })
const rows = { ...table, patience }
const labRows = labTableOf(rows)

describe('a row that is added to the table', () => {
  const fromAddress = (text: string) => readRows(rows, (name) => new URLSearchParams(text).get(name))

  it('is a parameter of the address', () => {
    expect(fromAddress('').values.patience).toBe(1)
    expect(fromAddress('patience=0.5').values.patience).toBe(0.5)
    expect(fromAddress('patience=3').problems[0].message).toMatch(/“patience=3” .* from 0 to 2.*read as 1/)
    expect(settingsToSearch(fromAddress('rank=4&patience=0.5').values, rows)).toBe('rank=4&patience=0.5')
  })

  it.each(['opening', 'lobby', 'run'] as const)('is a control of the page: %s', (moment) => {
    const settings = { ...defaultSettings, patience: 0.25 }
    const page = renderToStaticMarkup(
      <ParameterFields settings={settings} moment={moment} rows={rows} onChange={() => {}} />,
    )
    expect(page).toMatch(/>patience<\/label><input [^>]*value="0.25"/)
  })

  it('is a control of the Lab, and part of its address', () => {
    const { settings } = readLabSettings(new URLSearchParams('preset=iid&patience=0.5'), labRows)
    expect(labSearch(settings, labRows)).toBe('view=lab&preset=iid&patience=0.5')
    expect(labSearch(presetSettings('iid'), labRows)).toBe('view=lab&preset=iid')
    const page = renderToStaticMarkup(<LabControls settings={settings} rows={labRows} onChange={() => {}} />)
    expect(page).toMatch(/>patience<\/label><input [^>]*value="0.5"/)
  })

  it('is a flag of simulate', () => {
    const given = (value: string) =>
      presetOf(labPresets.iid, parseFlags(simulateFlags(labRows), ['--patience', value]), labRows)
    expect(given('0.5').settings).toMatchObject({ patience: 0.5 })
    expect(() => given('3')).toThrow(new UsageError('--patience must be a number from 0 to 2.'))
  })
})
