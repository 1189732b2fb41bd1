import { describe, expect, it } from 'vitest'
import type { FederationConfig } from '../../federation/config'
import { type LabPreset, labPresetNames, labPresets } from '../presets'
import { runPreset } from '../runPreset'
import { type ControlName, controlNames, controls } from './controls'

const preset: LabPreset = labPresets.iid

/** A value other than the preset's, as text. */
const others = {
  ...{ scheme: 'clustered', aggregation: 'flexlora', corpus: 'facts', devices: '6', rounds: '3' },
  ...{ localSteps: '5', lr: '0.01', batch: '2', rank: '4', proximal: '0.1', fractionTrain: '0.8' },
  ...{ overSelection: '0.2', allocation: 'by-speed', deadline: '90', ranks: '2,1', serverRate: '0.5' },
  ...{ serverMomentum: '0.9', compression: 'int8', clusterBy: 'loss', clusters: '2', resourceWeight: '0.9' },
  ...{ clusterMixing: '0.1', edges: '2', edgeRounds: '3', asyncMethod: 'fedcompass', bufferSize: '3' },
  ...{ asyncMixing: '0.4', staleness: 'hinge', mostStale: '0', concurrency: '4' },
  ...{ topology: 'ring', degree: '2', mixing: 'push-sum' },
} satisfies Record<ControlName, string>

/** Each control means something in one of these, all of them small enough for the quadratic model. */
const scene = (change: Partial<LabPreset>, config: Partial<FederationConfig>): LabPreset => ({
  ...labPresets.stragglers,
  ...{ corpus: 'villages', ...change },
  world: { ...labPresets.stragglers.world, devices: 8 },
  config: { ...labPresets.stragglers.config, rounds: 6, fractionTrain: 0.5, waitsForAll: false, ...config },
})
const { asynchronous, clustered, gossip } = preset.config
const scenes = [
  scene({ aggregation: 'flora' }, { scheme: 'synchronous' }),
  scene({ aggregation: 'fedavgm', stepsBySpeed: true }, { scheme: 'synchronous' }),
  scene(
    {},
    { scheme: 'clustered', clustered: { ...clustered, warmUpRounds: 1, reclusterEvery: 2, mixEvery: 1 } },
  ),
  scene({}, { scheme: 'hierarchical' }),
  scene({}, { scheme: 'asynchronous', asynchronous: { ...asynchronous, method: 'fedbuff' } }),
  scene({}, { scheme: 'asynchronous', asynchronous: { ...asynchronous, method: 'fedasync' } }),
  scene(
    { aggregation: 'decaf' },
    { scheme: 'gossip', gossip: { ...gossip, topology: 'small-world', degree: 4 } },
  ),
]
/** The quadratic model has its own. */
const ofRealTraining: readonly ControlName[] = ['lr', 'batch', 'rank']

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

  it.each(controlNames)('%s means something somewhere, and offers only what it reads', (name) => {
    const { isMeant, options, read } = controls[name]
    expect(scenes.some(isMeant)).toBe(true)
    for (const option of options ?? []) expect(read(preset, option)).not.toBeNull()
  })

  it.each(controlNames.filter((name) => !ofRealTraining.includes(name)))(
    '%s makes a difference',
    async (name) => {
      const toldOf = async (preset: LabPreset) => {
        const run = { preset, seed: 1, model: 'quadratic', baselines: [] }
        const { loss, bytes, virtualSeconds, why } = await runPreset(run, () => [])
        return { loss, bytes, virtualSeconds, why }
      }
      const before = scenes.find(controls[name].isMeant)!
      const plain = await toldOf(before)
      const changed = await toldOf(controls[name].read(before, others[name])!)
      expect(changed.why).not.toMatch(/came to nothing/)
      expect(changed).not.toEqual(plain)
    },
  )

  it.each([
    ['rank', '0'],
    ['rank', '2.5'],
    ['rank', ''],
    ['ranks', '8,,4'],
    ['bufferSize', 'half'],
    ['fractionTrain', '1.5'],
    ['staleness', 'none'],
    ['allocation', 'yes'],
  ] as const)('%s cannot be “%s”', (name, text) => {
    expect(controls[name].read(preset, text)).toBeNull()
  })

  it('reads a comma as a decimal point, and between values as what it is there', () => {
    expect(controls.lr.read(preset, '0,005')).toMatchObject({ learningRate: 0.005 })
    expect(controls.ranks.read(preset, '8, 4')).toMatchObject({ ranks: [8, 4] })
  })
})
