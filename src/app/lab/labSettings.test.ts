import { describe, expect, it } from 'vitest'
import { labPresetNames, labPresets } from '../../lab/presets'
import {
  changedControls,
  isMeant,
  labSearch,
  presetSettings,
  readLabSettings,
  runOf,
  seedsOf,
} from './labSettings'

const read = (search: string) => readLabSettings(new URLSearchParams(search))

describe('the address of an experiment', () => {
  it.each(labPresetNames)('names a preset, and then means it exactly: %s', (name) => {
    const settings = read(`preset=${name}`)
    expect(settings).toEqual(presetSettings(name))
    expect(runOf(settings, 3).preset).toEqual(labPresets[name])
    expect(labSearch(settings)).toBe(`view=lab&preset=${name}`)
  })

  it('comes back from what it wrote', () => {
    const search =
      'view=lab&preset=stragglers&scheme=gossip&devices=8&lr=0.01&compression=int8&seeds=1,2,3&baselines=on'
    expect(labSearch(read(search))).toBe(search)
    expect(seedsOf(read(search))).toEqual([1, 2, 3])
    expect(changedControls(read(search))).toEqual(['scheme', 'devices', 'lr', 'compression'])
    expect(runOf(read(search), 1)).toMatchObject({
      preset: {
        config: { scheme: 'gossip' },
        world: { devices: 8 },
        learningRate: 0.01,
        compression: 'int8',
      },
      baselines: ['alone', 'centralised'],
    })
  })

  it.each(['devices=0', 'devices=many', 'scheme=chaos', 'seeds=1,', 'lr=-1', 'preset=nothing'])(
    'falls back where it cannot be used: %s',
    (search) => expect(read(search)).toEqual(presetSettings('iid')),
  )

  it('keeps to itself what means nothing beside the rest', () => {
    const settings = read('preset=stragglers&bufferSize=4&staleness=hinge&degree=3')
    expect(isMeant(settings, 'bufferSize')).toBe(true)
    expect(isMeant(settings, 'degree'), 'nobody has neighbours here').toBe(false)
    const quadratic = read('preset=iid&model=quadratic')
    expect(isMeant(quadratic, 'rank'), 'it has its own').toBe(false)
  })
})
