/**
 * The half of secure aggregation of whoever merges, for one round: it passes keys and sealed shares on, keeps vectors under
 * masks, and has the masks taken off their sum once enough devices have told their shares (unmasking.ts). What does not fit is
 * refused in words, and what comes twice counts once. Who is waited for, and for how long, is decided by the round
 * (rounds/together.ts); here is only what the bytes are.
 */
import type { SharedOut, Unmasking } from './client'
import type { Cryptography } from './cryptography'
import { wordsOf } from './masks'
import { type Grid, gridOf } from './quantising'
import { type Party, type PublicKeys, type Roster, type Rules, rulesOf } from './roster'
import { sumOf, UnmaskingError } from './unmasking'

export interface SecureServer {
  /** @returns why they cannot be used, in words; null: they can, or are here already. So do the others. */
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

const shareBytes = 32
const ahead = 'it has answered what nobody has asked yet'

export function secureServer(cryptography: Cryptography): SecureServer {
  const keys = new Map<string, PublicKeys>()
  const shared = new Map<string, SharedOut>()
  const vectors = new Map<string, Uint32Array>()
  const told = new Map<string, Unmasking>()
  let agreed: { readonly roster: Roster; readonly rules: Rules } | null = null

  return {
    takeKeys(device, own) {
      if (agreed || keys.has(device)) return null
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
      if (!agreed || shared.has(device)) return agreed ? null : ahead
      const near = agreed.rules.graph.get(device) ?? []
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
      if (!vectors.has(device)) vectors.set(device, wordsOf(bytes))
      return null
    },

    takeUnmasking(device, own, survivors) {
      if (!agreed || survivors.length === 0) return ahead
      const sent = new Set(survivors)
      const { rules } = agreed
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
      if (!agreed) throw new UnmaskingError(ahead)
      const { roster, rules } = agreed
      const sum = await sumOf({ roster, rules, shared, vectors, told, survivors }, cryptography)
      return { sum, grid: gridOf(range, rules.totalWeight) }
    },
  }
}
