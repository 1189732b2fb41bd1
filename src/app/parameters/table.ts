/**
 * The parameters a person can turn, as rows in groups: which control, which bounds, when it means anything, and whether
 * the lobby may still change it.
 */
import {
  aggregationNames,
  asynchronousMethods,
  changesWhileRunning,
  compressionNames,
  mixings,
  type Settings,
  schemeNames,
  stalenessNames,
  topologies,
  usualAggregation,
  usualServerRate,
} from '../../node/settings'
import { domains } from '../domains'

/** Numbers that a person may leave out: the federation finds them itself. */
export type OptionalName = 'clusters' | 'bufferSize' | 'concurrency'
export type NumberName =
  | OptionalName
  | 'rounds'
  | 'localSteps'
  | 'batch'
  | 'lr'
  | 'rank'
  | 'alpha'
  | 'serverRate'
  | 'serverMomentum'
  | 'proximal'
  | 'fractionTrain'
  | 'overSelection'
  | 'deadline'
  | 'reclusterEvery'
  | 'clusterMixing'
  | 'resourceWeight'
  | 'asyncMixing'
  | 'mostStale'
  | 'degree'
  | 'edgeRounds'
  | 'edges'
  | 'seed'
export type ChoiceName =
  | 'targets'
  | 'scheme'
  | 'aggregation'
  | 'compression'
  | 'allocation'
  | 'clusterBy'
  | 'asyncMethod'
  | 'staleness'
  | 'topology'
  | 'mixing'
  | 'corpus'
  | 'partition'
  | 'precision'
  | 'backend'

interface Common {
  /** May still be changed while people gather; whether also in the middle of a run, the settings know. */
  readonly inLobby: boolean
  /** Whether it means something beside what is chosen in the others; always where it is not said. */
  readonly shownWhen?: (settings: Settings) => boolean
}

export interface NumberRow extends Common {
  readonly kind: 'number'
  readonly name: NumberName
  readonly low: number
  readonly high: number
  readonly whole: boolean
  /** May be left empty. */
  readonly optional: boolean
}

export interface ChoiceRow extends Common {
  readonly kind: 'choice'
  readonly name: ChoiceName
  readonly options: readonly string[]
}

export type Row = NumberRow | ChoiceRow

const whole = (name: NumberName, low: number, high: number, shownWhen?: Common['shownWhen']): NumberRow => ({
  ...{ kind: 'number', name, low, high, whole: true, optional: false, inLobby: true, shownWhen },
})
const real = (name: NumberName, low: number, high: number, shownWhen?: Common['shownWhen']): NumberRow => ({
  ...whole(name, low, high, shownWhen),
  whole: false,
})
const maybe = (name: OptionalName, high: number, shownWhen?: Common['shownWhen']): NumberRow => ({
  ...whole(name, 1, high, shownWhen),
  optional: true,
})
const choice = (
  name: ChoiceName,
  options: readonly string[],
  shownWhen?: Common['shownWhen'],
): ChoiceRow => ({ kind: 'choice', name, options, inLobby: true, shownWhen })
const fixed = <Kind extends Row>(row: Kind): Kind => ({ ...row, inLobby: false })

const least = 1e-6
const within =
  (...schemes: readonly Settings['scheme'][]) =>
  ({ scheme }: Settings) =>
    schemes.includes(scheme)
const asynchronous = within('asynchronous')
const clustered = within('clustered')
const hierarchical = within('hierarchical')
const gossip = within('gossip')
const withRounds = within('synchronous', 'clustered', 'hierarchical')

/**
 * Rank, alpha and model shape the adapter that every tab has already made when the lobby opens. Targets bear GPT-2's names,
 * which mean the same layers of a LLaMA.
 */
