/**
 * The roster of a secure round: who may take part, with which keys and weight. All take everything else from it alike: the
 * graph of neighbours, the threshold, the grid's fineness. A device that was shown a roster believes no other for this round.
 */
import { sha256Hex } from '../../lib/hash'
import { type Graph, graphOf, holdersOf, sharesNeeded, thresholdOf } from './graph'

/** One device's keys for one round. */
export interface PublicKeys {
  /** For what it is told under seal. */
  readonly cipherKey: Uint8Array
  /** For the masks that it has in common with others. */
  readonly maskKey: Uint8Array
}

export interface Party extends PublicKeys {
  readonly device: string
  /** An integer, at least 1 (quantising.ts). */
  readonly weight: number
}

export interface Roster {
  /** In the order of indices: the earlier of two adds their mask. */
  readonly parties: readonly Party[]
  /** Whoever merges, where it is one of them; null: it is not. */
  readonly merger: string | null
}

/** What follows from a roster. */
export interface Rules {
  readonly devices: readonly string[]
  readonly graph: Graph
  /** So many must send, and answer. */
  readonly threshold: number
  /** So many shares give a secret back. */
  readonly sharesNeeded: number
  readonly totalWeight: number
  /** Those that hold shares of this device's secrets; its place there, from 1, is the point of its share. */
  holdersOf(device: string): readonly string[]
  /** What nobody else's keys are derived with. */
  readonly name: string
}

export function rulesOf({ parties, merger }: Roster): Rules {
  const devices = parties.map(({ device }) => device)
  const takesPart = merger !== null && devices.includes(merger)
  const name = nameOf(parties)
  const graph = graphOf(devices, name)
  const holders = new Map(devices.map((device) => [device, holdersOf(graph, devices, device)]))
  return {
    devices,
    graph,
    threshold: thresholdOf(devices.length, takesPart),
    sharesNeeded: sharesNeeded(devices.length, takesPart),
    totalWeight: parties.reduce((sum, { weight }) => sum + weight, 0),
    holdersOf: (device) => holders.get(device) ?? [],
    name,
  }
}

/** Why nobody should take part by this roster, in words; null: it is in order. */
export function rosterComplaint({ parties, merger }: Roster): string | null {
  const devices = new Set(parties.map(({ device }) => device))
  const keys = new Set(parties.flatMap(({ cipherKey, maskKey }) => [cipherKey.join(), maskKey.join()]))
  if (devices.size < parties.length || keys.size < 2 * parties.length)
    return 'the list of devices names one of them, or a key, twice'
  const { threshold } = rulesOf({ parties, merger })
  if (parties.length < threshold)
    return `${parties.length} devices take part, and a sum of so few would hide nobody: ${threshold} are needed`
  return null
}

/** From every key, so that two rosters never have the same. */
const nameOf = (parties: readonly Party[]): string =>
  sha256Hex(
    new TextEncoder().encode(
      JSON.stringify(
        parties.map(({ device, weight, cipherKey, maskKey }) => [
          device,
          weight,
          [...cipherKey],
          [...maskKey],
        ]),
      ),
    ),
  )
