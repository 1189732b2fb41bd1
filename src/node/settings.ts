/**
 * The URL is the experiment. One table row per parameter drives reading, writing and checking: the same URL repeats the
 * same run. A value that cannot be used is reported with what is possible, and its default stands in.
 */
import { z } from 'zod'
import {
  type AggregationName,
  aggregationNames,
  aggregations,
  mergesInTiers,
} from '../federation/aggregation/registry'
import { serverOptimizers } from '../federation/aggregation/serverOptimizers'
import { type CompressionName, compressionNames } from '../federation/compression/registry'
import {
  asynchronousMethods,
  defaultConfig,
  mixings,
  schemeNames,
  stalenessNames,
  topologies,
} from '../federation/config'
import { type BasePrecision, basePrecisions } from '../federation/resources/allocation'
import { readBy } from '../lib/schema'
import { targetsOf } from '../model/lora'
import { presetNames, presets } from './presets'

const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(z.enum([...targetsOf('gpt2'), ...targetsOf('llama')])).min(1))
const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high)
const positive = (high: number) => z.coerce.number().gt(0).max(high)
const flag = z.enum(['1', '0', 'true', 'false', '']).transform((text) => text !== '0' && text !== 'false')

/** Every parameter: how it is read from the URL's text, and what stands when it is absent. */
const table = {
  role: { schema: z.enum(['coordinator', 'edge', 'device']).nullable(), fallback: null },
  room: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,32}$/)
      .nullable(),
    fallback: null,
  },
  /** A model of this server, `owner/name` of the hub, or `local:name`, a folder that this browser was given. */
  model: {
    schema: z
      .string()
      .regex(/^(local:)?[\w.-]+(\/[\w.-]+)?$/)
      .max(120),
    fallback: 'toy',
  },
  backend: { schema: z.enum(['auto', 'webgpu', 'wasm', 'cpu']), fallback: 'auto' },
  precision: { schema: z.enum(['auto', 'float32', 'float16', 'int8', 'nf4']), fallback: 'auto' },
  scheme: { schema: z.enum(schemeNames), fallback: 'synchronous' },
  aggregation: { schema: z.enum(aggregationNames), fallback: 'fedavg' },
  compression: { schema: z.enum(compressionNames), fallback: 'none' },
  /** Share of the able devices that a round asks for, and rho: so many more are asked than are waited for. */
  fractionTrain: { schema: positive(1), fallback: 1 },
  overSelection: { schema: z.coerce.number().min(0).max(2), fallback: 0 },
  /** Textbook rounds: no grace time after half have answered, only the deadline. */
  waitsForAll: { schema: flag, fallback: defaultConfig.waitsForAll },
  /** Clustered: by likeness of updates or (IFCA) by loss; how many clusters, absent: as many as the data shows. */
  clusterBy: { schema: z.enum(['similarity', 'loss']), fallback: defaultConfig.clustered.by },
  clusters: { schema: integer(1, 8).nullable(), fallback: null },
  reclusterEvery: { schema: integer(1, 100), fallback: defaultConfig.clustered.reclusterEvery },
  /** What clusters take from each other's mean at every fifth round; 0: nothing. */
  clusterMixing: { schema: z.coerce.number().min(0).max(1), fallback: 0 },
  /** How much speed and distance count beside the data. */
  resourceWeight: { schema: z.coerce.number().min(0).max(10), fallback: 0 },
  /** Asynchronous: when updates are merged, and what an old one counts for. */
  asyncMethod: { schema: z.enum(asynchronousMethods), fallback: defaultConfig.asynchronous.method },
  /** K; absent: half of the devices. */
  bufferSize: { schema: integer(1, 64).nullable(), fallback: null },
  /** alpha of FedAsync. */
  asyncMixing: { schema: positive(1), fallback: defaultConfig.asynchronous.mixing },
  staleness: { schema: z.enum(stalenessNames), fallback: defaultConfig.asynchronous.staleness },
  /** 20, so that a tab ten times slower than five others still counts. */
  mostStale: { schema: integer(0, 1000), fallback: 20 },
  /** Devices that train at the same time; absent: all. */
  concurrency: { schema: integer(1, 64).nullable(), fallback: null },
  /** Gossip: who is whose neighbour, and how neighbours' adapters are weighed. */
  topology: { schema: z.enum(topologies), fallback: defaultConfig.gossip.topology },
  degree: { schema: integer(1, 16), fallback: defaultConfig.gossip.degree },
  mixing: { schema: z.enum(mixings), fallback: defaultConfig.gossip.mixing },
  preset: { schema: z.enum(presetNames).nullable(), fallback: null },
  corpus: { schema: z.string().max(40).nullable(), fallback: null },
  partition: { schema: z.string().regex(/^(iid|by-domain|dirichlet(\(\d+(\.\d+)?\))?)$/), fallback: 'iid' },
  rank: { schema: integer(1, 64), fallback: 8 },
  alpha: { schema: positive(256), fallback: 16 },
  targets: { schema: list, fallback: ['c_attn', 'c_proj', 'c_fc'] },
  lr: { schema: positive(1), fallback: 5e-3 },
  serverRate: { schema: positive(10), fallback: 1 },
  /** mu of FedProx; 0: FedAvg. */
  proximal: { schema: z.coerce.number().min(0).max(10), fallback: 0 },
  serverMomentum: { schema: z.coerce.number().min(0).max(0.99), fallback: 0.5 },
  localSteps: { schema: integer(1, 1000), fallback: 20 },
  batch: { schema: integer(1, 64), fallback: 8 },
  /** Whether every device is given the same, or as much as it can do within the deadline (in seconds). */
  allocation: { schema: z.enum(['even', 'by-speed']), fallback: 'even' },
  deadline: { schema: positive(3600), fallback: 60 },
  /** kappa 2: an edge merges so often before it speaks with the coordinator. */
  edgeRounds: { schema: integer(1, 20), fallback: 2 },
  /** Where fewer devices volunteer to merge for others, the coordinator appoints the most capable ones. */
  edges: { schema: integer(0, 16), fallback: 2 },
  devicesPerEdge: { schema: integer(1, 256), fallback: defaultConfig.hierarchical.devicesPerEdge },
  rounds: { schema: integer(1, 1000), fallback: 10 },
  seed: { schema: integer(0, 2 ** 31 - 1), fallback: 7 },
  autostart: { schema: integer(1, 64).nullable(), fallback: null },
  slow: { schema: z.coerce.number().min(1).max(1000), fallback: 1 },
  name: { schema: z.string().trim().max(24).nullable(), fallback: null },
  lang: { schema: z.enum(['en', 'de']).nullable(), fallback: null },
  wall: { schema: integer(1, 8).nullable(), fallback: null },
  view: { schema: z.enum(['full', 'pane', 'lab']), fallback: 'full' },
  mode: { schema: z.string().max(20).nullable(), fallback: null },
  admitAll: { schema: flag, fallback: false },
  baselines: { schema: flag, fallback: true },
} as const satisfies Record<string, { schema: z.ZodType; fallback: unknown }>

