/**
 * How much an update counts that is tau versions old: s(tau), with s(0) = 1 and never growing, so that late work is
 * welcome but does not pull the model back. A release of another framework had the sign of an exponent wrong and gave
 * old updates the greater weight; here every rule is checked when this file is loaded.
 *
 * `polynomial` is FedAsync's (1 + tau)^-a with a = 1/2 (Xie et al., arXiv 1903.03934), which is also FedBuff's
 * 1 / sqrt(1 + tau) (Nguyen et al., arXiv 2106.06639); `hinge` trusts updates up to b = 4 versions old, then falls with
 * slope a = 1/2; `inverse-root` is 1 / (1 + sqrt(tau)), as in NVFlare; `inverse` 1 / (1 + tau), as in FedML.
 */
import type { DeviceKey } from '../../names'

export type StalenessRule = (tau: number) => number

const checkedUpTo = 1000

/** The rule itself. Throws a RangeError where it is no discount: s(0) must be 1, and s must not grow or go below 0. */
export function discount(name: string, rule: StalenessRule): StalenessRule {
  if (rule(0) !== 1)
    throw new RangeError(`Staleness rule "${name}": a fresh update counts ${rule(0)} instead of 1.`)
  for (let tau = 1; tau <= checkedUpTo; tau++)
    if (!(rule(tau) <= rule(tau - 1) && rule(tau) >= 0))
      throw new RangeError(
        `Staleness rule "${name}" gives ${rule(tau)} at ${tau} versions after ${rule(tau - 1)}.`,
      )
  return rule
}

export const constant: StalenessRule = discount('constant', () => 1)

export const polynomial = (exponent: number): StalenessRule =>
  discount('polynomial', (tau) => (1 + tau) ** -exponent)

export const hinge = (slope: number, patience: number): StalenessRule =>
  discount('hinge', (tau) => (tau <= patience ? 1 : 1 / (slope * (tau - patience) + 1)))

export const stalenessRules = {
  constant,
  polynomial: polynomial(0.5),
  hinge: hinge(0.5, 4),
  'inverse-root': discount('inverse-root', (tau) => 1 / (1 + Math.sqrt(tau))),
  inverse: polynomial(1),
} as const satisfies Record<string, StalenessRule>

export type StalenessName = keyof typeof stalenessRules
export const stalenessNames = Object.keys(stalenessRules) as readonly StalenessName[]

/** s(tau), tau = versions since the update's start. */
export const stalenessWeight = (name: StalenessName, tau: number): number => stalenessRules[name](tau)

/** A device that sent more than one update weighs no more than all others together: only one can be too heavy. */
export function balancedWeights(devices: readonly DeviceKey[], weights: readonly number[]): number[] {
  const sums = new Map<DeviceKey, { weight: number; updates: number }>()
  for (const [at, device] of devices.entries()) {
    const { weight, updates } = sums.get(device) ?? { weight: 0, updates: 0 }
    sums.set(device, { weight: weight + weights[at], updates: updates + 1 })
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, at) => {
    const own = sums.get(devices[at])!
    const others = total - own.weight
    return own.updates > 1 && others > 0 && own.weight > others ? (weight * others) / own.weight : weight
  })
}
