/** Adam (Kingma and Ba, arXiv 1412.6980) with the gradient clipped by its norm, and the pull of FedProx. */
import { at, loadUpTo, multiplyAdd, storeUpTo } from './vector'

/** out[0] = the sum of squares, taken in 64 bits. */
export function sumOfSquares(x: usize, out: usize, size: i32): void {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  for (let i = 0; i < size; i += 4) {
    const four = loadUpTo(at(x, i), size - i)
    const first = f64x2.promote_low_f32x4(four)
    const second = f64x2.promote_low_f32x4(f32x4.shuffle(four, four, 2, 3, 0, 1))
    low = f64x2.add(low, f64x2.mul(first, first))
    high = f64x2.add(high, f64x2.mul(second, second))
  }
  const both = f64x2.add(low, high)
  store<f32>(out, <f32>(f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)))
}

/**
 * One step, in place. `schedule` holds four numbers: rate, 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t) and the largest norm of
 * the gradient. norm[0] is the sum of squares of the gradient; without it nothing is clipped.
 */
export function adam(
  parameters: usize, gradient: usize, first: usize, second: usize, norm: usize, schedule: usize,
  size: i32, beta1: f64, beta2: f64, epsilon: f32,
): void {
  const rate = load<f32>(schedule)
  const correction1 = load<f32>(schedule, 4)
  const correction2 = f32x4.splat(load<f32>(schedule, 8))
  const stepSize = f32x4.splat(rate * correction1)
  const maxNorm = load<f32>(schedule, 12)
  const clip = f32x4.splat(norm ? min<f32>(1, maxNorm / (sqrt<f32>(load<f32>(norm)) + 1e-6)) : 1)
  for (let i = 0; i < size; i += 4) {
    const left = size - i
    const g = f32x4.mul(loadUpTo(at(gradient, i), left), clip)
    const m = multiplyAdd(
      f32x4.splat(<f32>beta1), loadUpTo(at(first, i), left), f32x4.mul(g, f32x4.splat(<f32>(1 - beta1))),
    )
    const v = multiplyAdd(
      f32x4.splat(<f32>beta2), loadUpTo(at(second, i), left), f32x4.mul(f32x4.mul(g, g), f32x4.splat(<f32>(1 - beta2))),
    )
    storeUpTo(at(first, i), m, left)
    storeUpTo(at(second, i), v, left)
    const deviation = multiplyAdd(f32x4.sqrt(v), correction2, f32x4.splat(epsilon))
    const change = f32x4.div(f32x4.mul(stepSize, m), deviation)
    storeUpTo(at(parameters, i), f32x4.sub(loadUpTo(at(parameters, i), left), change), left)
  }
}

/** gradient += strength[0] · (parameters - anchor): what FedProx (arXiv 1812.06127) adds to a gradient. */
export function proximal(gradient: usize, parameters: usize, anchor: usize, strength: usize, size: i32): void {
  const mu = f32x4.splat(load<f32>(strength))
  for (let i = 0; i < size; i += 4) {
    const left = size - i
    const way = f32x4.sub(loadUpTo(at(parameters, i), left), loadUpTo(at(anchor, i), left))
    storeUpTo(at(gradient, i), multiplyAdd(mu, way, loadUpTo(at(gradient, i), left)), left)
  }
}
