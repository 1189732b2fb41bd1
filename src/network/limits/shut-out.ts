/**
 * Who is not let in for a while, and why: by the tab's id, before a word is exchanged, and, where it earned that, by the
 * key that it claims after a reload. Bounded: of many the oldest are forgotten.
 */
import type { Dismissal } from '../network'
import { mostShutOut, shutOutMs } from './limits'

export interface ShutOut {
  add(name: string, why: Dismissal): void
  /** Null: it may come in. */
  why(name: string): Dismissal | null
}

export function shutOut(now: () => number): ShutOut {
  const names = new Map<string, { readonly why: Dismissal; readonly untilMs: number }>()
  return {
    add(name, why) {
      names.delete(name)
      names.set(name, { why, untilMs: now() + shutOutMs })
      const [oldest] = names.keys()
      if (names.size > mostShutOut) names.delete(oldest)
    },
    why(name) {
      const known = names.get(name)
      return known && known.untilMs > now() ? known.why : null
    },
  }
}
