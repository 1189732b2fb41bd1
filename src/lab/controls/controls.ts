/**
 * Everything that a person may change in a preset of the Lab, as one table: a row is a setting with its place in the
 * preset, its values as text, and where it means something. The page's fields, its address and the flags of `simulate`
 * all read and write through it; what nobody changes stays the preset's.
 */
import { aggregationNames, aggregations } from '../../federation/aggregation/registry'
import { compressionNames } from '../../federation/compression/registry'
import {
  asynchronousMethods,
  type FederationConfig,
  mixings,
  schemeNames,
  stalenessNames,
  topologies,
} from '../../federation/config'
import { readBy } from '../../lib/schema'
import { type LabPreset, labCorpora } from '../presets'
import { between, type Kind, listOf, oneOf, orAuto, positive, whole } from './values'

/** `experiment` is what a person looks at first; `scheme` belongs to the one that is chosen. */
export const themes = ['experiment', 'training', 'devices', 'server', 'scheme'] as const
export type Theme = (typeof themes)[number]

export interface Control extends Pick<Kind<never>, 'options' | 'inputMode' | 'expects'> {
  readonly theme: Theme
  /** Whether it means something beside what the preset says otherwise. */
  isMeant(preset: LabPreset): boolean
  written(preset: LabPreset): string
  /** The preset with this value; null where the text cannot be used. */
  read(preset: LabPreset, text: string): LabPreset | null
}

type Meant = (preset: LabPreset) => boolean
const always: Meant = () => true

function control<Value>(
  theme: Theme,
  { options, inputMode, expects, schema, write }: Kind<Value>,
  of: (preset: LabPreset) => Value,
  into: (preset: LabPreset, value: Value) => LabPreset,
  isMeant = always,
): Control {
  return {
    ...{ theme, options, inputMode, expects, isMeant },
    written: (preset) => write(of(preset)),
    read(preset, text) {
      const { success, data } = readBy(schema, text.trim())
      return success ? into(preset, data) : null
    },
  }
}

const ofPreset = <Name extends keyof LabPreset>(
  theme: Theme,
  name: Name,
  kind: Kind<LabPreset[Name]>,
  isMeant?: Meant,
): Control =>
  control(
    theme,
    kind,
    (preset) => preset[name],
    (preset, value) => ({ ...preset, [name]: value }),
    isMeant,
  )

const ofConfig = <Name extends keyof FederationConfig>(
  theme: Theme,
  name: Name,
  kind: Kind<FederationConfig[Name]>,
  isMeant?: Meant,
): Control =>
  control(
    theme,
    kind,
    ({ config }) => config[name],
    (preset, value) => ({ ...preset, config: { ...preset.config, [name]: value } }),
    isMeant,
  )

type SchemeWithSettings = 'clustered' | 'hierarchical' | 'asynchronous' | 'gossip'

/** A setting of one scheme. */
const ofScheme = <Scheme extends SchemeWithSettings, Name extends keyof FederationConfig[Scheme]>(
  scheme: Scheme,
  name: Name,
  kind: Kind<FederationConfig[Scheme][Name]>,
  isMeant: (settings: FederationConfig[Scheme]) => boolean = () => true,
): Control =>
  control(
    'scheme',
    kind,
    ({ config }) => config[scheme][name],
    (preset, value) => ({
      ...preset,
      config: { ...preset.config, [scheme]: { ...preset.config[scheme], [name]: value } },
    }),
    ({ config }) => config.scheme === scheme && isMeant(config[scheme]),
  )

const hasRounds: Meant = ({ config }) => config.scheme !== 'asynchronous' && config.scheme !== 'gossip'
const hasCohorts: Meant = ({ config }) => config.scheme === 'synchronous' || config.scheme === 'clustered'
const optimizerOf = ({ aggregation }: LabPreset) => aggregations[aggregation].serverOptimizer

