import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aggregationNames } from '../federation/aggregation/registry'
import { incompatibility } from '../federation/compatibility'
import { schemeNames } from '../federation/config'
import { changeWith, unfitting } from './changing'
import { federatingOf } from './derived/merging'
import { checkSettings, defaultSettings, parseSettings, readSettings, settingsToSearch } from './reading'

const read = (query: string) => readSettings(new URL(`http://localhost:8080/${query}`))

describe('the URL is the experiment', () => {
  it('reads nothing as the defaults', () => {
    expect(read('').settings).toEqual(defaultSettings)
    expect(read('').problems).toEqual([])
  })

  it('reads what a link says, and the secret from the fragment only', () => {
    const { settings, fragment } = read(
      '?role=device&room=TEST&rank=4&targets=c_attn,c_fc&lr=0.01#s=abc&k=12',
    )
    expect(settings).toMatchObject({
      role: 'device',
      room: 'TEST',
      rank: 4,
      targets: ['c_attn', 'c_fc'],
      lr: 0.01,
    })
    expect(fragment).toEqual({ secret: 'abc', keyHash: '12', edgePass: null })
  })

  it('names a value that cannot be used and goes on with the default', () => {
    const { settings, problems } = read('?rank=900&scheme=telepathy&rounds=3')
    expect(settings).toMatchObject({ rank: 8, scheme: 'synchronous', rounds: 3 })
    expect(problems.map(({ name }) => name)).toEqual(['scheme', 'rank'])
    expect(problems[1].message).toContain('rank=900')
  })

  it('reads pictures only with a model that sees; a device hears from its room which that is', () => {
    const [seen, unseen, device] = [
      read('?role=coordinator&corpus=things&model=lens'),
      read('?role=coordinator&corpus=things&model=seedling'),
      read('?role=device&corpus=things'),
    ]
    expect([seen, unseen, device].map(({ settings }) => settings.corpus)).toEqual(['things', null, 'things'])
    expect([seen, device].map(({ problems }) => problems)).toEqual([[], []])
    expect(unseen.problems).toMatchObject([
      { name: 'corpus', message: expect.stringContaining('model=lens') },
    ])
  })

  it('runs every scheme in tabs', () => {
    for (const scheme of schemeNames) expect(read(`?scheme=${scheme}`).problems).toEqual([])
    expect(read('?scheme=telepathy').problems[0].message).toMatch(/synchronous, .*gossip/)
  })

  it('says what cannot go together and what stands instead, which can', () => {
    for (const scheme of schemeNames)
      for (const aggregation of aggregationNames) {
        const { settings, problems } = read(`?scheme=${scheme}&aggregation=${aggregation}`)
        expect(incompatibility(settings)).toBeNull()
        const wrong = incompatibility({ scheme, aggregation })
        expect(settings.aggregation === aggregation).toBe(wrong === null)
        expect(problems.map(({ message }) => message)).toEqual(
          wrong === null ? [] : [`${wrong} It was read as ${settings.aggregation}.`],
        )
      }
  })

  it('says where no ledger can be kept, and that none is', () => {
    const { settings, problems } = read('?scheme=clustered&ledger=1')
    expect(settings).toMatchObject({ scheme: 'clustered', ledger: false })
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/several adapters.*None is kept\.$/),
    ])
    expect(read('?ledger=1')).toMatchObject({ settings: { ledger: true }, problems: [] })
  })

  it('gives up nothing that hides something: what cannot go with secure aggregation gives way, and is named', () => {
    const { settings, problems } = read(
      '?secure=1&scheme=gossip&aggregation=flora&compression=topk&clusterBy=similarity',
    )
    expect(settings).toMatchObject({
      secure: true,
      scheme: 'synchronous',
      aggregation: 'fedavg',
      compression: 'none',
    })
    expect(problems.map(({ name }) => name)).toEqual(['scheme', 'compression', 'aggregation'])
    expect(read('?secure=1&scheme=clustered').settings.clusterBy).toBe('loss')
    expect(read('?secure=1&scheme=hierarchical&aggregation=ffa&compression=int8').problems).toEqual([])
  })

  it('on the page, too: turning secure aggregation on takes along what has to change for it', () => {
    const { settings } = read('?aggregation=flora&compression=topk')
    const change = changeWith(settings, { secure: true }, 'lobby')
    expect(change).toEqual({ secure: true, aggregation: 'fedavg', compression: 'none' })
    const secure = { ...settings, ...change }
    expect(unfitting(secure, 'scheme')).toEqual(['asynchronous', 'gossip'])
    expect(unfitting(secure, 'compression')).toContain('topk')
    expect(unfitting(secure, 'aggregation')).toContain('flora')
    expect(unfitting(settings, 'scheme')).toEqual([])
  })

  it('lets adaptive servers begin at their usual rate, and a given rate stand', () => {
    const rateOf = (query: string) => federatingOf(read(query).settings).aggregation.serverRate
    expect(rateOf('?aggregation=fedadam')).toBe(1e-3)
    expect(rateOf('?aggregation=fedadam&serverRate=1')).toBe(1)
    expect(rateOf('?aggregation=fedex&compression=topk-int8')).toBe(1)
  })

  it('lets neighbours mix products where a link says no more than that they gossip', () => {
    expect(read('?scheme=gossip').settings.aggregation).toBe('decaf')
    expect(read('?scheme=gossip&aggregation=fedavg').settings.aggregation).toBe('fedavg')
  })

  it('lets a preset stand for its values, and any parameter beside it override one', () => {
    expect(read('?preset=quick&lr=0.02').settings).toMatchObject({ preset: 'quick', rounds: 6, lr: 0.02 })
  })

  it.each([
    '',
    '?preset=domains&rounds=3',
    '?scheme=clustered&aggregation=fedyogi&compression=int4',
    '?aggregation=fedadam&serverRate=1',
    '?scheme=gossip&topology=ring&mixing=push-sum',
    '?scheme=gossip&aggregation=fedavg',
    '?role=coordinator&room=A1&seed=9&rounds=2&autostart=3',
    '?targets=c_proj&alpha=2.5&slow=10&admitAll=1&partition=dirichlet(0.3)&view=pane&lang=de',
  ])('writes %s back so that it reads the same', (query) => {
    const { settings } = read(query)
    expect(read(`?${settingsToSearch(settings)}`).settings).toEqual(settings)
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })

  it.each<[string, unknown]>([
    ['aggregation', 'telepathy'],
    ['aggregation', '__proto__'],
    ['preset', 'constructor'],
    ['targets', [1]],
    ['rank', { toString: 1 }],
    ['rank', 1e9],
    ['name', 'x'.repeat(1e6)],
  ])('that are sent or stored with a wrong %s fall back, and name it', (name, value) => {
    const { settings, problems } = checkSettings({ ...defaultSettings, [name]: value })
    expect(settings).toEqual(defaultSettings)
    if (name !== 'preset') expect(problems.map((problem) => problem.name)).toEqual([name])
    expect(problems.every(({ message }) => message.length < 1000)).toBe(true)
  })

  it.each([
    ['privacy=client&scheme=gossip', 'scheme', 'synchronous'],
    ['privacy=example&scheme=clustered&clusterBy=loss', 'clusterBy', 'similarity'],
    ['privacy=example&clip=auto', 'clip', 1],
    ['privacy=client&scheme=hierarchical&clip=auto', 'clip', 1],
    ['privacy=client&noise=auto', 'noise', 1],
  ] as const)('that promise privacy lose what would break it: %s', (query, name, instead) => {
    const { settings, problems } = read(`?${query}`)
    expect(settings[name]).toBe(instead)
    expect(settings.privacy).not.toBe('none')
    expect(problems).toMatchObject([{ name, message: expect.stringMatching(/Choose|Say/) }])
  })

  it('that are sent or stored become settings, whatever they are', () => {
    const change = fc.dictionary(
      fc.constantFrom(...Object.keys(defaultSettings), '__proto__'),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(change, (sent) => {
        const { settings } = checkSettings({ ...defaultSettings, ...sent })
        expect(checkSettings(settings)).toEqual({ settings, problems: [] })
      }),
      { numRuns: 500 },
    )
  })
})
