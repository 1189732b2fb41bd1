/**
 * The device's half of secure aggregation (Bonawitz et al., CCS 2017; SecAgg+, Bell et al., CCS 2020), for one round: it makes
 * keys, shares its secrets out, sends its vector under masks, and at the end tells what is needed to take the masks off the
 * sum. Each step is taken once, and what a device is told is held against what it knows, because a coordinator that could
 * have other answers could see one device's vector:
 *
 * - keys are made here and used for this roster only; another roster, or another list of survivors, is refused;
 * - nothing is sent where fewer than the threshold take part, and nothing is told where fewer than that have sent;
 * - of each other device it tells a share of one of its two secrets, never of both.
 *
 * A device that has lost this (its tab was reloaded) is out of the round. What is not protected here: keys travel by way of
 * the coordinator, so that one that puts keys of its own in the place of others' reads what is sealed for them; who is who
 * is for signatures to say.
 */
import { sha256Hex } from '../../lib/hash'
import type { Cryptography } from './cryptography'
import { bytesOf, mask, wordsFrom } from './masks'
import { gridOf, quantised } from './quantising'
import { type PublicKeys, type Roster, type Rules, rosterComplaint, rulesOf } from './roster'
import { type Sealing, type Shares, sealingOf } from './sealing'
import { split } from './shamir'

/** Why a device goes no further, in words. */
export class Refusal extends Error {}

/** What a device has for the others, to be passed on by whoever merges. */
export interface SharedOut {
  /** SHA-256 of its own mask's secret: what others put together can be held against it. */
  readonly commitment: string
  /** For each neighbour: its share of both secrets, which only it can open. */
  readonly sealed: Readonly<Record<string, Uint8Array>>
}

/** Shares that a device tells when all that will come has come. */
export interface Unmasking {
  /** Of the own masks of those that have sent. */
  readonly ofMasks: Readonly<Record<string, Uint8Array>>
  /** Of the mask keys of those that have not. */
  readonly ofKeys: Readonly<Record<string, Uint8Array>>
}

export interface SecureClient {
  readonly keys: PublicKeys
  /** @throws Refusal */
  share(roster: Roster): Promise<SharedOut>
  /**
   * The vector under its masks, as it travels: `[weight, ...steps]` as 32-bit words.
   * @param incoming what the others have sealed for this device; who is missing there has not shared, and masks nothing
   * @throws Refusal
   */
  send(
    incoming: Readonly<Record<string, Uint8Array>>,
    vector: ArrayLike<number>,
    range: number,
  ): Promise<Uint8Array>
  /** @param survivors whose vectors have come @throws Refusal */
  unmask(survivors: readonly string[]): Promise<Unmasking>
}

interface Agreed {
  readonly roster: Roster
  readonly rules: Rules
  readonly sealing: Sealing
  readonly given: SharedOut
}

const secretBytes = 32