export const controls = {
  scheme: ofConfig('experiment', 'scheme', oneOf(schemeNames)),
  aggregation: ofPreset('experiment', 'aggregation', oneOf(aggregationNames)),
  corpus: ofPreset('experiment', 'corpus', oneOf(labCorpora)),
  devices: control(
    'experiment',
    whole(1, 5000),
    ({ world }) => world.devices,
    (preset, devices) => ({ ...preset, world: { ...preset.world, devices } }),
  ),
  rounds: ofConfig('experiment', 'rounds', whole(1, 2000)),
  localSteps: ofConfig('experiment', 'localSteps', whole(1, 2000)),

  lr: ofPreset('training', 'learningRate', positive(1)),
  batch: ofPreset('training', 'batch', whole(1, 64)),
  rank: ofPreset('training', 'rank', whole(1, 64)),
  proximal: ofConfig('training', 'proximal', between(0, 10)),

  fractionTrain: ofConfig('devices', 'fractionTrain', positive(1), hasCohorts),
  overSelection: ofConfig(
    'devices',
    'overSelection',
    between(0, 2),
    (preset) => hasCohorts(preset) && preset.config.fractionTrain < 1,
  ),
  allocation: control(
    'devices',
    oneOf(['even', 'by-speed']),
    ({ stepsBySpeed }) => (stepsBySpeed ? 'by-speed' : 'even'),
    (preset, given) => ({ ...preset, stepsBySpeed: given === 'by-speed' }),
    hasRounds,
  ),
  deadline: ofPreset(
    'devices',
    'deadlineSeconds',
    orAuto(positive(86_400)),
    (preset) => hasRounds(preset) && preset.stepsBySpeed,
  ),
  ranks: ofPreset('devices', 'ranks', listOf(whole(1, 64)), hasRounds),

  serverRate: ofPreset('server', 'serverRate', orAuto(positive(10))),
  serverMomentum: ofPreset(
    'server',
    'serverMomentum',
    between(0, 0.99),
    (preset) => optimizerOf(preset) === 'fedavgm',
  ),
  compression: ofPreset('server', 'compression', oneOf(compressionNames)),

  clusterBy: ofScheme('clustered', 'by', oneOf(['similarity', 'loss'])),
  clusters: ofScheme('clustered', 'count', orAuto(whole(1, 16))),
  resourceWeight: ofScheme('clustered', 'resourceWeight', between(0, 1), ({ by }) => by === 'similarity'),
  clusterMixing: ofScheme('clustered', 'mixing', between(0, 1)),

  edges: control(
    'scheme',
    orAuto(whole(1, 64)),
    ({ edges }) => (edges === 0 ? null : edges),
    (preset, edges) => ({ ...preset, edges: edges ?? 0 }),
    ({ config }) => config.scheme === 'hierarchical',
  ),
  edgeRounds: ofScheme('hierarchical', 'edgeRounds', whole(1, 20)),

  asyncMethod: ofScheme('asynchronous', 'method', oneOf(asynchronousMethods)),
  bufferSize: ofScheme(
    'asynchronous',
    'bufferSize',
    orAuto(whole(1, 5000)),
    ({ method }) => method === 'fedbuff',
  ),
  asyncMixing: ofScheme('asynchronous', 'mixing', positive(1), ({ method }) => method === 'fedasync'),
  staleness: ofScheme('asynchronous', 'staleness', oneOf(stalenessNames)),
  mostStale: ofScheme('asynchronous', 'mostStale', whole(0, 1000)),
  concurrency: ofScheme('asynchronous', 'concurrency', orAuto(whole(1, 5000))),

  topology: ofScheme('gossip', 'topology', oneOf(topologies)),
  degree: ofScheme(
    'gossip',
    'degree',
    whole(1, 64),
    ({ topology }) => topology === 'random-regular' || topology === 'small-world',
  ),
  mixing: ofScheme('gossip', 'mixing', oneOf(mixings)),
} as const satisfies Record<string, Control>

export type ControlName = keyof typeof controls
export const controlNames = Object.keys(controls) as ControlName[]
