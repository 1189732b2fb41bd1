import { describe, expect, it } from 'vitest'
import { schemeNames } from '../../federation/config'
import { type LabPreset, labPresetNames, labPresets } from '../presets'
import { controlNames, controls } from './controls'

const preset: LabPreset = labPresets.iid

/** A value other than the preset's, as text. */
const others = {
  ...{ scheme: 'gossip', aggregation: 'flora', corpus: 'facts', devices: '8', rounds: '3', localSteps: '5' },
  ...{ lr: '0.01', batch: '2', rank: '4', proximal: '0.1', fractionTrain: '0.5', overSelection: '0.2' },
  ...{ stepsBySpeed: 'on', deadline: '90', ranks: '8,4', serverRate: '0.5', serverMomentum: '0.9' },
  ...{ compression: 'int8', clusterBy: 'loss', clusters: '4', resourceWeight: '0.3', clusterMixing: '0.1' },
  ...{ edges: '2', edgeRounds: '3', method: 'fedasync', bufferSize: '3', mixIn: '0.4', staleness: 'hinge' },
  ...{ mostStale: '9', concurrency: '4', topology: 'ring', degree: '3', mixing: 'push-sum' },
} satisfies Record<keyof typeof controls, string>

describe('the controls of the Lab', () => {
  it.each(labPresetNames)('write what they read, and leave a preset as it is: %s', (name) => {
    const standing: LabPreset = labPresets[name]
    for (const { read, written } of Object.values(controls))
      expect(read(standing, written(standing))).toEqual(standing)
  })

  it.each(controlNames)('%s changes what it writes, and nothing that another one writes', (name) => {
    const changed = controls[name].read(preset, others[name])!
    const differ = controlNames.filter(
      (one) => controls[one].written(changed) !== controls[one].written(preset),
    )
    expect(differ).toEqual([name])
    expect(controls[name].written(changed)).toBe(others[name])
  })

  it.each(controlNames)('%s means something in some scheme, and offers only what it reads', (name) => {
    const { isMeant, options, read } = controls[name]
    const settings = schemeNames.flatMap((scheme) =>
      (['fedasync', 'fedbuff'] as const).map(
        (method): LabPreset => ({
          ...preset,
          ...{ stepsBySpeed: true, aggregation: 'fedavgm' },
          config: {
            ...{ ...preset.config, scheme, fractionTrain: 0.5 },
            asynchronous: { ...preset.config.asynchronous, method },
            gossip: { ...preset.config.gossip, topology: 'small-world' },
          },
        }),
      ),
    )
    expect(settings.some(isMeant)).toBe(true)
    for (const option of options ?? []) expect(read(preset, option)).not.toBeNull()
  })

  it.each([
    ['rank', '0'],
    ['rank', '2.5'],
    ['rank', ''],
    ['ranks', '8,,4'],
    ['bufferSize', 'half'],
    ['fractionTrain', '1.5'],
    ['staleness', 'none'],
    ['stepsBySpeed', 'yes'],
  ] as const)('%s cannot be “%s”', (name, text) => {
    expect(controls[name].read(preset, text)).toBeNull()
  })
})
