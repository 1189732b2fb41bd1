/**
 * Taking the masks off a sum. It is off by each survivor's own mask, and by what survivors have masked together with devices whose
 * vectors have not come:
 *
 *   Σ x_u = Σ y_u - Σ_u PRG(b_u) - Σ_u Σ_{v dropped} ± PRG(s_uv)   over all u that have sent
 *
 * Of a survivor b_u is put together from shares, of a dropped device its mask key, never both of one. What is put together is
 * held against what its owner has committed itself to, and the sum of the weights against the roster: a share or a vector that
 * somebody made up spoils the round, and is seen.
 */
import { sha256Hex } from '../../lib/hash'
import { labelOfMask, type SharedOut, signOf, type Unmasking } from './client'
import type { Cryptography } from './cryptography'
import { mask } from './masks'
import { add } from './quantising'
import type { Roster, Rules } from './roster'
import { combine } from './shamir'

/** Why what was told does not come to a sum, in words. */
export class UnmaskingError extends Error {}

/** What has come, when all that will come has come. */
export interface Gathered {
  readonly roster: Roster
  readonly rules: Rules
  /** Of all that have shared: whoever is among them and has not sent is dropped. */
  readonly shared: ReadonlyMap<string, SharedOut>
  readonly vectors: ReadonlyMap<string, Uint32Array>
  readonly told: ReadonlyMap<string, Unmasking>
  readonly survivors: readonly string[]
}

/** `[Σ weight, ...Σ weight · step]` of the survivors. @throws UnmaskingError */
export async function sumOf(gathered: Gathered, cryptography: Cryptography): Promise<Uint32Array> {
  const { roster, shared, vectors, survivors } = gathered
  const sum = new Uint32Array(vectors.get(survivors[0])!.length)
  for (const device of survivors) add(sum, vectors.get(device)!)
  for (const device of survivors) {
    const own = secretOf(gathered, device, 'ofMasks')
    if (sha256Hex(own) !== shared.get(device)!.commitment) throw doNotAddUp()
    await mask(sum, own, -1, cryptography.keyStream)
  }
  const sent = new Set(survivors)
  for (const dropped of shared.keys())
    if (!sent.has(dropped)) await takePairsOff(sum, gathered, dropped, cryptography)
  const weights = roster.parties.filter(({ device }) => sent.has(device)).map(({ weight }) => weight)
  if (sum[0] !== weights.reduce((total, weight) => total + weight, 0))
    throw new UnmaskingError(
      'the sum of the weights is not that of the devices, so somebody has sent something else',
    )
  return sum
}

/** Takes away what survivors have masked together with a device whose vector has not come. */
async function takePairsOff(
  sum: Uint32Array,
  gathered: Gathered,
  dropped: string,
  { restoreMaskKey, keyStream }: Cryptography,
): Promise<void> {
  const { roster, rules, survivors } = gathered
  const keys = new Map(roster.parties.map(({ device, maskKey }) => [device, maskKey]))
  const secret = secretOf(gathered, dropped, 'ofKeys')
  const key = await restoreMaskKey(secret, keys.get(dropped)!).catch(() => {
    throw doNotAddUp()
  })
  const near = new Set(rules.graph.get(dropped))
  for (const survivor of survivors.filter((device) => near.has(device))) {
    const common = await key.secretWith(keys.get(survivor)!, labelOfMask(rules))
    await mask(sum, common, signOf(roster, survivor, dropped) === 1 ? -1 : 1, keyStream)
  }
}

/** A device's secret, from the shares of those that have told theirs. */
function secretOf({ rules, told }: Gathered, device: string, part: keyof Unmasking): Uint8Array {
  const shares = rules.holdersOf(device).flatMap((holder, at) => {
    const bytes = told.get(holder)?.[part][device]
    return bytes ? [{ point: at + 1, bytes }] : []
  })
  if (shares.length < rules.sharesNeeded)
    throw new UnmaskingError(
      `only ${shares.length} shares of a secret were told, and ${rules.sharesNeeded} are needed`,
    )
  return combine(shares.slice(0, rules.sharesNeeded))
}

const doNotAddUp = (): UnmaskingError =>
  new UnmaskingError('the shares that devices told do not add up to the secrets of others')
