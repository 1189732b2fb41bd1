import { describe, expect, it } from 'vitest'
import { controlsOf } from '../../lab/controls'
import { labPresetNames, labPresets } from '../../lab/presets'
import { adapterConfigOf } from '../../settings/derived/adapter'
import {
  besideOf,
  changedControls,
  isBeside,
  isMeant,
  labSearch,
  presetSettings,
  readLabSettings,
  runOf,
  seedsOf,
  withControl,
} from './labSettings'

const opened = (search: string) => readLabSettings(new URLSearchParams(search))
const read = (search: string) => opened(search).settings

describe('the address of an experiment', () => {
  it.each(labPresetNames)('names a preset, and then means it exactly: %s', (name) => {
    const settings = read(`preset=${name}`)
    expect(settings).toEqual(presetSettings(name))
    expect(runOf(settings, 3).preset).toEqual(labPresets[name])
    expect(labSearch(settings)).toBe(`view=lab&preset=${name}`)
  })

  it('comes back from what it wrote', () => {
    const search =
      'view=lab&preset=stragglers&scheme=gossip&compression=int8&lr=0.01&devices=8&seeds=1,2,3&baselines=on'
    expect(labSearch(read(search))).toBe(search)
    expect(seedsOf(read(search))).toEqual([1, 2, 3])
    expect(changedControls(read(search))).toEqual(['scheme', 'compression', 'lr', 'devices'])
    expect(runOf(read(search), 1)).toMatchObject({
      preset: { settings: { scheme: 'gossip', lr: 0.01, compression: 'int8' }, world: { devices: 8 } },
      baselines: ['alone', 'centralised'],
    })
  })

  it.each(['devices=0', 'devices=many', 'scheme=chaos', 'seeds=1,', 'lr=-1', 'preset=nothing'])(
    'falls back where it cannot be used, and names it: %s',
    (search) => {
      const { settings, problems } = opened(search)
      expect(settings).toEqual(presetSettings('iid'))
      expect(problems.map(({ unusable }) => `${unusable?.name}=${unusable?.text}`)).toEqual([search])
    },
  )

  it.each([
    'view=lab&preset=iid&scheme=hierarchical&edges=2&edgeRounds=3',
    'view=lab&preset=four-villages&clusterBy=loss&clusters=4&clusterMixing=0.1&compression=topk-int4',
    'view=lab&preset=stragglers&asyncMethod=fedcompass&bufferSize=auto&serverRate=auto&deadline=auto&ranks=same',
    'view=lab&preset=iid&allocation=by-speed&deadline=90&ranks=8,4&rank=4&aggregation=flora&corpus=mixed',
    'view=lab&preset=nobody-in-charge&topology=small-world&degree=6&mixing=push-sum&model=quadratic',
  ])('of before opens what it opened: %s', (search) => {
    expect(opened(search).problems).toEqual([])
    for (const [name, text] of new URLSearchParams(search))
      if (!['auto', 'same'].includes(text)) expect(labSearch(read(search))).toContain(`${name}=${text}`)
  })

  it('means the rank of before: alpha is twice as much', () => {
    expect(adapterConfigOf(read('rank=4').preset.settings)).toMatchObject({ rank: 4, alpha: 8 })
  })

  it('keeps to itself what means nothing beside the rest', () => {
    const meant = (search: string) =>
      controlsOf()
        .filter((control) => isMeant(read(search), control))
        .map(({ name }) => name)
    const shown = meant('preset=stragglers&bufferSize=4&staleness=hinge&degree=3')
    expect(shown).toContain('bufferSize')
    expect(shown, 'nobody has neighbours here').not.toContain('degree')
    expect(meant('preset=iid&model=quadratic'), 'it has its own').not.toContain('rank')
  })

  it('takes with a scheme the aggregation that is usual there', () => {
    const scheme = controlsOf().find(({ name }) => name === 'scheme')!
    const { settings } = withControl(presetSettings('iid'), scheme, 'gossip').preset
    expect(settings).toMatchObject({ scheme: 'gossip', aggregation: 'decaf' })
  })
})

describe('the other arm of a question', () => {
  it.each(labPresetNames)('is the same world with one thing otherwise, and leads back: %s', (name) => {
    const own = presetSettings(name)
    const beside = besideOf(own)
    if (!beside) {
      expect(own.baselines, 'held against yardsticks').toBe('on')
      return
    }
    expect(beside.preset.world).toEqual(own.preset.world)
    expect([isBeside(own), isBeside(beside)]).toEqual([false, true])
    expect(besideOf(beside)).toEqual(own)
  })

  it('has what was changed by hand as well, and an aggregation that its scheme can do', () => {
    const beside = besideOf(read('preset=nobody-in-charge&devices=6&seeds=1,2'))!
    expect(labSearch(beside)).toContain('devices=6&seeds=1,2')
    expect(beside.preset.settings.aggregation).toBe('fedavg')
  })

  it('may be left out of yardsticks, in the address too', () => {
    expect(labSearch(read('preset=iid&baselines=off'))).toBe('view=lab&preset=iid&baselines=off')
    expect(labSearch(read('preset=stragglers&baselines=on'))).toContain('baselines=on')
  })
})