type Table = typeof table
export type Settings = { readonly [Name in keyof Table]: z.output<Table[Name]['schema']> }
export type SettingName = keyof Settings

export interface SettingProblem {
  readonly name: string
  readonly message: string
}

/**
 * What may still change while a run is under way, for orders that are yet to come. Everything else is part of what tabs
 * have agreed on: text, the adapter's shape, how updates are coded and merged.
 */
export const changesWhileRunning: ReadonlySet<string> = new Set<SettingName>([
  ...(['rounds', 'localSteps', 'batch', 'lr', 'proximal', 'scheme', 'allocation', 'deadline'] as const),
  ...(['fractionTrain', 'overSelection', 'waitsForAll', 'edges', 'devicesPerEdge', 'edgeRounds'] as const),
  ...(['clusterBy', 'clusters', 'reclusterEvery', 'clusterMixing', 'resourceWeight'] as const),
  ...(['asyncMethod', 'bufferSize', 'asyncMixing', 'staleness', 'mostStale', 'concurrency'] as const),
])

/** What stands in the fragment: it never reaches the server. */
export interface Fragment {
  readonly secret: string | null
  readonly keyHash: string | null
  /** The coordinator's word that whoever has it may merge for others. */
  readonly edgePass: string | null
}

export type { AggregationName, BasePrecision, CompressionName }
export {
  aggregationNames,
  asynchronousMethods,
  basePrecisions,
  compressionNames,
  mixings,
  schemeNames,
  stalenessNames,
  topologies,
}

/** How far the server goes where nobody says: all the way, or as adaptive optimizers usually do. */
export const usualServerRate = (aggregation: AggregationName): number =>
  serverOptimizers[aggregations[aggregation].serverOptimizer].usualRate

/** Whether devices of one room may train adapters of different ranks. */
export const mixesRanks = ({ aggregation }: Pick<Settings, 'aggregation'>): boolean =>
  aggregations[aggregation].rule.mixedRanks

