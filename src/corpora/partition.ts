/**
 * How much of which domain a device holds. IID: the same mix of all domains for everyone. By domain: one domain each,
 * in turn. Dirichlet(alpha): a mixture of its own for every device, nearly one domain for small alpha and nearly IID for
 * large. A device's mixture depends on its index alone, so it stays the same when more devices join.
 */
import { type Random, random } from '../lib/rng'
import { type Domain, domains } from './domains/index'
import type { Partition } from './example'

/** How many of `total` stories fall to each domain, in the order of `domains`. */
export function storiesByDomain(partition: Partition, seed: number, index: number, total: number): number[] {
  return apportion(mixtureOf(partition, seed, index), total)
}

/** A device's share of each domain; the sum is 1. */
export function mixtureOf(partition: Partition, seed: number, index: number): number[] {
  switch (partition.kind) {
    case 'iid':
      return domains.map(() => 1 / domains.length)
    case 'by-domain':
      return domains.map((domain) => (domain === domainInTurn(index) ? 1 : 0))
    case 'dirichlet':
      return dirichlet(partition.alpha, domains.length, random(seed, 'mixture', index))
  }
}

function domainInTurn(index: number): Domain {
  return domains[index % domains.length]
}

/** One draw from the symmetric Dirichlet distribution: normalised gamma draws, in logarithms so that none underflows. */
function dirichlet(alpha: number, size: number, draw: Random): number[] {
  if (!(alpha > 0)) throw new RangeError(`Dirichlet needs an alpha above 0, not ${alpha}.`)
  const logs = Array.from(
    { length: size },
    () => logGamma(alpha + 1, draw) + Math.log(1 - draw.next()) / alpha,
  )
  const largest = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - largest))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Logarithm of a gamma draw with shape >= 1 (Marsaglia and Tsang, 2000). */
function logGamma(shape: number, draw: Random): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  while (true) {
    const normal = draw.gaussian()
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - draw.next()) < normal ** 2 / 2 + d - d * v + d * Math.log(v))
      return Math.log(d * v)
  }
}

/** Whole numbers in proportion to the weights that sum to `total` (largest remainders). */
function apportion(weights: readonly number[], total: number): number[] {
  const counts = weights.map((weight) => Math.floor(weight * total + 1e-9))
  const byRemainder = weights
    .map((weight, place) => ({ place, remainder: weight * total - counts[place] }))
    .sort((a, b) => b.remainder - a.remainder || a.place - b.place)
  const missing = total - counts.reduce((sum, count) => sum + count, 0)
  for (const { place } of byRemainder.slice(0, missing)) counts[place]++
  return counts
}
