import { describe, expect, it } from 'vitest'
import { changeWith } from './changing'
import { settledIn } from './ownership'
import { checkSettings, defaultSettings, readSettings, settingsToSearch } from './reading'

const read = (query: string) => readSettings(new URL(`http://localhost/?${query}`))

describe('a chain of robust steps', () => {
  it.each(['none', 'krum', 'norm-bound,bucketing,centred-clipping,gate'])(
    '%s reads as it is written',
    (robust) => {
      const { settings, problems } = read(`robust=${robust}`)
      expect(problems).toEqual([])
      expect(settingsToSearch(settings)).toBe(`robust=${robust}`)
      // As another tab is told.
      expect(checkSettings(JSON.parse(JSON.stringify(settings))).settings).toEqual(settings)
    },
  )

  it('is usual where it is unknown, or makes no sense, or does not go with the rest, which is said', () => {
    for (const query of [
      'robust=magic',
      'robust=krum,median',
      'robust=median',
      'scheme=gossip&robust=krum',
    ]) {
      const { settings, problems } = read(query)
      expect(settings.robust, query).toEqual(['norm-bound'])
      expect(problems.map(({ name }) => name)).toEqual(['robust'])
    }
    expect(read('robust=krum,median').problems[0].message).toMatch(
      /^“median” cannot follow “krum”.* It was read as norm-bound\.$/,
    )
  })

  it('stands beside an aggregation that gives way to the scheme', () => {
    const { settings, problems } = read('scheme=hierarchical&aggregation=flora&robust=none')
    expect([settings.aggregation, settings.robust]).toEqual(['fedavg', []])
    expect(problems.map(({ name }) => name)).toEqual(['aggregation'])
  })

  it('gives way to a scheme that is chosen later', () => {
    const before = { ...defaultSettings, robust: ['krum'] as const }
    expect(changeWith(before, { scheme: 'asynchronous' }, 'lobby')).toMatchObject({ robust: ['norm-bound'] })
    expect(changeWith(before, { scheme: 'clustered' }, 'lobby')).not.toHaveProperty('robust')
  })
})

it('what a tab does wrong is its own business, whatever its room says', () => {
  expect(read('attack=theft').problems.map(({ name }) => name)).toEqual(['attack'])
  const lying = read('attack=sign-flip').settings
  expect(settledIn(lying, defaultSettings).attack).toBe('none')
  expect(settledIn(defaultSettings, lying).attack).toBe('sign-flip')
})
