/**
 * Activations and their gradients. GELU is GPT-2's: x/2 (1 + tanh u) with u = sqrt(2/pi) (x + 0.044715 x^3), which equals
 * x s with s = sigmoid(2u). The gated one is LLaMA's SwiGLU, silu(gate) up (Shazeer, arXiv 2002.05202).
 */
import { at, exp, loadUpTo, multiplyAdd, storeUpTo } from './vector'

/** 2 sqrt(2/pi), and that times 0.044715. */
const linear: f32 = 1.5957691216
const cubic: f32 = 0.0713548163

/** The sigmoid s of x from e, e to the -x; then 1 - s is e s, without loss of digits where s is near 1. */
// @ts-ignore: decorator
@inline
function sigmoidOf(e: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, e))
}

export function gelu(pre: usize, y: usize, size: i32): void {
  for (let i = 0; i < size; i += 4) {
    const x = loadUpTo(at(pre, i), size - i)
    const slope = multiplyAdd(f32x4.mul(x, x), f32x4.splat(cubic), f32x4.splat(linear))
    storeUpTo(at(y, i), f32x4.mul(x, sigmoidOf(exp(f32x4.neg(f32x4.mul(x, slope))))), size - i)
  }
}

/** dx = dy (s + x s (1 - s) (2u)'); it may take the place of dy. */
export function geluGradient(dy: usize, pre: usize, dx: usize, size: i32): void {
  for (let i = 0; i < size; i += 4) {
    const x = loadUpTo(at(pre, i), size - i)
    const square = f32x4.mul(x, x)
    const e = exp(f32x4.neg(f32x4.mul(x, multiplyAdd(square, f32x4.splat(cubic), f32x4.splat(linear)))))
    const s = sigmoidOf(e)
    const slope = multiplyAdd(square, f32x4.splat(3 * cubic), f32x4.splat(linear))
    const derivative = multiplyAdd(f32x4.mul(f32x4.mul(x, s), f32x4.mul(e, s)), slope, s)
    storeUpTo(at(dx, i), f32x4.mul(loadUpTo(at(dy, i), size - i), derivative), size - i)
  }
}

/** y = silu(gate) up, where gateUp holds in each row the gate's numbers, then those of up. */
export function gated(gateUp: usize, y: usize, rows: i32, inner: i32): void {
  for (let row = 0; row < rows; row++) {
    const gate = at(gateUp, 2 * row * inner)
    const up = at(gate, inner)
    const out = at(y, row * inner)
    for (let i = 0; i < inner; i += 4) {
      const x = loadUpTo(at(gate, i), inner - i)
      const silu = f32x4.mul(x, sigmoidOf(exp(f32x4.neg(x))))
      storeUpTo(at(out, i), f32x4.mul(silu, loadUpTo(at(up, i), inner - i)), inner - i)
    }
  }
}

/** The gradient of both halves, side by side like these. */
export function gatedGradient(dy: usize, gateUp: usize, dx: usize, rows: i32, inner: i32): void {
  for (let row = 0; row < rows; row++) {
    const gate = at(gateUp, 2 * row * inner)
    const up = at(gate, inner)
    const dGate = at(dx, 2 * row * inner)
    const dUp = at(dGate, inner)
    const gradient = at(dy, row * inner)
    for (let i = 0; i < inner; i += 4) {
      const x = loadUpTo(at(gate, i), inner - i)
      const above = loadUpTo(at(gradient, i), inner - i)
      const e = exp(f32x4.neg(x))
      const s = sigmoidOf(e)
      const silu = f32x4.mul(x, s)
      const derivative = multiplyAdd(silu, f32x4.mul(e, s), s)
      const ups = loadUpTo(at(up, i), inner - i)
      storeUpTo(at(dUp, i), f32x4.mul(above, silu), inner - i)
      storeUpTo(at(dGate, i), f32x4.mul(f32x4.mul(above, ups), derivative), inner - i)
    }
  }
}