export const groups = {
  training: [
    whole('rounds', 1, 1000),
    whole('localSteps', 1, 1000),
    whole('batch', 1, 64),
    real('lr', least, 1),
    real('proximal', 0, 10),
  ],
  text: [
    choice('corpus', ['facts', 'mixed', ...domains, 'own']),
    choice('partition', ['iid', 'by-domain', 'dirichlet(0.3)']),
    fixed(whole('seed', 0, 2 ** 31 - 1)),
  ],
  scheme: [
    choice('scheme', schemeNames),
    real('fractionTrain', 0.01, 1, within('synchronous', 'clustered')),
    real('overSelection', 0, 2, (settings) => settings.fractionTrain < 1 && withRounds(settings)),
    choice('clusterBy', ['similarity', 'loss'], clustered),
    maybe('clusters', 8, clustered),
    whole('reclusterEvery', 1, 100, clustered),
    real('clusterMixing', 0, 1, clustered),
    real('resourceWeight', 0, 10, clustered),
    whole('edges', 0, 16, hierarchical),
    whole('edgeRounds', 1, 20, hierarchical),
    choice('asyncMethod', asynchronousMethods, asynchronous),
    maybe('bufferSize', 64, (settings) => asynchronous(settings) && settings.asyncMethod === 'fedbuff'),
    real('asyncMixing', least, 1, (of) => asynchronous(of) && of.asyncMethod === 'fedasync'),
    choice('staleness', stalenessNames, asynchronous),
    whole('mostStale', 0, 1000, asynchronous),
    maybe('concurrency', 64, asynchronous),
    choice('topology', topologies, gossip),
    whole('degree', 1, 16, (of) => gossip(of) && ['random-regular', 'small-world'].includes(of.topology)),
    choice('mixing', mixings, gossip),
    choice('allocation', ['even', 'by-speed'], withRounds),
    whole('deadline', 1, 3600, (settings) => withRounds(settings) && settings.allocation === 'by-speed'),
  ],
  merging: [
    choice('aggregation', aggregationNames),
    real('serverRate', least, 10, ({ aggregation }) =>
      ['fedavgm', 'fedadagrad', 'fedadam', 'fedyogi'].includes(aggregation),
    ),
    real('serverMomentum', 0, 0.99, ({ aggregation }) => aggregation === 'fedavgm'),
    choice('compression', compressionNames, (settings) => !gossip(settings)),
  ],
  adapter: [
    fixed(whole('rank', 1, 64)),
    fixed(real('alpha', least, 256)),
    fixed(choice('targets', ['c_attn', 'c_attn,c_proj', 'c_attn,c_proj,c_fc'])),
    fixed(choice('precision', ['auto', 'float32', 'float16', 'int8', 'nf4'])),
    fixed(choice('backend', ['auto', 'webgpu', 'wasm', 'cpu'])),
  ],
} as const satisfies Record<string, readonly Row[]>

export type GroupName = keyof typeof groups
export const groupNames = Object.keys(groups) as readonly GroupName[]
export const rows: readonly Row[] = Object.values(groups).flat()

/** When parameters are looked at: before a room is opened, while people gather, in the middle of a run. */
export type Moment = 'opening' | 'lobby' | 'run'

/** The rows of a group that mean something beside the others and may be changed now. */
export function shownRows(group: GroupName, settings: Settings, moment: Moment): Row[] {
  const all: readonly Row[] = groups[group]
  const mayChange = ({ inLobby, name }: Row) =>
    moment === 'opening' || (moment === 'lobby' ? inLobby : changesWhileRunning.has(name))
  // A room is opened with or without a coordinator, and stays so.
  const staysAsIs = ({ name }: Row) =>
    moment !== 'opening' && name === 'scheme' && settings.scheme === 'gossip'
  return all
    .filter((row) => mayChange(row) && !staysAsIs(row) && (row.shownWhen?.(settings) ?? true))
    .map((row) =>
      moment !== 'opening' && row.kind === 'choice' && row.name === 'scheme'
        ? { ...row, options: row.options.filter((option) => option !== 'gossip') }
        : row,
    )
}

/**
 * Reads a typed number; null: nothing was typed where nothing need be. A comma is a decimal point to half of Europe.
 * @returns undefined where it is none or out of bounds
 */
export function readNumber(
  typed: string,
  { low, high, whole, optional }: Pick<NumberRow, 'low' | 'high' | 'whole' | 'optional'>,
): number | null | undefined {
  const text = typed.trim().replace(',', '.')
  if (text === '') return optional ? null : undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value < low || value > high) return undefined
  return whole && !Number.isInteger(value) ? undefined : value
}

export type Change = Partial<Pick<Settings, NumberName | ChoiceName>>

/**
 * A choice as a change of settings; the table above lists only values that the setting's schema accepts. With the scheme
 * comes its usual aggregation, as long as that may change.
 */
export function choose(name: ChoiceName, value: string, moment: Moment): Change {
  const change = { [name]: name === 'targets' ? value.split(',') : value } as Change
  if (change.scheme && moment !== 'run') return { ...change, aggregation: usualAggregation(change.scheme) }
  return change.aggregation ? { ...change, serverRate: usualServerRate(change.aggregation) } : change
}
