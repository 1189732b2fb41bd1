/**
 * The half of secure aggregation of whoever merges, for one round: it passes keys and sealed shares on, keeps vectors under
 * masks, and takes the masks off their sum once enough devices have told their shares. It never holds what would show one
 * vector: of every device it can put together one of two secrets at most. Who is waited for, and for how long, is decided
 * by the round (rounds/together.ts); here is only what the bytes are.
 *
 * The sum is off by what devices mask with those whose vectors have not come:
 *
 *   Σ x_u = Σ y_u - Σ_u PRG(b_u) - Σ_u Σ_{v dropped} ± PRG(s_uv)   over all u that have sent
 */
import { sha256Hex } from '../../lib/hash'
import { labelOfMask, type SharedOut, signOf, type Unmasking } from './client'
import type { Cryptography } from './cryptography'
import { mask, wordsOf } from './masks'
import { add, type Grid, gridOf } from './quantising'
import { type Party, type PublicKeys, type Roster, type Rules, rulesOf } from './roster'
import { combine } from './shamir'

export interface SecureServer {
  /** @returns why they cannot be used, in words; null: they can. So do the others. */
  takeKeys(device: string, keys: PublicKeys): string | null
  /** Closes the list of those that take part; nobody comes in after that. */
  close(
    devices: readonly { readonly device: string; readonly weight: number }[],
    merger: string | null,
  ): Roster
  takeShares(device: string, shared: SharedOut): string | null
  /** What these have sealed for this device. */
  sealedFor(device: string, sharers: readonly string[]): Readonly<Record<string, Uint8Array>>
  /** @param count of the numbers that a vector holds */
  takeVector(device: string, bytes: Uint8Array, count: number): string | null
  takeUnmasking(device: string, unmasking: Unmasking, survivors: readonly string[]): string | null
  /**
   * The sum of the survivors' vectors without its masks, `[Σ weight, ...Σ weight · step]`, and the grid that it is on.
   * @throws UnmaskingError in words where what was told does not come to a sum
   */
  unmask(
    survivors: readonly string[],
    range: number,
  ): Promise<{ readonly sum: Uint32Array; readonly grid: Grid }>
}

export class UnmaskingError extends Error {}

const shareBytes = 32

export function secureServer(cryptography: Cryptography): SecureServer {
  const keys = new Map<string, PublicKeys>()
  const shared = new Map<string, SharedOut>()
  const vectors = new Map<string, Uint32Array>()
  const told = new Map<string, Unmasking>()
  let agreed: { readonly roster: Roster; readonly rules: Rules } | null = null

  const rosterAndRules = () => {
    if (!agreed) throw new Error('The list of devices is not closed yet.')
    return agreed
  }

  /** A device's secret, from the shares of those that have told theirs. */
  function secretOf(device: string, part: keyof Unmasking): Uint8Array {
    const { rules } = rosterAndRules()
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

  /** Takes away what survivors have masked with a device whose vector has not come. */
  async function unmaskPairs(sum: Uint32Array, dropped: string, survivors: readonly string[]): Promise<void> {
    const { roster, rules } = rosterAndRules()
    const key = await cryptography
      .restoreMaskKey(secretOf(dropped, 'ofKeys'), keys.get(dropped)!.maskKey)
      .catch((error: unknown) => {
        if (error instanceof UnmaskingError) throw error
        throw doNotAddUp()
      })
    const near = new Set(rules.graph.get(dropped))
    for (const survivor of survivors.filter((device) => near.has(device))) {
      const secret = await key.secretWith(keys.get(survivor)!.maskKey, labelOfMask(rules))
      await mask(sum, secret, signOf(roster, survivor, dropped) === 1 ? -1 : 1, cryptography.keyStream)
    }
  }

  return {
    takeKeys(device, own) {
      const isTaken = [...keys].some(
        ([other, { cipherKey, maskKey }]) =>
          other !== device &&
          [cipherKey.join(), maskKey.join()].some(
            (key) => key === own.cipherKey.join() || key === own.maskKey.join(),
          ),
      )
      if (isTaken || own.cipherKey.join() === own.maskKey.join())
        return 'its keys are those of another device'
      keys.set(device, own)
      return null
    },

    close(devices, merger) {
      const parties = devices.map(({ device, weight }): Party => ({ device, weight, ...keys.get(device)! }))
      const roster = { parties, merger }
      agreed = { roster, rules: rulesOf(roster) }
      return roster
    },

    takeShares(device, own) {
      const near = rosterAndRules().rules.graph.get(device) ?? []
      const given = Object.keys(own.sealed)
      if (given.length !== near.length || near.some((other) => !Object.hasOwn(own.sealed, other)))
        return 'it has shared its secrets with others than it should'
      shared.set(device, own)
      return null
    },

    sealedFor: (device, sharers) =>
      Object.fromEntries(
        sharers.flatMap((other) => {
          const sealed = other === device ? undefined : shared.get(other)?.sealed[device]
          return sealed ? [[other, sealed]] : []
        }),
      ),

    takeVector(device, bytes, count) {
      if (bytes.length !== 4 * (count + 1)) return 'its vector is of another length than this model’s'
      vectors.set(device, wordsOf(bytes))
      return null
    },

    takeUnmasking(device, own, survivors) {
      const sent = new Set(survivors)
      const { rules } = rosterAndRules()
      const near = [device, ...(rules.graph.get(device) ?? [])].filter((other) => shared.has(other))
      const isAsAsked = (part: Readonly<Record<string, Uint8Array>>, expected: readonly string[]) =>
        Object.keys(part).length === expected.length &&
        expected.every((other) => Object.hasOwn(part, other) && part[other].length === shareBytes)
      const isWhole =
        isAsAsked(
          own.ofMasks,
          near.filter((other) => sent.has(other)),
        ) &&
        isAsAsked(
          own.ofKeys,
          near.filter((other) => !sent.has(other)),
        )
      if (!isWhole) return 'it has told other shares than it was asked for'
      told.set(device, own)
      return null
    },

    async unmask(survivors, range) {
      const { roster, rules } = rosterAndRules()
      const weightOf = new Map(roster.parties.map(({ device, weight }) => [device, weight]))
      const sum = new Uint32Array(vectors.get(survivors[0])!.length)
      for (const device of survivors) add(sum, vectors.get(device)!)
      for (const device of survivors) {
        const own = secretOf(device, 'ofMasks')
        if (sha256Hex(own) !== shared.get(device)!.commitment) throw doNotAddUp()
        await mask(sum, own, -1, cryptography.keyStream)
      }
      const sent = new Set(survivors)
      for (const dropped of shared.keys()) if (!sent.has(dropped)) await unmaskPairs(sum, dropped, survivors)
      const expected = survivors.reduce((total, device) => total + weightOf.get(device)!, 0)
      if (sum[0] !== expected)
        throw new UnmaskingError(
          'the sum of the weights is not that of the devices, so somebody has sent something else',
        )
      return { sum, grid: gridOf(range, rules.totalWeight) }
    },
  }
}

const doNotAddUp = (): UnmaskingError =>
  new UnmaskingError('the shares that devices told do not add up to the secrets of others')
