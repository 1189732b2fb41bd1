/**
 * How the tabs of one browser share out this machine's cores. A tab that computes holds a lock of its own name while it does; whoever
 * computes counts these locks twice a second and takes its part of the cores: all of them alone, half of them beside another, and one
 * in any case. The browser lets go of the locks of a tab that is closed or dies, so nobody has to say goodbye. Tabs of other browsers,
 * and other programs, are not seen: the pieces of a call go to whatever thread comes first, so a core that is busy just does fewer.
 */
import type { Cores } from '../kernels/machines/wasmMemory'
import type { StartHand } from '../kernels/simd/threads/crew'

const prefix = 'gossamer computes '
const lookEveryMs = 500
/** Rounds leave pauses; a tab that computes nothing for so long is not counted. */
const idleAfterMs = 2000

/** How many of the cores a tab takes, of those that compute (ids, itself among them): each as many, the first ones one more. */
export function shareOf(cores: number, computing: readonly string[], own: string): number {
  const rank = computing.toSorted().indexOf(own)
  const left = cores % computing.length
  return Math.max(1, Math.floor(cores / computing.length) + (rank < left ? 1 : 0))
}

/** The part of a browser's locks that is needed. */
export type Locks = Pick<LockManager, 'request' | 'query'>

export interface Places {
  readonly cores: number
  readonly locks: Locks
  /** This tab's, of which no other has the same. */
  readonly own: string
  readonly startHand: StartHand
}

export function sharedCores({ cores, locks, own, startHand }: Places): Cores {
  let computedAt = 0
  let isCounted = false
  let share = 1
  let isTrusted = true

  async function look(): Promise<void> {
    const { held = [] } = await locks.query()
    const computing = held.flatMap(({ name }) =>
      name?.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    )
    share = shareOf(cores, [...new Set([...computing, own])], own)
  }
  async function beCounted(): Promise<void> {
    isCounted = true
    try {
      await locks.request(prefix + own, async () => {
        do {
          await look()
          await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
        } while (performance.now() - computedAt < idleAfterMs)
      })
    } finally {
      isCounted = false
      share = 1
    }
  }

  return {
    most: cores,
    startHand,
    threads() {
      computedAt = performance.now()
      // Where locks are refused this tab computes with one thread, as if it had to share.
      if (!isCounted) beCounted().catch(() => {})
      return isTrusted ? share : 1
    },
    // A run may take longer than a tab may be idle, and nothing else has its turn meanwhile.
    ran() {
      computedAt = performance.now()
    },
    lost() {
      isTrusted = false
    },
  }
}

/** Cores that nobody else asks for. */
export function ownCores(cores: number, startHand: StartHand): Cores {
  let threads = cores
  return {
    most: cores,
    startHand,
    threads: () => threads,
    ran() {},
    lost() {
      threads = 1
    },
  }
}
