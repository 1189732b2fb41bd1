/**
 * Gumbel noise on a GPU: the words that `lib/philox.ts` gives, and the noise that `lib/gumbel.ts` makes of them, in 32 bits.
 * WGSL multiplies to the lower 32 bits alone, so the upper ones are put together from products of halves; both parts are integers,
 * so the words are those of the processor. Logarithms are our own, of + − × only, since WGSL promises little of `log`.
 *
 * u = (word + 1/2) / 2^32 lies so near to 1 for the largest noise that a float cannot tell it from 1. There 1 - u is made from the
 * word's complement instead, and -ln u is its series; elsewhere u is exact to two roundings.
 * Source of the polynomial: Cephes, logf.c (Moshier).
 */

/** Of the polynomial in Cephes' logf, the highest power first. */
export const logarithmSeries = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
] as const

const [highest, ...others] = logarithmSeries

/** `philox(counter, key)`: four words; `gumbel(word)`: their noise. */
export const gumbelNoise = `
fn multiplyHigh(x: u32, y: u32) -> u32 {
  let low = x & 0xffffu;
  let high = x >> 16u;
  let middle = high * (y & 0xffffu) + ((low * (y & 0xffffu)) >> 16u);
  let carry = low * (y >> 16u) + (middle & 0xffffu);
  return high * (y >> 16u) + (middle >> 16u) + (carry >> 16u);
}
fn philox(counter: vec4u, firstKey: vec2u) -> vec4u {
  var words = counter;
  var key = firstKey;
  for (var count = 0u; count < 10u; count++) {
    words = vec4u(
      multiplyHigh(0xcd9e8d57u, words.z) ^ words.y ^ key.x,
      0xcd9e8d57u * words.z,
      multiplyHigh(0xd2511f53u, words.x) ^ words.w ^ key.y,
      0xd2511f53u * words.x,
    );
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return words;
}
// ln(1 + f) - f without what the power of two adds, for f between sqrt(1/2) - 1 and sqrt(2) - 1.
fn bend(f: f32) -> f32 {
  var series = ${highest}f;
${others.map((factor) => `  series = series * f + ${factor < 0 ? `(${factor}f)` : `${factor}f`};\n`).join('')}  return series * f * f * f - 0.5 * f * f;
}
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  var power = f32(i32(bits >> 23u) - 126);
  var mantissa = bitcast<f32>((bits & 0x7fffffu) | 0x3f000000u);
  if (mantissa < 0.70710678) {
    power -= 1.0;
    mantissa *= 2.0;
  }
  let f = mantissa - 1.0;
  return power * 0.693359375 + (f + (bend(f) - power * 2.12194440e-4));
}
fn toFloat(word: u32) -> f32 {
  return f32(word >> 16u) * 65536.0 + f32(word & 0xffffu);
}
fn gumbel(word: u32) -> f32 {
  let scale = 2.3283064365386963e-10; // 2^-32
  if (word < 0xc0000000u) { return -logarithm(-logarithm((toFloat(word) + 0.5) * scale)); }
  let rest = -(toFloat(~word) + 0.5) * scale;
  return -logarithm(-(rest + bend(rest)));
}
`
