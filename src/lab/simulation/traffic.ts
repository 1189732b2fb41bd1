/** Every byte on every link, by the kind of the link and by what was sent. */
import type { Link, LinkKind } from './world'

export type Cargo = 'adapter' | 'update' | 'order' | 'answer' | 'announcement'

export interface Traffic {
  /** @returns how long the message is under way, in milliseconds */
  send(link: Link, cargo: Cargo, bytes: number): number
  readonly lan: number
  readonly wan: number
  byCargo(): Readonly<Record<string, number>>
}

/** Header and envelope of a message, beside what it carries. */
export const frameBytes = 120

export function countTraffic(): Traffic {
  const total: Record<LinkKind, number> = { lan: 0, wan: 0, self: 0 }
  const cargoes = new Map<string, number>()
  return {
    send({ kind, roundTripMs, bytesPerSecond }, cargo, bytes) {
      const all = bytes + frameBytes
      total[kind] += all
      if (kind !== 'self') cargoes.set(`${kind} ${cargo}`, (cargoes.get(`${kind} ${cargo}`) ?? 0) + all)
      return roundTripMs / 2 + (1000 * all) / bytesPerSecond
    },
    get lan() {
      return total.lan
    },
    get wan() {
      return total.wan
    },
    byCargo: () => Object.fromEntries(cargoes),
  }
}
