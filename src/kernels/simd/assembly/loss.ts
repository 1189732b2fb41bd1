/** The loss of next-token prediction: cross-entropy of softmax, its gradient, and the weighted sum over a batch. */
import { at, exp, loadFew, log, maxOfLanes, storeFew, sumOfLanes } from './vector'

/**
 * losses[r] = logsumexp(logits[r]) - logits[r, targets[r]]; then logits[r] becomes its own gradient,
 * weights[r] (softmax(logits[r]) - onehot(targets[r])), so that no second matrix of the vocabulary's width is needed.
 * What pads the rows to their stride becomes zero.
 */
export function crossEntropy(
  logits: usize, stride: i32, targets: usize, weights: usize, losses: usize, rows: i32, vocabulary: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const own = at(logits, row * stride)
    const target = at(own, load<i32>(at(targets, row)))
    const weight = load<f32>(at(weights, row))
    const targetLogit = load<f32>(target)
    const largest = largestOf(own, vocabulary)
    const sum = replaceByExponentials(own, largest, vocabulary)
    store<f32>(at(losses, row), <f32>(log(sum) + <f64>largest - <f64>targetLogit))
    multiply(own, weight / <f32>sum, vocabulary)
    store<f32>(target, load<f32>(target) - weight)
    for (let place = vocabulary; place < stride; place++) store<f32>(at(own, place), 0)
  }
}

/** ring[step[0] mod ringSize] = the sum of losses times weights, so that losses can be read many steps later. */
export function weightedSum(
  losses: usize, weights: usize, ring: usize, step: usize, size: i32, ringSize: i32,
): void {
  let sum: f64 = 0
  for (let i = 0; i < size; i++) sum += <f64>load<f32>(at(losses, i)) * <f64>load<f32>(at(weights, i))
  store<f32>(at(ring, load<i32>(step) % ringSize), <f32>sum)
}

export function largestOf(row: usize, size: i32): f32 {
  let largest = f32x4.splat(-f32.MAX_VALUE)
  let i = 0
  for (; i + 4 <= size; i += 4) largest = f32x4.pmax(largest, v128.load(at(row, i)))
  let result = maxOfLanes(largest)
  for (; i < size; i++) result = max(result, load<f32>(at(row, i)))
  return result
}

/** Replaces x by e to the (x - shift) and gives the sum of that. */
export function replaceByExponentials(row: usize, shift: f32, size: i32): f64 {
  const by = f32x4.splat(shift)
  let sum: f64 = 0
  let i = 0
  // Sums of a few hundred floats are exact enough; beyond that they are added up in 64 bits.
  while (i + 4 <= size) {
    const end = min(i + 1024, size)
    let lanes = f32x4.splat(0)
    for (; i + 4 <= end; i += 4) {
      const value = exp(f32x4.sub(v128.load(at(row, i)), by))
      v128.store(at(row, i), value)
      lanes = f32x4.add(lanes, value)
    }
    sum += <f64>sumOfLanes(lanes)
  }
  if (i < size) {
    const value = exp(f32x4.sub(loadFew(at(row, i), size - i), by))
    storeFew(at(row, i), value, size - i)
    for (; i < size; i++) sum += <f64>load<f32>(at(row, i))
  }
  return sum
}

export function multiply(row: usize, factor: f32, size: i32): void {
  let i = 0
  for (; i + 4 <= size; i += 4) v128.store(at(row, i), f32x4.mul(v128.load(at(row, i)), f32x4.splat(factor)))
  for (; i < size; i++) store<f32>(at(row, i), load<f32>(at(row, i)) * factor)
}
