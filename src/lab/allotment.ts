/**
 * What the Lab asks of resource allocation (federation/resources/allocation.ts): local steps by speed, ranks that are dealt
 * out in turn, or both. Simulated devices have memory enough, so precision never differs. It decides nothing: who is
 * given what is the reducer's business.
 */

import { aggregationNames, aggregations } from '../federation/aggregation/registry'
import type { AllocationConfig } from '../federation/config'
import { largestOf } from '../lib/extremes'
import { hasRounds } from '../settings/setting'
import type { LabPreset } from './presets'
import { coordinatorKey, drawWorld, keyOfDevice, tokensPerStep } from './simulation/world'

/**
 * @param rank the shared adapter's
 * @returns null: everybody is given the same
 * @throws RangeError where ranks differ and the aggregation cannot merge them
 */
export function allotmentOf(preset: LabPreset, seed: number, rank: number): AllocationConfig | null {
  const { settings, world } = preset
  const { aggregation, batch, localSteps, deadline } = settings
  const { ranks } = world
  const stepsBySpeed = settings.allocation === 'by-speed'
  if (!hasRounds(settings) || (!stepsBySpeed && ranks.length === 0)) return null
  const { mixedRanks } = aggregations[aggregation].rule
  const other = ranks.find((one) => (mixedRanks ? one > rank : one !== rank))
  if (other !== undefined)
    throw new RangeError(
      mixedRanks
        ? `A device cannot have rank ${other}: the shared adapter has rank ${rank}. Choose smaller ranks, or a larger one for all.`
        : `The aggregation “${aggregation}” needs rank ${rank} on every device, but some are to have rank ${other}. Choose ${mixing()}, or the same rank for all.`,
    )
  const keys = Array.from({ length: world.devices }, (_, index) => keyOfDevice(index))
  return {
    ...{ rank, leastRank: mixedRanks ? 1 : rank, batch, precision: 'float32' },
    ...{ tokensPerRow: tokensPerStep / batch, parameters: 0, bytesPerRow: 0 },
    ...{ leastSteps: Math.ceil(localSteps / 4), mostSteps: 4 * localSteps },
    deadlineMs: deadline === null ? usualMs(preset, seed) : 1000 * deadline,
    overrides: Object.fromEntries(
      keys.map((key, index) => [
        key,
        {
          ...(ranks.length > 0 && { rank: ranks[index % ranks.length] }),
          ...(!stepsBySpeed && { steps: localSteps, batch }),
        },
      ]),
    ),
  }
}

const mixing = (): string => aggregationNames.filter((name) => aggregations[name].rule.mixedRanks).join(', ')

/** So long that a device of middling speed does `localSteps`, wherever it is: order, adapter and update travel too. */
function usualMs({ settings: { localSteps }, world: settings }: LabPreset, seed: number): number {
  const world = drawWorld({ ...settings, seed })
  const jobs = world.keys.map((key) => localSteps * world.stepMs(key, localSteps)).sort((a, b) => a - b)
  const trips = world.keys.map((key) => world.link(key, coordinatorKey).roundTripMs)
  return jobs[jobs.length >> 1] + 3 * largestOf(trips)
}
