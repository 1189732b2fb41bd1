/** Why settings do not go together, in words for a person. */
import { aggregationNames, mergesInTiers } from '../federation/aggregation/registry'
import type { Choices } from './setting'

/** Null: they do. */
export const misfitOf = ({ scheme, aggregation }: Pick<Choices, 'scheme' | 'aggregation'>): string | null =>
  scheme === 'hierarchical' && !mergesInTiers(aggregation)
    ? `“${aggregation}” cannot be merged in two tiers: what an edge made of its devices would not count as they do. Choose one of ${aggregationNames.filter(mergesInTiers).join(', ')}, or another scheme.`
    : null
