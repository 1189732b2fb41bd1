/**
 * What the reducer is told of a room's settings: each row that has a place there, and what follows from several of them
 * together. Tabs and the Lab derive it here, so none of it travels.
 */
import { aggregations } from '../../federation/aggregation/registry'
import {
  type AllocationConfig,
  defaultConfig,
  type FederationConfig,
  ownConfigs,
  type SchemeName,
  schemeNames,
} from '../../federation/config'
import type { BasePrecision } from '../../federation/resources/allocation'
import { schemes } from '../../federation/schemes/registry'
import type { Choices } from '../setting'
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
  /** Devices that are here at the same time. */
  readonly mostPresent: number
  /** Devices that are remembered, whether here or not; null: all that ever came. */
  readonly mostKnown: number | null
  /** What `deadline=auto` means. */
  readonly usualDeadlineMs: number
}

/**
 * Two classes at the same time, and as many lines as a page can draw three times a second. Every device that is known has a
 * line in the digest, and the coordinator has one.
 */
export const roomOfTabs: Crowd & { readonly mostKnown: number } = {
  mostPresent: 64,
  mostKnown: 255,
  usualDeadlineMs: 60_000,
}

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
  allocates(settings) || schemes[settings.scheme].mergedBy === 'edges'

/** The values that the reducer knows in this part of its config. */
const placed = (settings: Settings, part: SchemeName | null): Record<string, unknown> =>
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
  { mostKnown, usualDeadlineMs }: Pick<Crowd, 'mostKnown' | 'usualDeadlineMs'> = roomOfTabs,
): FederationConfig {
  const own = Object.fromEntries(schemeNames.map((part) => [part, placed(settings, part)]))
  const { asynchronous, ...others } = ownConfigs.parse(own)
  return {
    ...defaultConfig,
    ...placed(settings, null),
    ...others,
    mostKnown,
    allocation: model && allocates(settings) ? allocationOf(settings, model, usualDeadlineMs) : null,
    asynchronous: {
      ...asynchronous,
      leastSteps: leastStepsOf(settings),
      mostSteps: settings.localSteps,
    },
  }
}

/** Updates may start from versions as old as their scheme allows, and from the newest, which may be new this moment. */
export const versionsKept = (config: FederationConfig): number =>
  2 + (schemes[config.scheme].mostStale?.(config) ?? 0)
