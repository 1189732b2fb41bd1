/** “Add a scheme” and “Add an aggregation rule” (docs/contributing.md), done to copies of the registries. */
import { readFileSync } from 'node:fs'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { LabControls } from '../app/lab/controls/LabControls'
import { labSearch, readLabSettings } from '../app/lab/labSettings'
import { ParameterFields } from '../app/parameters/ParameterFields'
import { parseFlags } from '../cli/flags'
import { simulateFlags } from '../cli/simulate'
import { aggregate } from '../federation/aggregation/aggregate'
import { aggregations } from '../federation/aggregation/registry'
import { randomRound, settings } from '../federation/aggregation/rules/testing'
import { aggregationsFor, incompatibility } from '../federation/compatibility'
import { defaultConfig, type SchemeName } from '../federation/config'
import { cyclic } from '../federation/fixtures/cyclic'
import { drive, of, ordered } from '../federation/fixtures/drive'
import { uniform } from '../federation/fixtures/uniform'
import { coordinated, schemes } from '../federation/schemes/registry'
import { labTableOf, readPreset } from '../lab/controls'
import { labPresets } from '../lab/presets'
import { oneOf } from './kinds'
import { defaultSettings, readRows, settingsToSearch } from './reading'
import { table } from './table'

/** The registries with a line more, and the table that is read from their names. */
const registries = {
  schemes: { ...schemes, cyclic },
  aggregations: { ...aggregations, uniform: { rule: uniform, serverOptimizer: 'fedavg' as const } },
}
const rows = {
  ...table,
  scheme: { ...table.scheme, kind: oneOf(Object.keys(registries.schemes)) },
  aggregation: { ...table.aggregation, kind: oneOf(Object.keys(registries.aggregations)) },
}
const labRows = labTableOf(rows)
const page = readFileSync('docs/contributing.md', 'utf8')

describe.each([
  ['a scheme', 'scheme', 'cyclic', 'synchronous'],
  ['an aggregation rule', 'aggregation', 'uniform', 'fedavg'],
] as const)('%s that is added to its registry', (_, name, added, usual) => {
  it('stands in the page that says how, as it is here', () => {
    expect(page).toContain(readFileSync(`src/federation/fixtures/${added}.ts`, 'utf8').trim())
  })

  it('is a value of the address', () => {
    const { values, problems } = readRows(rows, (asked) => (asked === name ? added : null))
    expect([values[name], problems]).toEqual([added, []])
    const { [name]: _, ...others } = defaultSettings
    expect(settingsToSearch({ ...others, [name]: added } as never, { [name]: rows[name] })).toBe(
      `${name}=${added}`,
    )
  })

  it('can be chosen on the page', () => {
    const fields = renderToStaticMarkup(
      <ParameterFields settings={defaultSettings} moment="opening" rows={rows} onChange={() => {}} />,
    )
    expect(fields).toContain(`<option value="${added}">`)
    expect(fields).toContain(`<option value="${usual}" selected="">`)
  })

  it('can be chosen in the Lab, and is part of its address', () => {
    const read = readLabSettings(new URLSearchParams(`preset=iid&${name}=${added}`), labRows)
    expect(read.problems).toEqual([])
    expect(labSearch(read.settings, labRows)).toBe(`view=lab&preset=iid&${name}=${added}`)
    const { settings } = readLabSettings(new URLSearchParams('preset=iid'), labRows)
    const controls = renderToStaticMarkup(
      <LabControls settings={settings} rows={labRows} onChange={() => {}} />,
    )
    expect(controls).toContain(`<option value="${added}">`)
  })

  it('is a value of its flag of simulate', () => {
    const given = (value: string) => {
      const flags: Readonly<Record<string, unknown>> = parseFlags(simulateFlags(labRows), [
        `--${name}`,
        value,
      ])
      return readPreset(labPresets.iid, (asked) => (asked === name ? String(flags[name]) : null), labRows)
    }
    expect(given(added)).toMatchObject({ preset: { settings: { [name]: added } }, problems: [] })
    expect(given('none').problems[0].message).toContain(added)
  })
})

describe('the scheme of the example', () => {
  it('runs: one device after the other, whoever has gone is passed over', () => {
    const scheme = 'cyclic' as SchemeName
    const run = drive({ ...defaultConfig, scheme, rounds: 4 }, { ...coordinated, cyclic })
    run.join('a', 'b', 'c')
    let effects = run.start()
    const turns: string[] = []
    while (run.state.control.kind === 'running') {
      const [order] = of(effects, 'order')
      const [device] = order.to
      turns.push(...ordered(effects))
      const { round, version } = order
      const merge = run.happen({ type: 'update-arrived', device, round, version, examples: 4 })
      if (round === 2) run.happen({ type: 'device-left', device: 'c' })
      run.merged(merge)
      effects = ['a', 'b', 'c'].flatMap((key) => [
        ...run.happen({ type: 'loaded', device: key, adapter: 'global', version: version + 1 }),
      ])
    }
    expect(turns).toEqual(['a', 'b', 'a', 'b'])
    expect(run.state.adapters.global).toBe(4)
  })

  it('goes together with what its properties say', () => {
    for (const aggregation of Object.keys(aggregations))
      expect(incompatibility({ scheme: 'cyclic', aggregation }, registries)).toBeNull()
  })
})

describe('the rule of the example', () => {
  it('counts every device the same, and is the average of the models where they trained one factor', () => {
    const { current, updates } = randomRound(5, 4, undefined, { a: false, b: true })
    const { global, distortion } = aggregate(uniform, current, updates, settings)
    const same = aggregate(
      uniform,
      current,
      updates.map((update) => ({ ...update, weight: 0.25 })),
      settings,
    )
    expect(global).toEqual(same.global)
    expect(distortion!.relative).toBeLessThan(1e-6)
  })

  it('is refused where its properties say so', () => {
    expect(incompatibility({ scheme: 'hierarchical', aggregation: 'uniform' }, registries)).toMatch(
      /two tiers/,
    )
    expect(aggregationsFor('synchronous', registries)).toContain('uniform')
  })
})
