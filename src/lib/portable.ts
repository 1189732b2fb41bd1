/**
 * Natural logarithm and exponential of + − × ÷ only. `Math.log` and `Math.exp` may differ in the last bit between JavaScript
 * engines; where several tabs must come to the same decision, that is one bit too many.
 */

/** ln x of a positive, normal number. x = m 2^e with m near 1; ln m = 2 artanh((m - 1) / (m + 1)). */
export function ln(x: number): number {
  const exponent = exponentOf(x)
  let [mantissa, power] = [x / 2 ** exponent, exponent] // mantissa in [1, 2)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    power += 1
  }
  const ratio = (mantissa - 1) / (mantissa + 1)
  const square = ratio * ratio
  let series = 0
  for (let odd = 25; odd >= 1; odd -= 2) series = series * square + 1 / odd
  return 2 * ratio * series + power * Math.LN2
}

/** ln 2 in two parts, the first with so few digits that its small multiples are exact. */
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** e^x; 0 below -708. x = k ln 2 + r with |r| <= ln 2 / 2, and e^r by its series. */
export function exp(x: number): number {
  if (x < -708) return 0
  if (x > 709) return Number.POSITIVE_INFINITY
  const k = Math.round(x / Math.LN2)
  const r = x - k * ln2High - k * ln2Low
  let series = 1
  for (let term = 14; term >= 1; term--) series = 1 + (series * r) / term
  return series * 2 ** k
}

/** ln(e^a + e^b), also where one of them is -Infinity. */
export function logAddExp(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a]
  return low === Number.NEGATIVE_INFINITY ? high : high + ln(1 + exp(low - high))
}

const view = new DataView(new ArrayBuffer(8))

/** The binary exponent that a double stores. */
function exponentOf(x: number): number {
  view.setFloat64(0, x)
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023
}
