/** The parameters a person can turn, as rows: which control, which bounds, and whether the lobby may still change it. */

import {
  aggregationNames,
  compressionNames,
  mixings,
  type Settings,
  schemeNames,
  topologies,
  usualAggregation,
  usualServerRate,
} from '../../node/settings'
import { domains } from '../domains'

export type NumberName =
  | 'rounds'
  | 'localSteps'
  | 'batch'
  | 'lr'
  | 'rank'
  | 'alpha'
  | 'serverRate'
  | 'serverMomentum'
  | 'proximal'
  | 'edgeRounds'
  | 'edges'
  | 'seed'
export type ChoiceName =
  | 'targets'
  | 'scheme'
  | 'aggregation'
  | 'compression'
  | 'topology'
  | 'mixing'
  | 'corpus'
  | 'partition'
  | 'precision'
  | 'backend'

export type Row =
  | {
      readonly kind: 'number'
      readonly name: NumberName
      readonly low: number
      readonly high: number
      readonly whole: boolean
      readonly inLobby: boolean
      /** Means nothing, and is not shown, without one of these aggregations. */
      readonly onlyWith?: readonly Settings['aggregation'][]
      /** Means nothing in another scheme. */
      readonly onlyIn?: Settings['scheme']
    }
  | {
      readonly kind: 'choice'
      readonly name: ChoiceName
      readonly options: readonly string[]
      readonly inLobby: boolean
      /** Means nothing, and is not shown, in other schemes. */
      readonly onlyIn?: Settings['scheme']
    }

export type NumberRow = Extract<Row, { kind: 'number' }>
export type ChoiceRow = Extract<Row, { kind: 'choice' }>

const whole = (name: NumberName, low: number, high: number, inLobby: boolean): NumberRow => ({
  kind: 'number',
  name,
  low,
  high,
  whole: true,
  inLobby,
})
const real = (name: NumberName, high: number, inLobby: boolean): NumberRow => ({
  kind: 'number',
  name,
  low: 1e-6,
  high,
  whole: false,
  inLobby,
})
const choice = (name: ChoiceName, options: readonly string[], inLobby: boolean): ChoiceRow => ({
  kind: 'choice',
  name,
  options,
  inLobby,
})

/**
 * Rank, alpha and model shape the adapter that every tab has already made when the lobby opens. Targets bear GPT-2's names,
 * which mean the same layers of a LLaMA.
 */
export const rows: readonly Row[] = [
  whole('rounds', 1, 1000, true),
  whole('localSteps', 1, 1000, true),
  whole('batch', 1, 64, true),
  real('lr', 1, true),
  choice('corpus', ['facts', 'mixed', ...domains, 'own'], true),
  choice('partition', ['iid', 'by-domain', 'dirichlet(0.3)'], true),
  choice('aggregation', aggregationNames, true),
  { ...real('serverRate', 10, true), onlyWith: ['fedavgm', 'fedadagrad', 'fedadam', 'fedyogi'] },
  {
    kind: 'number',
    name: 'serverMomentum',
    low: 0,
    high: 0.99,
    whole: false,
    inLobby: true,
    onlyWith: ['fedavgm'],
  },
  { ...real('proximal', 10, true), low: 0 },
  whole('rank', 1, 64, false),
  real('alpha', 256, false),
  choice('targets', ['c_attn', 'c_attn,c_proj', 'c_attn,c_proj,c_fc'], false),
  whole('seed', 0, 2 ** 31 - 1, false),
  choice('scheme', schemeNames, true),
  { ...whole('edges', 0, 16, true), onlyIn: 'hierarchical' },
  { ...whole('edgeRounds', 1, 20, true), onlyIn: 'hierarchical' },
  { ...choice('topology', topologies, true), onlyIn: 'gossip' },
  { ...choice('mixing', mixings, true), onlyIn: 'gossip' },
  choice('compression', compressionNames, true),
  choice('precision', ['auto', 'float32', 'float16', 'int8', 'nf4'], false),
  choice('backend', ['auto', 'webgpu', 'wasm', 'cpu'], false),
]

/** Whether a row means something beside what is chosen in the others. */
export const isShown = (row: Row, { aggregation, scheme }: Settings): boolean =>
  (row.onlyIn ?? scheme) === scheme &&
  (row.kind === 'choice' || (row.onlyWith?.includes(aggregation) ?? true))

/** Reads a typed number; null where it is none or out of bounds. A comma is a decimal point to half of Europe. */
export function readNumber(typed: string, row: NumberRow): number | null {
  const value = Number(typed.trim().replace(',', '.'))
  if (typed.trim() === '' || !Number.isFinite(value) || value < row.low || value > row.high) return null
  return row.whole && !Number.isInteger(value) ? null : value
}

export type Change = Partial<Pick<Settings, NumberName | ChoiceName>>

/** A choice as a change of settings; the table above lists only values that the setting's schema accepts. */
export function choose(name: ChoiceName, value: string): Change {
  const change = { [name]: name === 'targets' ? value.split(',') : value } as Change
  if (change.scheme) return { ...change, aggregation: usualAggregation(change.scheme) }
  return change.aggregation ? { ...change, serverRate: usualServerRate(change.aggregation) } : change
}
