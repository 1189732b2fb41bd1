/**
 * The aggregations by the name that stands in the URL: a rule, and what the server does with what the rule averages. A
 * new rule is one file and one line here.
 */
import { decaf } from './rules/decaf'
import { fedex } from './rules/fedex'
import { fedit } from './rules/fedit'
import { fedsa } from './rules/fedsa'
import { ffa } from './rules/ffa'
import { flexlora } from './rules/flexlora'
import { flora } from './rules/flora'
import { hetlora } from './rules/hetlora'
import { rolora } from './rules/rolora'
import type { AggregationRule, ServerOptimizerName } from './types'

export interface Aggregation {
  readonly rule: AggregationRule
  readonly serverOptimizer: ServerOptimizerName
}

const plain = (rule: AggregationRule): Aggregation => ({ rule, serverOptimizer: 'fedavg' })
const stepped = (serverOptimizer: ServerOptimizerName): Aggregation => ({ rule: fedit, serverOptimizer })

export const aggregations = {
  fedavg: stepped('fedavg'),
  fedavgm: stepped('fedavgm'),
  fedadagrad: stepped('fedadagrad'),
  fedadam: stepped('fedadam'),
  fedyogi: stepped('fedyogi'),
  fedex: plain(fedex),
  flora: plain(flora),
  flexlora: plain(flexlora),
  ffa: plain(ffa),
  rolora: plain(rolora),
  fedsa: plain(fedsa),
  hetlora: plain(hetlora),
  decaf: plain(decaf),
} as const satisfies Record<string, Aggregation>

export type AggregationName = keyof typeof aggregations

export const aggregationNames = Object.keys(aggregations) as readonly AggregationName[]
