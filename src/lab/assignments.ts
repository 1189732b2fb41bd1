/**
 * What a person would give to each device by hand, in an experiment with ranks that are dealt out in turn; everything else
 * follows from what the devices can do (federation/resources/allocation.ts).
 */
import { aggregationNames, aggregations } from '../federation/aggregation/registry'
import type { Assignment } from '../federation/resources/allocation'
import { largestOf } from '../lib/extremes'
import type { LabPreset } from './presets'
import { coordinatorKey, drawsOf } from './simulation/draws'

/**
 * @param rank the shared adapter's
 * @returns for each device; empty: all have the shared adapter's
 * @throws RangeError where the aggregation cannot merge such ranks, or the shared adapter cannot hold them
 */
export function assignmentsOf(
  { aggregation, ranks, stepsBySpeed, batch, config, world }: LabPreset,
  rank: number,
): Partial<Assignment>[] {
  if (ranks.length === 0) return []
  const { mixedRanks } = aggregations[aggregation].rule
  const other = ranks.find((one) => (mixedRanks ? one > rank : one !== rank))
  if (other !== undefined)
    throw new RangeError(
      mixedRanks
        ? `A device cannot have rank ${other}: the shared adapter has rank ${rank}. Choose smaller ranks, or a larger one for all.`
        : `The aggregation “${aggregation}” needs rank ${rank} on every device, but some are to have rank ${other}. Choose ${mixing()}, or the same rank for all.`,
    )
  return Array.from({ length: world.devices }, (_, device) => ({
    rank: ranks[device % ranks.length],
    ...(!stepsBySpeed && { steps: config.localSteps, batch }),
  }))
}

const mixing = (): string => aggregationNames.filter((name) => aggregations[name].rule.mixedRanks).join(', ')

/** So long that a device of middling speed does `localSteps`, wherever it is: order, adapter and update travel too. */
export function usualDeadlineSeconds({ config, world }: LabPreset, seed: number): number {
  const { localSteps } = config
  const draws = drawsOf({ ...world, seed })
  const jobs = draws.keys.map((key) => localSteps * draws.stepMs(key, localSteps)).sort((a, b) => a - b)
  const trips = draws.keys.map((key) => draws.link(key, coordinatorKey).roundTripMs)
  return (jobs[jobs.length >> 1] + 3 * largestOf(trips)) / 1000
}
