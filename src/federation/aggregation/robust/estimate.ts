/**
 * A chain of robust steps applied to the updates of one merge. What comes out are updates again, for the aggregation rule to
 * average: the same ones with other weights, which sum to what they summed to before, or a single one that holds the change
 * itself. Where a merge has too few updates for what it should bear, fewer liars are supposed, and that is said.
 */
import type { DeviceKey } from '../../names'
import type { AggregationRule, LoraUpdate } from '../types'
import { bucketsFor, bucketsOf } from './bucketing'
import { type RobustChain, robustRules, ruleIn } from './chain'
import { mixedWithNeighbours } from './neighbourMixing'
import { type Gram, gramOfUpdates, type Point, pointsOf } from './points'

export interface RobustSettings {
  readonly chain: RobustChain
  /** The share of devices that are supposed to lie. */
  readonly liars: number
  readonly seed: number
}

/** Who was not counted, and why, as a complaint about its update. */
export interface LeftOut {
  readonly device: DeviceKey
  readonly complaint: string
}

export interface Robust {
  readonly updates: readonly LoraUpdate[]
  readonly leftOut: readonly LeftOut[]
  /** What could not be done as it should be, as a whole sentence; null: all was. */
  readonly weakened: string | null
}

/**
 * @param rule that averages what comes out
 * @param updates of one merge, in the order of the devices; all started from the same version
 */
export function robustly(
  { keepsBasis }: AggregationRule,
  updates: readonly LoraUpdate[],
  round: number,
  { chain, liars: share, seed }: RobustSettings,
): Robust {
  const name = ruleIn(chain)
  if (name === null || updates.length === 0) return { updates, leftOut: [], weakened: null }
  const rule = robustRules[name]
  const supposed = supposedAmong(updates.length, share)
  const buckets = bucketsFor(updates.length)
  const isBucketed = chain.includes('bucketing') && rule.bears(buckets) >= supposed
  const borne = rule.bears(isBucketed ? buckets : updates.length)
  if (borne < 0) return { updates, leftOut: [], weakened: tooFew(updates.length, name) }
  const liars = Math.min(supposed, borne)
  const [gram, single] = [gramOfUpdates(updates, keepsBasis), pointsOf(updates)]
  const devices = updates.map(({ device }) => device)
  const shown = (gram: Gram): readonly Point[] => {
    if (isBucketed) return bucketsOf(single, devices, seed, round)
    return chain.includes('neighbour-mixing') ? mixedWithNeighbours(gram, single, liars) : single
  }
  const estimate = rule.estimate({ gram, points: shown(gram), updates, liars })
  const weakened =
    liars < supposed
      ? `Of ${updates.length} updates “${name}” bears ${liars} that lie, and ${supposed} were supposed. Let more devices take part.`
      : chain.includes('bucketing') && !isBucketed
        ? `Of ${updates.length} updates ${supposed} may lie, too many for buckets of two. They were looked at one by one.`
        : null
  const weight = updates.reduce((sum, update) => sum + update.weight, 0)
  if (estimate.kind === 'change')
    return {
      updates: [{ device: devices[0], start: updates[0].start, delta: estimate.delta, weight }],
      leftOut: [],
      weakened,
    }
  const { shares } = estimate
  const complaint = estimate.kind === 'choice' ? estimate.leftOut : null
  return {
    updates: updates.flatMap((update, at) =>
      shares[at] === 0 ? [] : [{ ...update, weight: weight * shares[at] }],
    ),
    leftOut: devices.flatMap((device, at) =>
      shares[at] === 0 && complaint !== null ? [{ device, complaint }] : [],
    ),
    weakened,
  }
}

/** So many of n, rounded down: a share of .3 is one of five and none of three. */
const supposedAmong = (count: number, share: number): number => Math.floor(share * count + 1e-9)

const tooFew = (count: number, name: string): string =>
  count === 1
    ? `One update is too few for “${name}”. It counts as it is.`
    : `${count} updates are too few for “${name}”. They were averaged as they are.`
