/**
 * Waiting for whoever holds a shared file, but not for ever. The browser's locks tell neither who holds one nor whether it
 * still moves, and a tab that was suspended keeps its own. So whoever holds one gives signs of life over a channel that all
 * tabs hear, and whoever waits without hearing any goes on without the file. Silence is counted in turns of the waiting
 * thread's own clock: one that was frozen itself does not blame the other.
 */

/** Somebody else holds what is waited for, and no longer moves. */
export class Stuck extends Error {
  override name = 'Stuck'
}

/** To be called with every piece that is done. */
export type Alive = () => void

/** What there is of locks and signs here. */
export interface Locks {
  /** Runs `work` once nobody else, in no other tab either, runs any under this name. Rejects once `signal` ends the waiting. */
  request<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>
  /** A sign to all who wait for this name. */
  beat(name: string): void
  /** Hears signs of others until what is returned is called. */
  listen(name: string, hear: () => void): () => void
}

export interface Patience {
  /** Turns without a sign after which nobody waits any more. */
  readonly turns: number
  readonly turnMs: number
}

/** A piece takes some milliseconds; a machine with more work than cores, or a slow network, takes seconds. */
export const usualPatience: Patience = { turns: 10, turnMs: 1000 }

/** Runs `work` alone, see `Locks.request`. Rejects with `Stuck` where whoever holds the name gives no sign of life. */
export async function alone<T>(
  locks: Locks,
  name: string,
  work: (alive: Alive) => Promise<T>,
  { turns, turnMs }: Patience = usualPatience,
): Promise<T> {
  const waiting = new AbortController()
  let silentTurns = 0
  const stopListening = locks.listen(name, () => {
    silentTurns = 0
  })
  const turn = setInterval(() => {
    silentTurns++
    if (silentTurns >= turns) waiting.abort()
  }, turnMs)
  const noLongerWaiting = (): void => {
    clearInterval(turn)
    stopListening()
  }
  try {
    return await locks.request(name, waiting.signal, async () => {
      noLongerWaiting()
      return work(signs(locks, name, turnMs))
    })
  } catch (problem) {
    if (!waiting.signal.aborted) throw problem
    throw new Stuck('Another tab holds this file and does not go on.')
  } finally {
    noLongerWaiting()
  }
}

/** A few signs in each turn at most: somebody who waits needs one. */
function signs(locks: Locks, name: string, turnMs: number): Alive {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = performance.now()
    if (nowMs - lastMs < turnMs / 4) return
    lastMs = nowMs
    locks.beat(name)
  }
}

/** Locks within this thread. */
export function ownLocks(): Locks {
  const last = new Map<string, Promise<unknown>>()
  const hearing = new Map<string, Set<() => void>>()
  const heardBy = (name: string): Set<() => void> => {
    if (!hearing.has(name)) hearing.set(name, new Set())
    return hearing.get(name)!
  }
  return {
    request(name, signal, work) {
      const before = last.get(name) ?? Promise.resolve()
      const given = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      const working = Promise.race([before, given]).then(work)
      last.set(name, Promise.all([before, working.catch(() => {})]))
      return working
    },
    beat(name) {
      for (const hear of heardBy(name)) hear()
    },
    listen(name, hear) {
      heardBy(name).add(hear)
      return () => heardBy(name).delete(hear)
    },
  }
}

/** The browser's locks, for all tabs of this origin. */
export const sharedLocks: Locks = {
  request: (name, signal, work) => navigator.locks.request(name, { signal }, work),
  beat(name) {
    const channel = new BroadcastChannel(name)
    channel.postMessage(null)
    channel.close()
  },
  listen(name, hear) {
    const channel = new BroadcastChannel(name)
    channel.addEventListener('message', hear)
    return () => channel.close()
  },
}
