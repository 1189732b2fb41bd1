/**
 * What cannot go together, decided in this one place from what schemes and aggregation rules say of themselves. The page,
 * the address, the Lab and the command line all ask here; a new scheme or rule is part of it with its properties. What is
 * not refused runs (compatibility.test.ts).
 */
import { type Aggregation, aggregations } from './aggregation/registry'
import { chainComplaint, compares, misfit, type RobustChain, usualChain } from './aggregation/robust/chain'
import type { AggregationRule } from './aggregation/types'
import type { Downward } from './compression/registry'
import { schemes } from './schemes/registry'
import type { SchemeProperties } from './schemes/scheme'

/** What is chosen by name. */
export interface Choice {
  readonly scheme: string
  readonly aggregation: string
  /** What stands before the aggregation; not said: what goes with everything. */
  readonly robust?: RobustChain
}

/** The names to choose from. */
export interface Registries {
  readonly schemes: Readonly<Record<string, Omit<SchemeProperties, 'config'>>>
  readonly aggregations: Readonly<Record<string, Aggregation>>
}

const all: Registries = { schemes, aggregations }

interface Requirement {
  asks(scheme: Omit<SchemeProperties, 'config'>): boolean
  isMetBy(aggregation: Aggregation): boolean
  /** What is wrong with an aggregation that does not meet it, and why. */
  readonly otherwise: string
}

const requirements: readonly Requirement[] = [
  {
    asks: ({ mergedBy }) => mergedBy === 'edges',
    isMetBy: ({ rule }) => rule.mergesInTiers,
    otherwise: 'cannot be merged in two tiers: what an edge made of its devices would not count as they do',
  },
  {
    asks: ({ mergedBy }) => mergedBy === 'neighbours',
    isMetBy: ({ rule, serverOptimizer }) =>
      serverOptimizer === 'fedavg' && !rule.startsAfresh && !isPersonal(rule),
    otherwise: 'needs somebody who coordinates, and where tabs gossip nobody does',
  },
  {
    asks: ({ comparesDevices }) => comparesDevices,
    isMetBy: ({ rule }) => !isPersonal(rule),
    otherwise:
      'leaves on each device what tells it apart from the others, so that nobody can say who belongs together',
  },
]

/** Each device has a model of its own: the common one says little about it. */
export const isPersonal = ({ wanted }: Pick<AggregationRule, 'wanted'>): boolean => wanted === null

/** Why these cannot go together and what to choose instead, in words for a person; null: they can. */
export function incompatibility(choice: Choice, registries = all): string | null {
  const { scheme, aggregation } = choice
  const broken = requirements.find(
    ({ asks, isMetBy }) => asks(registries.schemes[scheme]) && !isMetBy(registries.aggregations[aggregation]),
  )
  if (!broken) return robustComplaint(choice, registries)
  const others = aggregationsFor(scheme, registries).join(', ')
  return `“${aggregation}” ${broken.otherwise}. Choose one of ${others}, or another scheme than ${scheme}.`
}

/**
 * Why this chain of robust steps cannot stand there and what to choose instead, in words for a person; null: it can. Who looks at
 * updates together needs all of a round in one place, and all from the same version.
 */
function robustComplaint(
  { scheme, aggregation, robust = usualChain }: Choice,
  registries: Registries,
): string | null {
  const wrong = chainComplaint(robust)
  if (wrong !== null || !compares(robust)) return wrong
  const chain = robust.join(',')
  const { hasRounds, mergedBy } = registries.schemes[scheme]
  if (!hasRounds || mergedBy !== 'coordinator')
    return `“${chain}” looks at all updates of a round together, and with the scheme ${scheme} nobody sees them together. Choose ${usualChain}, or a scheme with rounds that the coordinator merges.`
  const misfitting = misfit(robust, registries.aggregations[aggregation].rule)
  return misfitting === null
    ? null
    : `“${chain}” cannot go with “${aggregation}”, ${misfitting}. Choose ${usualChain}, or another aggregation.`
}

/** The aggregations that go together with a scheme. */
export const aggregationsFor = (scheme: string, registries = all): readonly string[] =>
  Object.entries(registries.aggregations)
    .filter(([, aggregation]) =>
      requirements.every(({ asks, isMetBy }) => !asks(registries.schemes[scheme]) || isMetBy(aggregation)),
    )
    .map(([name]) => name)

/**
 * How versions reach devices under this rule. Devices may start from something near the server's version only where that
 * makes sense: a rule that writes other factors each time has no small difference to send, and an exact rule of two factors
 * would fold what was left out into a residual that is larger than what was saved. Their versions travel whole.
 */
export const downwardFor = (rule: AggregationRule, down: Downward): Downward =>
  rule.keepsBasis && !(rule.exact && (rule.learns(1).a || rule.learns(2).a)) ? down : { kind: 'whole' }