export async function secureClient(self: string, cryptography: Cryptography): Promise<SecureClient> {
  const [cipherKey, maskKey] = [await cryptography.beginAgreement(), await cryptography.makeMaskKey()]
  const own = cryptography.randomBytes(secretBytes)
  let agreed: Agreed | null = null
  /** Of each that has shared: this device's shares of its secrets. */
  const held = new Map<string, Shares>()
  let sending: 'not yet' | 'begun' | 'done' = 'not yet'
  let told: string | null = null

  const partyOf = (device: string) => agreed!.roster.parties.find((party) => party.device === device)!

  return {
    keys: { cipherKey: cipherKey.publicKey, maskKey: maskKey.publicKey },

    async share(roster) {
      const rules = rulesOf(roster)
      // What a link says twice is not asked twice.
      if (agreed?.rules.name === rules.name && agreed.roster.merger === roster.merger) return agreed.given
      if (agreed) throw new Refusal('another list of devices was sent')
      const complaint = rosterComplaint(roster)
      if (complaint !== null) throw new Refusal(complaint)
      if (!isOwn(roster, self, { cipherKey: cipherKey.publicKey, maskKey: maskKey.publicKey }))
        throw new Refusal('the list of devices has other keys of this device than its own')
      const sealing = sealingOf(cipherKey, self, roster, rules.name)
      const holders = rules.holdersOf(self)
      const shares = (secret: Uint8Array) =>
        split(
          secret,
          holders.length,
          rules.sharesNeeded,
          cryptography.randomBytes((rules.sharesNeeded - 1) * secret.length),
        )
      const [ofMask, ofKey] = [shares(own), shares(maskKey.privateKey)]
      const all = holders.map((_, at): Shares => [ofMask[at].bytes, ofKey[at].bytes])
      held.set(self, all[holders.indexOf(self)])
      const sealed: Record<string, Uint8Array> = {}
      for (const [at, other] of holders.entries())
        if (other !== self) sealed[other] = await sealing.seal(other, all[at])
      const given = { commitment: sha256Hex(own), sealed }
      agreed = { roster, rules, sealing, given }
      return given
    },

    async send(incoming, vector, range) {
      if (!agreed || sending !== 'not yet') throw new Refusal('a vector was asked for out of turn')
      const { roster, rules, sealing } = agreed
      const neighbours = rules.graph.get(self)!.filter((other) => other in incoming)
      if (neighbours.length + 1 < rules.sharesNeeded)
        throw new Refusal(
          `only ${neighbours.length + 1} devices have shared their secrets, and ${rules.sharesNeeded} are needed`,
        )
      sending = 'begun'
      for (const other of neighbours)
        held.set(other, await sealing.open(other, incoming[other]).catch(refuseSeal))
      const draws = await wordsFrom(
        cryptography.randomBytes(secretBytes),
        vector.length,
        cryptography.keyStream,
      )
      const words = quantised(vector, partyOf(self).weight, gridOf(range, rules.totalWeight), draws)
      await mask(words, own, 1, cryptography.keyStream)
      for (const other of neighbours)
        await mask(
          words,
          await maskKey.secretWith(partyOf(other).maskKey, labelOfMask(rules)),
          signOf(roster, self, other),
          cryptography.keyStream,
        )
      sending = 'done'
      return bytesOf(words)
    },

    async unmask(survivors) {
      if (!agreed || sending !== 'done') throw new Refusal('masks were asked for out of turn')
      const { rules } = agreed
      const asked = JSON.stringify([...survivors].sort())
      if (told !== null && told !== asked)
        throw new Refusal('masks were asked for a second time, of other devices')
      if (
        new Set(survivors).size < survivors.length ||
        survivors.some((device) => !rules.devices.includes(device))
      )
        throw new Refusal('masks were asked for of devices that do not take part')
      if (survivors.length < rules.threshold)
        throw new Refusal(`only ${survivors.length} vectors have come, and ${rules.threshold} are needed`)
      told = asked
      const sent = new Set(survivors)
      const shares = [...held]
      return {
        ofMasks: Object.fromEntries(shares.flatMap(([of, [ofMask]]) => (sent.has(of) ? [[of, ofMask]] : []))),
        ofKeys: Object.fromEntries(shares.flatMap(([of, [, ofKey]]) => (sent.has(of) ? [] : [[of, ofKey]]))),
      }
    },
  }
}

function refuseSeal(): never {
  throw new Refusal('what another device has sealed for this one does not open')
}

/** What the secret of two mask keys is derived for. */
export const labelOfMask = ({ name }: Rules): string => `masks of ${name}`

/** Whether `device` adds the mask that it has in common with `other`, or takes it away. */
export const signOf = ({ parties }: Roster, device: string, other: string): 1 | -1 =>
  parties.findIndex((party) => party.device === device) < parties.findIndex((party) => party.device === other)
    ? 1
    : -1

const isOwn = ({ parties }: Roster, self: string, keys: PublicKeys): boolean =>
  parties.some(
    ({ device, cipherKey, maskKey }) =>
      device === self && cipherKey.join() === keys.cipherKey.join() && maskKey.join() === keys.maskKey.join(),
  )