/** Why these settings do not go together, in words for a person; null: they do. */
export const misfitOf = ({ scheme, aggregation }: Pick<Settings, 'scheme' | 'aggregation'>): string | null =>
  scheme === 'hierarchical' && !mergesInTiers(aggregation)
    ? `“${aggregation}” cannot be merged in two tiers: what an edge made of its devices would not count as they do. Choose one of ${aggregationNames.filter(mergesInTiers).join(', ')}, or another scheme.`
    : null

/** Gossip of products where nobody says otherwise: it keeps the consensus that gossip of factors disturbs. */
export const usualAggregation = (scheme: Settings['scheme']): AggregationName =>
  scheme === 'gossip' ? 'decaf' : table.aggregation.fallback

/** What a parameter is where the URL does not say: the preset's value, else the default. */
const standing = (preset: Settings['preset']): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(table).map(([name, { fallback }]) => [name, fallback])),
  ...(preset ? presets[preset] : {}),
})

/** Reads a page's URL. Values that cannot be used fall back and are named in `problems`. */
export function readSettings(url: URL): {
  settings: Settings
  fragment: Fragment
  problems: SettingProblem[]
} {
  const problems: SettingProblem[] = []
  const preset = readBy(table.preset.schema, url.searchParams.get('preset')).data ?? null
  const settings = standing(preset)
  for (const [name, { schema }] of Object.entries(table)) {
    const text = url.searchParams.get(name)
    if (text === null) continue
    const parsed = readBy(schema, text)
    if (parsed.success) settings[name] = parsed.data
    else problems.push({ name, message: complaint(name, text, settings[name], parsed.error) })
  }
  if (!url.searchParams.has('aggregation') && settings.scheme === 'gossip')
    settings.aggregation = usualAggregation('gossip')
  if (!url.searchParams.has('serverRate'))
    settings.serverRate = usualServerRate(settings.aggregation as AggregationName)
  const misfit = misfitOf(settings as Settings)
  if (misfit) {
    settings.aggregation = 'fedavg'
    problems.push({ name: 'aggregation', message: `${misfit} It was read as fedavg.` })
  }
  const fragment = new URLSearchParams(url.hash.slice(1))
  return {
    settings: settings as Settings,
    fragment: {
      secret: fragment.get('s') || null,
      keyHash: fragment.get('k') || null,
      edgePass: fragment.get('e') || null,
    },
    problems,
  }
}

/** The inverse: a query string (without `?`) that names every value which the preset or the defaults do not imply. */
export function settingsToSearch(settings: Partial<Settings>): string {
  const search = new URLSearchParams()
  const implied: Record<string, unknown> = { ...standing(settings.preset ?? null), preset: null }
  if (settings.scheme === 'gossip') implied.aggregation = usualAggregation('gossip')
  implied.serverRate = usualServerRate(settings.aggregation ?? (implied.aggregation as AggregationName))
  for (const name of Object.keys(table)) {
    const value = settings[name as SettingName]
    if (value === undefined || value === null || String(value) === String(implied[name])) continue
    search.set(name, textOf(value))
  }
  return search.toString().replaceAll('%2C', ',')
}

/**
 * Settings as another tab sent them, or as they were stored: checked like the URL, because a message is as foreign as a
 * link. Whatever it holds, a value that cannot be used falls back and is named in `problems`.
 */
export function checkSettings(settings: Readonly<Record<string, unknown>>): {
  settings: Settings
  problems: SettingProblem[]
} {
  const url = new URL('http://localhost/')
  // What is sent is complete: a preset's values are among it, and its name implies nothing.
  for (const name of Object.keys(table)) {
    const value = Object.hasOwn(settings, name) ? settings[name] : null
    if (name !== 'preset' && value !== null && value !== undefined)
      url.searchParams.set(name, textOf(value).slice(0, 400))
  }
  const read = readSettings(url)
  const preset = readBy(table.preset.schema, settings.preset).data ?? null
  return { settings: { ...read.settings, preset }, problems: read.problems }
}

export const parseSettings = (settings: Readonly<Record<string, unknown>>): Settings =>
  checkSettings(settings).settings

/** As the address would have it; an object is nothing that could stand there. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '{}'
}

export const defaultSettings: Settings = readSettings(new URL('http://localhost/')).settings

function complaint(name: string, text: string, standing: unknown, error: z.ZodError): string {
  const instead = standing === null ? 'as if it were not there' : `as ${standing}`
  return `“${name}=${text}” in the address cannot be used (${error.issues[0].message}). It was read ${instead}.`
}
