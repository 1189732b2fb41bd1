/**
 * What a matrix product on a GPU is, of any layout, any operand and any ending: out = finish(Σ terms left · right). Kernels
 * describe theirs so; productShader.ts asks the device's plans how to cut it and writes the WGSL.
 */
import type { ProductLayout } from '../kernel'
import type { Extent, OperandText } from './matrix'

/** One product of a sum of products: names of operands with functions as in matrix.ts, and how far is summed. */
export interface Term {
  readonly left: string
  readonly right: string
  readonly depth: Extent
}

export interface Product {
  readonly layout: ProductLayout
  /** Of the output; the largest ones where they are expressions that differ between layers. */
  readonly rows: number
  readonly columns: number
  /** Of the first term, the largest. */
  readonly depth: number
  readonly terms: readonly Term[]
  /** What the terms read. */
  readonly factors: readonly OperandText[]
  /** What `finish` reads and writes. */
  readonly operands: readonly OperandText[]
  /** Whether factors may be rounded to float16 on the way (halves/halved.ts). */
  readonly mayRound?: boolean
  /** WGSL that defines `finish(row, column, product)`: what becomes of four neighbours, of which the first is inside. */
  readonly finish: string
  /** Several products in one dispatch, alike but for what these expressions say. */
  readonly layers?: {
    readonly count: number
    readonly rows: Extent
    readonly columns: Extent
    /** WGSL that `choose` and the expressions need. */
    readonly declarations: string
    /** WGSL statements that choose layer `layer`. */
    readonly choose: string
  }
}
