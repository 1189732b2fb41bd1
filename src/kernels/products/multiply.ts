/**
 * A product by our SIMD functions, with everything named: out = scale left right, by which of their sides the summed axis
 * is contiguous (`ProductLayout`). Kernels' SIMD forms are written with it, so that no call counts positions.
 */
import type { Addresses, ProductLayout, Simd } from '../kernel'

/** A matrix in the module's memory, perhaps columns of a wider one. */
export interface Located {
  readonly address: number
  /** Numbers from one row to the next. */
  readonly stride: number
}

export interface Multiplication {
  readonly layout: ProductLayout
  /** Of the output. */
  readonly rows: number
  readonly columns: number
  /** How many products each sum has. */
  readonly depth: number
  readonly left: Located
  readonly right: Located
  readonly out: Located
  /** 1 where it is not given. */
  readonly scale?: number
  /** Whether the product is added to what `out` holds. */
  readonly isAdded?: boolean
}

/** What `NT` adds in the same walk: a row for all rows, and a matrix that lies as `out` does. Addresses; 0 for none. */
export interface Additions {
  readonly bias: number
  readonly residual: number
}

export function multiply(
  { layout, rows, columns, depth, left, right, out, scale = 1, isAdded = false }: Multiplication,
  at: Addresses,
  module: Simd,
  { bias, residual }: Additions = { bias: 0, residual: 0 },
): void {
  const scratch = at.scratch(module.productScratchBytes(rows, columns, depth))
  const factors = [left.address, left.stride, right.address, right.stride] as const
  const operands = [
    rows,
    columns,
    depth,
    ...factors,
    out.address,
    out.stride,
    scale,
    isAdded ? 1 : 0,
  ] as const
  switch (layout) {
    case 'NT':
      return module.productNT(...operands, bias, residual, scratch)
    case 'NN':
      return module.productNN(...operands, scratch)
    case 'TN':
      return module.productTN(...operands, scratch)
  }
}
