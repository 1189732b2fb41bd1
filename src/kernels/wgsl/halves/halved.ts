/**
 * Products whose factors are float16 inside a shader: half the workgroup memory and half the traffic there, and the numbers that
 * subgroup matrices multiply (matrixProduct.ts). It is not a way of keeping numbers: activations lie in memory as float32 and
 * are rounded when a tile of them is copied; a weight that is kept as float16 is read as it lies. Sums are float32 always.
 *
 * Whether a product may be rounded its kernel says (product.ts). A forward product with a weight kept in 16 bits or fewer may:
 * its other factor then loses no more than the weight has lost. A gradient may not: float16 has nothing between 0 and
 * 6 · 10⁻⁸, and gradients of long texts are smaller. Programs that must be exact never are (plans.ts).
 *
 * With u = 2⁻¹¹, half a step of float16, a product of n terms whose factors lie between 2⁻¹⁴ and 65,504, or are zero, is off by at most
 * ((1 + u)² (1 + n · 2⁻²³) − 1) Σ |left right|, about a thousandth of what its terms are together. Below 2⁻¹⁴ a factor is off by 2⁻²⁵,
 * or taken for zero; above 65,504 it is taken for that, so that no infinity arises.
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 3.1.
 */
import { reader } from '../matrix'
import type { Product } from '../product'

/** The largest finite float16. */
const largest = '65504.0'

/** `read`, the operand's name, and what it gives: `readWeightHalves`. */
export const halfReader = (operand: string): string => `${reader(operand)}Halves`

/** The same product, whose factors have functions that give a `vec4h` each. */
export function halved(product: Product): Product {
  const rounded = product.terms
    .flatMap(({ left, right }) => [left, right])
    .filter((name) => !product.factors.some((factor) => factor.halves && isCalled(factor, name)))
  const factors = product.factors.map(({ declarations, functions, halves }) => {
    if (halves) return halves
    const own = rounded.filter((name) => isCalled({ declarations }, name))
    return { declarations, functions: functions + own.map(roundingReader).join('') }
  })
  return { ...product, factors }
}

const isCalled = (
  { declarations }: Pick<Product['factors'][number], 'declarations'>,
  name: string,
): boolean => declarations[0].operand === name

const roundingReader = (name: string): string => `
fn ${halfReader(name)}(row: u32, column: u32) -> vec4h {
  return vec4h(clamp(${reader(name)}(row, column), vec4f(-${largest}), vec4f(${largest})));
}
`
