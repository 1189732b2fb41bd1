/**
 * Averages of updates. Sums run in float64 and in the order of the updates, which is that of the devices' indices: the
 * same updates give the same bits.
 */
import type { Adapter } from '../../../model/adapter'
import type { TensorMap } from '../../../model/safetensors'
import type { DeviceKey } from '../../names'
import type { Delta, LoraUpdate } from '../types'

/** Σ wᵢ Δᵢ of every tensor that any update names. */
export function meanDelta(updates: readonly Pick<LoraUpdate, 'delta' | 'weight'>[]): Delta {
  const mean = new Map<string, { readonly shape: readonly number[]; readonly data: Float64Array }>()
  for (const { delta, weight } of updates)
    for (const [name, { shape, data }] of delta) {
      const sum = mean.get(name)?.data ?? new Float64Array(data.length)
      for (let index = 0; index < data.length; index++) sum[index] += weight * data[index]
      mean.set(name, { shape, data: sum })
    }
  return mean
}

/** An update of which the end is known, not the difference: an edge's merged adapter, a neighbour's own. */
export const updateFromEnd = (
  device: DeviceKey,
  start: Adapter,
  end: TensorMap,
  weight: number,
): LoraUpdate => ({
  device,
  start,
  delta: preciseDifference(end, start.tensors),
  weight,
})

/** end - start in float64: start + difference is the end again, bit for bit. */
export const preciseDifference = (end: TensorMap, start: TensorMap): Delta =>
  new Map(
    [...end].map(([name, { shape, data }]) => {
      const from = start.get(name)!.data
      return [name, { shape, data: Float64Array.from(data, (value, index) => value - from[index]) }]
    }),
  )

/** end - start in float32, as it travels. Both must have the same names and shapes. */
export const float32Difference = (end: TensorMap, start: TensorMap): TensorMap =>
  new Map(
    [...end].map(([name, { shape, data }]) => {
      const from = start.get(name)!.data
      return [name, { shape, data: data.map((value, index) => value - from[index]) }]
    }),
  )

/** The adapter with a change added to its factors; those that the change does not name stay. */
export function moved({ config, tensors }: Adapter, change: Delta): Adapter {
  const all = [...tensors].map(([name, { shape, data }]) => {
    const own = change.get(name)
    return [name, { shape, data: own ? data.map((value, at) => value + own.data[at]) : data }] as const
  })
  return { config, tensors: new Map(all) }
}
