/**
 * What the reducer is told of a room's settings: each row that has a place there, and what follows from several of them
 * together. Tabs and the Lab derive it here, so none of it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import { type AllocationConfig, defaultConfig, type FederationConfig } from '../../federation/config'
import type { BasePrecision } from '../../federation/resources/allocation'
import type { Choices, SchemePart } from '../setting'
import { type Settings, settingNames, table } from '../table'

/** What allocation must know of the model. */
export interface ModelFacts {
  readonly parameters: number
  /** What a row of a training step takes beside the model. */
  readonly bytesPerRow: number
  readonly precision: BasePrecision
  readonly adapter: { readonly rank: number }
}

/** What differs between a room of tabs and a simulated crowd. */
export interface Crowd {
  /** Devices that are remembered, whether here or not; null: all that ever came. */
  readonly mostKnown: number | null
  /** What `deadline=auto` means. */
  readonly usualDeadlineMs: number
}

/** Every device has a line in the digest, and the coordinator has one. */
export const roomOfTabs: Crowd & { readonly mostKnown: number } = { mostKnown: 255, usualDeadlineMs: 60_000 }

/** Rows are as long as stories here until a device has counted its own. */
const usualTokensPerRow = 32
/** A slow device takes a fifth of the steps at least, as in FedCompass' examples. */
const leastShareOfSteps = 0.2
const leastStepsOf = ({ localSteps }: Settings): number => Math.ceil(leastShareOfSteps * localSteps)

/** Whether devices of one room may train adapters of different ranks. */
export const mixesRanks = ({ aggregation }: Pick<Choices, 'aggregation'>): boolean =>
  aggregations[aggregation].rule.mixedRanks

/** The room's wish, which devices that can do everything are given. */
function allocationOf(settings: Settings, model: ModelFacts, usualMs: number): AllocationConfig {
  const { batch, localSteps, deadline } = settings
  const { parameters, bytesPerRow, precision, adapter } = model
  const { rank } = adapter
  return {
    rank,
    batch,
    parameters,
    bytesPerRow,
    precision,
    leastRank: mixesRanks(settings) ? 1 : rank,
    leastSteps: leastStepsOf(settings),
    mostSteps: localSteps,
    deadlineMs: deadline === null ? usualMs : 1000 * deadline,
    tokensPerRow: usualTokensPerRow,
    overrides: {},
  }
}

/** Whoever has rounds can give each device its share of them; asynchronous devices find theirs (FedCompass), equals agree. */
const allocates = (settings: Settings): boolean =>
  settings.allocation === 'by-speed' && table.allocation.isMeant(settings)

/** Whether devices measure what they can do before the first order. */
export const isSpeedAsked = (settings: Settings): boolean =>
  allocates(settings) || settings.scheme === 'hierarchical'

/** The values that the reducer knows in this part of its config. */
const placed = (settings: Settings, part: SchemePart | null): Record<string, unknown> =>
  Object.fromEntries(
    settingNames.flatMap((name) => {
      const { reducer } = table[name]
      return reducer?.part === part ? [[reducer.field, settings[name]]] : []
    }),
  )

/** @param model null where nobody allocates: tabs that gossip */
export function federationConfigOf(
  settings: Settings,
  model: ModelFacts | null,
  { mostKnown, usualDeadlineMs }: Crowd = roomOfTabs,
): FederationConfig {
  return {
    ...defaultConfig,
    ...placed(settings, null),
    mostKnown,
    allocation: model && allocates(settings) ? allocationOf(settings, model, usualDeadlineMs) : null,
    clustered: { ...defaultConfig.clustered, ...placed(settings, 'clustered') },
    hierarchical: { ...defaultConfig.hierarchical, ...placed(settings, 'hierarchical') },
    asynchronous: {
      ...defaultConfig.asynchronous,
      ...placed(settings, 'asynchronous'),
      leastSteps: leastStepsOf(settings),
      mostSteps: settings.localSteps,
    },
    gossip: { ...defaultConfig.gossip, ...placed(settings, 'gossip') },
  }
}

/** Updates may start from versions as old as staleness allows; elsewhere from the newest. */
export const versionsKept = ({ scheme, asynchronous }: FederationConfig): number =>
  scheme === 'asynchronous' ? asynchronous.mostStale + 2 : 2
