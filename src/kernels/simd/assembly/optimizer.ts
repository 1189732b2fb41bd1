/** Adam (Kingma and Ba, arXiv 1412.6980), and the pull of FedProx. */
import { at, loadUpTo, multiplyAdd, storeUpTo } from './vector'

/** One step, in place. `schedule` holds three numbers: rate, 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t). */
export function adam(
  parameters: usize, gradient: usize, first: usize, second: usize, schedule: usize,
  size: i32, beta1: f64, beta2: f64, epsilon: f32,
): void {
  const rate = load<f32>(schedule)
  const correction1 = load<f32>(schedule, 4)
  const correction2 = f32x4.splat(load<f32>(schedule, 8))
  const stepSize = f32x4.splat(rate * correction1)
  for (let i = 0; i < size; i += 4) {
    const left = size - i
    const g = loadUpTo(at(gradient, i), left)
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
