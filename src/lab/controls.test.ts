import { describe, expect, it } from 'vitest'
import { whyNotTogether } from '../federation/compatibility'
import { defaultSettings } from '../settings/reading'
import type { Settings } from '../settings/table'
import { type Control, controlsOf, ofRealTraining, readPreset, writtenIn } from './controls'
import { type LabPreset, labPresetNames, labPresets } from './presets'
import { runPreset } from './runPreset'

const preset: LabPreset = labPresets.iid
const controls = controlsOf()
const read = (standing: LabPreset, name: string, text: string) =>
  readPreset(standing, (asked) => (asked === name ? text : null))

/** A value other than the preset's, as text. */
const others: Readonly<Record<string, string>> = {
  scheme: 'clustered',
  aggregation: 'flexlora',
  corpus: 'facts',
  devices: '6',
  rounds: '3',
  localSteps: '5',
  lr: '0.01',
  lrSchedule: 'cosine',
  batch: '2',
  rank: '4',
  alpha: '32',
  targets: 'c_attn',
  depth: '1',
  proximal: '0.1',
  fractionTrain: '0.8',
  overSelection: '0.2',
  waitsForAll: '1',
  allocation: 'by-speed',
  deadline: '9',
  ranks: '2,1',
  forget: '1@2',
  serverRate: '0.5',
  serverMomentum: '0.9',
  compression: 'int8',
  density: '0.5',
  downDensity: '0.5',
  maxGradientNorm: '1',
  rehearsal: '2',
  clusterBy: 'loss',
  clusters: '2',
  clusterMethod: 'average-linkage',
  warmUpRounds: '5',
  reclusterEvery: '1',
  resourceWeight: '0.9',
  clusterMixing: '0.1',
  edges: '2',
  edgeRounds: '3',
  devicesPerEdge: '1',
  asyncMethod: 'fedcompass',
  bufferSize: '3',
  asyncMixing: '0.4',
  staleness: 'hinge',
  mostStale: '0',
  concurrency: '4',
  topology: 'ring',
  degree: '2',
  mixing: 'push-sum',
  privacy: 'client',
  epsilon: '30',
  delta: '0.01',
  noise: '0.5',
  clip: '0.1',
  audit: '1',
  robust: 'norm-bound,multi-krum',
  attackers: '0.1',
  attack: 'sign-flip',
  attackingDevices: '0.5',
  secure: '1',
}

/** Each control means something in one of these, all of them small enough for the quadratic model. */
const scene = (settings: Partial<Settings>): LabPreset => ({
  settings: {
    ...labPresets.stragglers.settings,
    rounds: 6,
    fractionTrain: 0.5,
    waitsForAll: false,
    ...settings,
  },
  world: {
    ...labPresets.iid.world,
    corpus: 'villages',
    devices: 8,
    jobSeconds: [5, 10, 20].map((mean) => ({ mean, share: 1 })),
  },
})
const scenes = [
  scene({ scheme: 'synchronous', aggregation: 'flora' }),
  scene({ scheme: 'synchronous', aggregation: 'fedavgm', allocation: 'by-speed' }),
  scene({ scheme: 'clustered', warmUpRounds: 1, reclusterEvery: 2, rounds: 8 }),
  scene({ scheme: 'synchronous', compression: 'flasc' }),
  scene({ scheme: 'synchronous', fractionTrain: 1, robust: ['multi-krum'], attack: 'random' }),
  scene({ scheme: 'hierarchical' }),
  scene({ scheme: 'asynchronous', asyncMethod: 'fedbuff' }),
  scene({ scheme: 'asynchronous', asyncMethod: 'fedasync' }),
  scene({ scheme: 'synchronous', privacy: 'client', noise: 1, epsilon: 12 }),
  scene({ scheme: 'gossip', aggregation: 'decaf', topology: 'small-world', degree: 4 }),
]
const meantIn = ({ setting }: Control) => scenes.find(({ settings }) => setting.isMeant(settings))

const toldOf = async (preset: LabPreset) => {
  const run = { preset, seed: 1, model: 'quadratic', baselines: [] }
  const { loss, bytes, virtualSeconds, why } = await runPreset(run, () => [])
  return { loss, bytes, virtualSeconds, why }
}
/** Every scene as it is, told once. */
const plain = new Map<LabPreset, ReturnType<typeof toldOf>>()
const plainly = (preset: LabPreset) => {
  const told = plain.get(preset) ?? toldOf(preset)
  plain.set(preset, told)
  return told
}

describe('the controls of the Lab', () => {
  it.each(labPresetNames)('write what they read, and leave a preset as it is: %s', (name) => {
    const standing: LabPreset = labPresets[name]
    for (const control of controls)
      expect(read(standing, control.name, writtenIn(control, standing))).toEqual({
        preset: standing,
        problems: [],
      })
  })

  it.each(controls.map((control) => [control.name, control] as const))(
    '%s changes what it writes, and nothing that another one writes',
    (name, control) => {
      const { preset: changed } = read(preset, name, others[name])
      const differ = controls.filter((one) => writtenIn(one, changed) !== writtenIn(one, preset))
      expect(differ.map((one) => one.name)).toEqual([name])
      expect(writtenIn(control, changed)).toBe(others[name])
      expect(meantIn(control), 'it means something somewhere').toBeDefined()
    },
  )

  it.each(
    controls
      .filter(({ name }) => !ofRealTraining.includes(name))
      .map((control) => [control.name, control] as const),
  )('%s makes a difference', async (name, control) => {
    const changedIn = (one: LabPreset) => read(one, name, others[name]).preset
    const canBe = (one: LabPreset) =>
      whyNotTogether({ ...defaultSettings, ...changedIn(one).settings }) === null
    const before = scenes.find((one) => control.setting.isMeant(one.settings) && canBe(one))!
    const plain = await plainly(before)
    const changed = await toldOf(changedIn(before))
    expect(changed.why).not.toMatch(/came to nothing/)
    expect(changed).not.toEqual(plain)
  })

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
    const { preset: standing, problems } = read(preset, name, text)
    expect(standing).toEqual(preset)
    expect(problems.map((problem) => problem.name)).toEqual([name])
  })

  it('reads a comma as a decimal point, and between values as what it is there', () => {
    expect(read(preset, 'lr', '0,005').preset.settings.lr).toBe(0.005)
    expect(read(preset, 'ranks', '8, 4').preset.world.ranks).toEqual([8, 4])
  })
})
