/**
 * What cannot go together, decided in this one place from what schemes and aggregation rules say of themselves. The page,
 * the address, the Lab and the command line all ask here; a new scheme or rule is part of it with its properties. What is
 * not refused runs (compatibility.test.ts).
 */
import { type Aggregation, aggregations } from './aggregation/registry'
import { chainComplaint, compares, misfit, type RobustChain, usualChain } from './aggregation/robust/chain'
import type { AggregationRule } from './aggregation/types'
import { type CompressionName, compressionOf, type Downward } from './compression/registry'
import { schemes } from './schemes/registry'
import type { SchemeProperties } from './schemes/scheme'

/** What is chosen by name. */
export interface Choice {
  readonly scheme: string
  readonly aggregation: string
  /** What stands before the aggregation; not said: what goes with everything. */
  readonly robust?: RobustChain
  /** Whether devices send under masks; absent: they do not. */
  readonly secure?: boolean
  readonly clusterBy?: string
  readonly compression?: string
  readonly ledger?: boolean
  readonly privacy?: string
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

/** Whether the room keeps what is needed to unlearn a device. */
export interface LedgerChoice extends Choice {
  readonly ledger: boolean
}

/** A ledger needs to see single updates in rounds that can be gone through again, of one model that all share. */
const ledgerNeeds: readonly {
  isMetBy(scheme: Omit<SchemeProperties, 'config'>, rule: AggregationRule, robust: RobustChain): boolean
  readonly otherwise: string
}[] = [
  {
    isMetBy: ({ mergedBy }) => mergedBy === 'coordinator',
    otherwise: 'the coordinator does not see what single devices send',
  },
  {
    isMetBy: ({ hasRounds }) => hasRounds,
    otherwise: 'updates start from many versions, and there are no rounds to go through again',
  },
  {
    isMetBy: ({ comparesDevices }) => !comparesDevices,
    otherwise: 'there are several adapters, and who shares which follows from what devices have learned',
  },
  {
    isMetBy: (_, rule) => !isPersonal(rule),
    otherwise: 'each device keeps a part of the model to itself, out of reach of the others',
  },
  {
    isMetBy: (_scheme, _rule, robust) => !compares(robust),
    otherwise:
      'a robust rule believes others once somebody is gone, so no round would be gone through again as it was',
  },
]

/** Why no ledger can be kept here, in words for a person; null: it can, or nobody wants one. */
export function ledgerMisfit(
  { scheme, aggregation, ledger, robust = usualChain }: LedgerChoice,
  registries = all,
): string | null {
  if (!ledger) return null
  const { rule } = registries.aggregations[aggregation]
  const broken = ledgerNeeds.find(({ isMetBy }) => !isMetBy(registries.schemes[scheme], rule, robust))
  return broken
    ? `A ledger for unlearning cannot be kept with the scheme ${scheme} and the aggregation ${aggregation}: ${broken.otherwise}. Choose ledger=0, or others.`
    : null
}

/** What a room promises of privacy, and what of its other choices could break that. */
export interface PrivateChoice {
  readonly scheme: string
  readonly privacy: 'none' | 'client' | 'example'
  readonly clusterBy: string
  readonly clip: number | null
  readonly noise: number | null
  readonly epsilon: number | null
  readonly robust?: RobustChain
}

interface Misfit {
  readonly name: 'scheme' | 'clusterBy' | 'robust' | 'clip' | 'noise'
  isSo(choice: PrivateChoice, scheme: Omit<SchemeProperties, 'config'>): boolean
  readonly why: string
}

/** Every aggregation goes with privacy: whatever is made of a change that was hidden before it left tells no more than it. */
const misfits: readonly Misfit[] = [
  {
    name: 'scheme',
    isSo: (_, { mergedBy }) => mergedBy === 'neighbours',
    why: 'Privacy cannot be had where tabs gossip: all that a tab holds goes to its neighbours, and its own training is part of it. Choose a scheme with a coordinator.',
  },
  {
    name: 'clusterBy',
    isSo: ({ clusterBy }, { comparesDevices }) => comparesDevices && clusterBy === 'loss',
    why: 'Privacy cannot be had where devices are grouped by loss: each would tell its loss on private text, without noise. Choose clusterBy=similarity.',
  },
  {
    name: 'robust',
    isSo: ({ robust = usualChain }) => robust.includes('gate'),
    why: 'Privacy cannot be had where devices vote on a merge: each would tell losses on text that it kept back, without noise. Leave out the gate, or choose privacy=none.',
  },
  {
    name: 'clip',
    isSo: ({ privacy, clip }) => privacy === 'example' && clip === null,
    why: 'A clip that follows lengths is for changes of whole devices, and rows of text are clipped within one. Choose a number for clip.',
  },
  {
    name: 'clip',
    isSo: ({ clip }, { mergedBy }) => clip === null && mergedBy === 'edges',
    why: 'A clip that follows lengths needs each device’s word, and those behind an edge speak to it alone. Choose a number for clip.',
  },
  {
    name: 'noise',
    isSo: ({ noise, epsilon }) => noise === null && epsilon === null,
    why: 'Noise that follows from the budget needs a budget. Say epsilon, or choose a number for noise.',
  },
]

/** What cannot stand beside a room's promise of privacy, and why; null: nothing. */
export function privacyMisfit(
  choice: PrivateChoice,
  registries: Pick<Registries, 'schemes'> = all,
): Pick<Misfit, 'name' | 'why'> | null {
  if (choice.privacy === 'none') return null
  return misfits.find(({ isSo }) => isSo(choice, registries.schemes[choice.scheme])) ?? null
}

/** What may stand in the way of sending under masks, in the order in which it gives way. */
type InTheWay = 'scheme' | 'clusterBy' | 'compression' | 'robust' | 'aggregation' | 'ledger'

interface SecrecyRequirement {
  readonly name: InTheWay
  isMet(choice: Choice, registries: Registries): boolean
  readonly otherwise: string
}

const secrecyRequirements: readonly SecrecyRequirement[] = [
  {
    name: 'scheme',
    isMet: ({ scheme }, { schemes }) =>
      schemes[scheme].hasRounds && schemes[scheme].mergedBy !== 'neighbours',
    otherwise: 'which has no rounds in which several devices send together, so there is no sum to hide in',
  },
  {
    name: 'scheme',
    isMet: ({ scheme, privacy = 'none' }, { schemes }) =>
      !schemes[scheme].comparesDevices || privacy === 'none',
    otherwise: 'which beside privacy may tell devices apart neither by what they send nor by their losses',
  },
  {
    name: 'clusterBy',
    isMet: ({ scheme, clusterBy }, { schemes }) =>
      !schemes[scheme].comparesDevices || clusterBy === undefined || clusterBy === 'loss',
    otherwise: 'which compares what single devices send, and only sums are seen',
  },
  {
    name: 'compression',
    isMet: ({ compression }) =>
      compression === undefined || compressionOf(compression as CompressionName).up.sendsAll,
    otherwise: 'which sends other numbers from each device, and only what all send can be summed under masks',
  },
  {
    name: 'robust',
    isMet: ({ robust = usualChain }) => !compares(robust),
    otherwise: 'which needs what each device sent by itself, and only sums are seen',
  },
  {
    name: 'aggregation',
    isMet: ({ aggregation }, { aggregations }) => aggregations[aggregation].rule.mergesSums,
    otherwise: 'which needs what each device sent by itself, and only sums are seen',
  },
  {
    name: 'ledger',
    isMet: ({ ledger = false }) => !ledger,
    otherwise: 'which needs what each device sent by itself, and only sums are seen',
  },
]

/** Which choice stands in the way of sending under masks, and why, in words for a person; null: none does. */
export function secrecyClash(
  choice: Choice,
  registries = all,
): { readonly name: InTheWay; readonly why: string } | null {
  if (!choice.secure) return null
  const broken = secrecyRequirements.find(({ isMet }) => !isMet(choice, registries))
  if (!broken) return null
  const { name, otherwise } = broken
  const why = `Secure aggregation cannot go with “${choice[name]}”, ${otherwise}. Choose another value of ${name}, or turn it off.`
  return { name, why }
}

/** Each device has a model of its own: the common one says little about it. */
export const isPersonal = ({ wanted }: Pick<AggregationRule, 'wanted'>): boolean => wanted === null

/** Why these cannot go together and what to choose instead, in words for a person; null: they can. */
export function incompatibility(choice: Choice, registries = all): string | null {
  const { scheme, aggregation } = choice
  const broken = requirements.find(
    ({ asks, isMetBy }) => asks(registries.schemes[scheme]) && !isMetBy(registries.aggregations[aggregation]),
  )
  if (!broken) return robustComplaint(choice, registries) ?? secrecyClash(choice, registries)?.why ?? null
  const others = aggregationsFor(scheme, registries).join(', ')
  return `“${aggregation}” ${broken.otherwise}. Choose one of ${others}, or another scheme than ${scheme}.`
}

/** Why a room cannot be run like this; null: it can. */
export const whyNotTogether = (choice: LedgerChoice & PrivateChoice): string | null =>
  incompatibility(choice) ?? ledgerMisfit(choice) ?? privacyMisfit(choice)?.why ?? null

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
