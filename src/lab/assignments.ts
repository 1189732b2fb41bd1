/**
 * What a person would give to each device by hand, in an experiment with ranks that are dealt out in turn; everything else
 * follows from what the devices can do (federation/resources/allocation.ts).
 */
import { aggregationNames, aggregations } from '../federation/aggregation/registry'
import type { Assignment } from '../federation/resources/allocation'
import { hasRounds } from '../settings/setting'
import type { LabPreset } from './presets'

/**
 * @param rank the shared adapter's
 * @returns for each device; empty: all have the shared adapter's
 * @throws RangeError where the aggregation cannot merge such ranks, or the shared adapter cannot hold them
 */
export function assignmentsOf(preset: LabPreset, rank: number): Partial<Assignment>[] {
  const wrong = complaintAboutRanks(preset, rank)
  if (wrong !== null) throw new RangeError(wrong)
  const { settings, world } = preset
  const { allocation, localSteps: steps, batch } = settings
  const { ranks } = world
  if (ranks.length === 0 || !hasRounds(settings)) return []
  return Array.from({ length: world.devices }, (_, device) => {
    const own = { rank: ranks[device % ranks.length] }
    return allocation === 'by-speed' ? own : { ...own, steps, batch }
  })
}

/** Why these ranks cannot be dealt out; null: they can. */
export function complaintAboutRanks({ settings, world: { ranks } }: LabPreset, rank: number): string | null {
  if (!hasRounds(settings)) return null
  const { aggregation } = settings
  const { mixedRanks } = aggregations[aggregation].rule
  const other = ranks.find((one) => (mixedRanks ? one > rank : one !== rank))
  if (other === undefined) return null
  return mixedRanks
    ? `A device cannot have rank ${other}: the shared adapter has rank ${rank}. Choose smaller ranks, or a larger one for all.`
    : `The aggregation “${aggregation}” needs rank ${rank} on every device, but some are to have rank ${other}. Choose ${mixing()}, or the same rank for all.`
}

const mixing = (): string => aggregationNames.filter((name) => aggregations[name].rule.mixedRanks).join(', ')
