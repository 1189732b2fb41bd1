import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig, type FederationConfig } from '../federation/config'
import { federationConfigOf } from './derived/federationConfig'
import { mergingOf } from './derived/merging'
import { expectationOf, type Shape } from './kinds'
import { checkSettings, defaultSettings, readRows, readSettings, settingsToSearch } from './reading'
import type { Setting } from './setting'
import { table } from './table'

const rows = Object.entries<Setting<unknown>>(table)

/** Texts that may stand there, its bounds and all its options among them. */
function textsOf(shape: Shape): string[] {
  switch (shape.kind) {
    case 'choice':
      return [...shape.options]
    case 'number': {
      const least = shape.isLowIncluded ? shape.low : 1e-6
      return [least, shape.isWhole ? shape.low + 1 : (least + shape.high) / 2, shape.high].map(String)
    }
    case 'switch':
      return ['0', '1']
    case 'text':
      return shape.options.length > 0 ? [...shape.options] : ['toy']
    case 'list':
      return [textsOf(shape.of).join(',')]
  }
}

/** Texts that may not. */
function wrongFor(shape: Shape): string[] {
  if (shape.kind === 'text') return ['x'.repeat(200)]
  if (shape.kind === 'number')
    return [String(shape.high * 2 + 1), String(shape.low - 1), 'some', ...(shape.isWhole ? ['1.5'] : [])]
  return ['telepathy']
}

describe.each(rows)('the setting %s', (name, { kind, usual, reducer, page, lab, owner }) => {
  const read = (text: string) => readRows(table, (asked) => (asked === name ? text : null))
  const usualText = kind.write(usual)

  it('has a usual value that may stand there', () => {
    if (usualText !== null) expect(kind.schema.parse(usualText)).toEqual(usual)
    else expect(usual).toBeNull()
  })

  it('reads what it writes', () => {
    for (const text of textsOf(kind.shape)) {
      const { values, problems } = read(text)
      expect(problems).toEqual([])
      const written = kind.write(Object.entries(values).find(([one]) => one === name)?.[1])
      expect(read(written!).values).toEqual(values)
    }
  })

  it('names what cannot stand there, with what can, and lets stand what is usual', () => {
    for (const text of wrongFor(kind.shape)) {
      const { values, problems } = read(text)
      expect(values).toEqual(defaultSettings)
      expect(problems).toMatchObject([{ name, unusable: { name, text, instead: usualText } }])
      expect(problems[0].message).toContain(expectationOf(kind))
    }
  })

  it('reaches the reducer where its row says so, and is usual there too', () => {
    if (!reducer) return
    const placeIn = (config: FederationConfig): unknown => {
      const part: object = reducer.part === null ? config : config[reducer.part]
      return Object.entries(part).find(([field]) => field === reducer.field)?.[1]
    }
    expect(placeIn(defaultConfig)).toEqual(usual)
    for (const text of textsOf(kind.shape)) {
      const { settings } = readSettings(new URL(`http://localhost/?${name}=${text}`))
      const value = Object.entries(settings).find(([one]) => one === name)?.[1]
      expect(placeIn(federationConfigOf(settings, null))).toEqual(value)
    }
  })

  it('is either a person’s to set on the page or in the Lab, or a tab’s own, or part of an address', () => {
    const onlyInTheAddress = ['model', 'preset', 'admitAll']
    expect(page !== null || lab !== null || owner === 'tab' || onlyInTheAddress.includes(name)).toBe(true)
  })
})

describe('settings together', () => {
  it('say whoever merges what their rows say that it is told', () => {
    const told = rows.filter(([, { makes }]) => makes.includes('merging')).map(([name]) => name)
    expect(Object.keys(mergingOf(defaultSettings)).sort()).toEqual(told.sort())
  })

  const texts = fc.record(
    Object.fromEntries(
      rows
        .filter(
          ([name]) => !['aggregation', 'ledger', 'preset', 'privacy', 'robust', 'secure'].includes(name),
        )
        // What does not go with every other value is tried in reading.test.ts and trust.test.ts.
        .map(([name, { kind }]) => [
          name,
          fc.constantFrom(...textsOf(kind.shape).filter((text) => text !== 'things')),
        ]),
    ),
    { requiredKeys: [] },
  )

  it('come back from the address and from storage as they were', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const { settings, problems } = readSettings(
          new URL(
            `http://localhost/?${new URLSearchParams(Object.entries(said).map(([name, text]) => [name, text ?? '']))}`,
          ),
        )
        expect(problems).toEqual([])
        expect(readSettings(new URL(`http://localhost/?${settingsToSearch(settings)}`)).settings).toEqual(
          settings,
        )
        expect(checkSettings(JSON.parse(JSON.stringify(settings)))).toEqual({ settings, problems: [] })
      }),
      { numRuns: 300 },
    )
  })
})
