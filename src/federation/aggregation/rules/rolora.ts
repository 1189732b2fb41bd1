/**
 * RoLoRA (Chen et al., arXiv 2502.01755): the factors take turns. In odd rounds all devices share A and train B, in even
 * rounds the reverse; each round is linear in what it trains, so averaging is exact at half of the traffic, and yet both
 * factors learn. Late updates (asynchronous schemes) may come from the other turn or from another shared factor: what
 * averaging then misses is folded into the base, as under FedEx.
 */
import { averageFactors, factorsIn, missedByAveraging } from '../global/factors'
import type { AggregationRule, GlobalAdapter, LoraUpdate } from '../types'
import { fedex, withResidual } from './fedex'

export const rolora: AggregationRule = {
  ...fedex,
  name: 'rolora',
  mergesSums: true,
  learns: turn,
  sends: turn,
  merge(current, updates, settings, memory) {
    const averaged = averageFactors(current, updates, settings, memory)
    return isLinear(current, updates)
      ? averaged
      : withResidual(averaged, missedByAveraging(current, updates, settings))
  },
}

function turn(round: number): { readonly a: boolean; readonly b: boolean } {
  const isOdd = round % 2 === 1
  return { a: !isOdd, b: isOdd }
}

/** All trained the same factor, and the other one is the one that the server holds. */
function isLinear({ adapter }: GlobalAdapter, updates: readonly LoraUpdate[]): boolean {
  const trained = new Set(updates.flatMap(({ delta }) => [...delta.keys()]))
  const { a, b } = factorsIn(trained)
  if (a && b) return false
  return updates.every(({ start }) =>
    [...start.tensors].every(
      ([name, { data }]) => trained.has(name) || sameNumbers(data, adapter.tensors.get(name)!.data),
    ),
  )
}

const sameNumbers = (x: Float32Array, y: Float32Array): boolean =>
  x === y || x.every((value, index) => value === y[index])
