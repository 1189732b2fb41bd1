/**
 * What follows from secure aggregation for other settings: what was asked for to hide something is not given up for something
 * else, so whatever cannot go with it gives way, and how many devices a sum needs.
 */
import { usualChain } from '../../federation/aggregation/robust/chain'
import { secrecyClash } from '../../federation/compatibility'
import { leastTogether } from '../../federation/secure/graph'
import type { Settings } from '../table'

/** What stands where something cannot go with secure aggregation. */
export const secretly = {
  scheme: { scheme: 'synchronous' },
  clusterBy: { clusterBy: 'loss' },
  compression: { compression: 'none' },
  robust: { robust: usualChain },
  aggregation: { aggregation: 'fedavg' },
  ledger: { ledger: false },
} as const satisfies Readonly<Record<string, Partial<Settings>>>

interface GivenWay {
  readonly name: keyof typeof secretly
  readonly why: string
  /** What stands instead. */
  readonly part: Partial<Settings>
}

/** All that gives way, in its order; nothing where secure aggregation is off. */
export function givingWay(settings: Settings): readonly GivenWay[] {
  const given: GivenWay[] = []
  let next = settings
  for (let clash = secrecyClash(next); clash; clash = secrecyClash(next)) {
    const part = secretly[clash.name]
    given.push({ ...clash, part })
    next = { ...next, ...part }
  }
  return given
}

/** Devices with text without which no round comes to anything. */
export const fewestDevicesOf = ({ secure }: Pick<Settings, 'secure'>): number => (secure ? leastTogether : 2)
