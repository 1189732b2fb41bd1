/**
 * The shader of a matrix product: one dispatch over the tiles that the device's plan says, or two where the plan cuts the
 * summed axis as well.
 */
import type { Dispatch, GpuTraits, ProductPlan, Shader } from '../kernel'
import { halved } from './halves/halved'
import { matrixProduct } from './halves/matrixProduct'
import type { Product } from './product'
import { splitProduct } from './split'
import { tileProduct } from './tileProduct'

export function productShader(product: Product, { planFor }: Pick<GpuTraits, 'planFor'>): Shader {
  const { layout, rows, columns, depth, layers, mayRound } = product
  const size = { layout, rows, columns, depth, layers: layers?.count ?? 1, mayRound }
  const plan = planFor(size)
  if (plan.slices === 1) return dispatchOf(product, plan)
  const { share, partialBytes, combination } = splitProduct(product, size, plan.slices)
  return { ...dispatchOf(share, plan), split: { partialBytes, combination } }
}

function dispatchOf(product: Product, plan: ProductPlan): Dispatch {
  switch (plan.halves?.kind) {
    case undefined:
      return tileProduct(product, plan)
    case 'numbers':
      return tileProduct(halved(product), plan)
    case 'matrices':
      return matrixProduct(halved(product), plan.tile, plan.slices, plan.halves.unit)
  }
}
