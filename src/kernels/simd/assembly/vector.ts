/** Four 32-bit floats at a time: what WebAssembly has no instruction for. Short functions, all inlined. */

/** a b + c; with relaxed SIMD rounded once, as the processor's own fused instruction does it. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** The address of the number `index` places after another. */
// @ts-ignore: decorator
@inline
export function at(address: usize, index: i32): usize {
  return address + ((<usize>index) << 2)
}

// @ts-ignore: decorator
@inline
export function sumOfLanes(a: v128): f32 {
  const pairs = f32x4.add(a, f32x4.shuffle(a, a, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

// @ts-ignore: decorator
@inline
export function maxOfLanes(a: v128): f32 {
  const pairs = f32x4.max(a, f32x4.shuffle(a, a, 2, 3, 0, 1))
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1))
}

/** The last numbers of a row, fewer than four, followed by zeros. Reads nothing beyond them. */
export function loadFew(address: usize, count: i32): v128 {
  let a = v128.load_zero<f32>(address)
  if (count > 1) a = v128.load_lane<f32>(address, a, 1, 4)
  if (count > 2) a = v128.load_lane<f32>(address, a, 2, 8)
  return a
}

export function storeFew(address: usize, a: v128, count: i32): void {
  v128.store_lane<f32>(address, a, 0)
  if (count > 1) v128.store_lane<f32>(address, a, 1, 4)
  if (count > 2) v128.store_lane<f32>(address, a, 2, 8)
}

/** Four numbers, or as many as a row still has from here on. */
// @ts-ignore: decorator
@inline
export function loadUpTo(address: usize, left: i32): v128 {
  return left >= 4 ? v128.load(address) : loadFew(address, left)
}

// @ts-ignore: decorator
@inline
export function storeUpTo(address: usize, a: v128, left: i32): void {
  if (left >= 4) v128.store(address, a)
  else storeFew(address, a, left)
}

/**
 * e to the x, to about 1e-7 of its value, and 0 below -87.3, where floats end. x = n log 2 + r; e to the r is Cephes'
 * polynomial (Moshier, expf.c), and n is added to its exponent bits. Adding 1.5 * 2^23 rounds to an integer and leaves
 * that integer in the lowest bits.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const lowest = f32x4.splat(-87.3)
  const rounding = f32x4.splat(12582912)
  const bounded = f32x4.pmin(f32x4.pmax(x, lowest), f32x4.splat(88.3))
  const shifted = multiplyAdd(bounded, f32x4.splat(1.44269504), rounding)
  const n = f32x4.sub(shifted, rounding)
  const r = multiplyAdd(n, f32x4.splat(2.12194440e-4), multiplyAdd(n, f32x4.splat(-0.693359375), bounded))
  let p = multiplyAdd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3))
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3))
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2))
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1))
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1))
  p = f32x4.add(multiplyAdd(f32x4.mul(p, r), r, r), f32x4.splat(1))
  const power = i32x4.add(p, i32x4.shl(shifted, 23))
  return v128.andnot(power, f32x4.lt(x, lowest))
}

/** The natural logarithm of a positive number: x = m 2^e with m near 1, log m = 2 artanh((m - 1) / (m + 1)). */
export function log(x: f64): f64 {
  const bits = reinterpret<i64>(x)
  // Counted so that m lies between sqrt(1/2) and sqrt(2).
  const exponent = (bits - 0x3fe6a09e667f3bcd) >> 52
  const m = reinterpret<f64>(bits - (exponent << 52))
  const s = (m - 1) / (m + 1)
  const square = s * s
  let series: f64 = 0
  for (let odd: f64 = 17; odd > 0; odd -= 2) series = series * square + 1 / odd
  return 2 * s * series + <f64>exponent * 0.6931471805599453
}
