/**
 * Whether a machine multiplies matrices as it should, tile by tile. A card may be wrong in one tile alone, which a tiny model does not
 * have and a large one drowns in. The numbers are whole and small, so that every sum is exact in whatever order it is added: either
 * all are right, or the machine is not.
 */
import { type Machine, upload } from '../kernels/machines/machine'
import { linear } from '../kernels/products/linear'
import { linearGradient } from '../kernels/products/linearGradient'
import { ProgramBuilder } from '../kernels/program'

/** No multiples of any tile, and several of the largest. */
const [rows, columns, depth] = [150, 300, 200]

/** From -2 to 2, without a period that a tile could share. */
const wholeNumbers = (size: number, step: number): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => (((index * step) % 1009) % 5) - 2)

/** How many numbers of y = x wᵀ and of y w are not what they should be. */
export async function wrongProducts(machine: Machine): Promise<number> {
  const x = wholeNumbers(rows * depth, 7)
  const w = wholeNumbers(columns * depth, 11)
  const weights = machine.openWeights()
  await upload(weights, 'w', [columns, depth], w, 'float32')
  const session = machine.openSession(weights)
  try {
    const p = new ProgramBuilder()
    const weight = p.weight('w', [columns, depth])
    const plain = { scale: 0, segments: [], activation: 'none' } as const
    const y = linear(p, { x: p.input('x', [rows, depth]), weight }, plain).y
    p.result('forward', y)
    p.result('back', linearGradient(p, { dy: y, weight }, { activation: 'none' }))
    const runnable = await session.compile(p.build('products', { exact: true }))
    const { forward, back } = await runnable.run({ x }, ['forward', 'back'])
    const ahead = product(x, transposed(w))
    return unlike(forward, ahead) + unlike(back, product(ahead, w, columns))
  } finally {
    session.dispose()
    weights.dispose()
  }
}

/** left [rows, inner] right [inner, …] */
function product(left: Float32Array, right: Float32Array, inner = depth): Float32Array {
  const width = right.length / inner
  const sums = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < inner; k++) {
      const factor = left[row * inner + k]
      for (let column = 0; column < width; column++)
        sums[row * width + column] += factor * right[k * width + column]
    }
  return sums
}

const transposed = (w: Float32Array): Float32Array =>
  Float32Array.from(w, (_, place) => w[(place % columns) * depth + Math.floor(place / columns)])

const unlike = (actual: Float32Array, expected: Float32Array): number =>
  expected.reduce((wrong, number, place) => wrong + (actual[place] === number ? 0 : 1), 0)
