/**
 * The shader of a matrix product: one dispatch over the tiles that the device's plan says, or two where the plan cuts the
 * summed axis as well.
 */
import type { GpuTraits, Shader } from '../kernel'
import type { Product } from './product'
import { splitProduct } from './split'
import { tileProduct } from './tileProduct'

export function productShader(product: Product, { planFor }: Pick<GpuTraits, 'planFor'>): Shader {
  const { layout, rows, columns, depth, layers } = product
  const size = { layout, rows, columns, depth, layers: layers?.count ?? 1 }
  const { tile, slices } = planFor(size)
  if (slices === 1) return tileProduct(product, tile)
  const { share, partialBytes, combination } = splitProduct(product, size, slices)
  return { ...tileProduct(share, tile, slices), split: { partialBytes, combination } }
}
