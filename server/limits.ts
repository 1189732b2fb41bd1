/**
 * How much one client, one room and all together may take of this server. Two shapes: seats, which are held for as long as
 * something is open, and a bucket, which refills with time. Nothing else in the server counts clients or bytes.
 */
export interface SeatLimits {
  readonly all: number
  readonly perClient: number
  readonly perRoom: number
}

export interface Seats {
  /** Gives the seat back, once; null where there is none left. */
  take(client: string, room: string): (() => void) | null
}

/**
 * Frames that one message may come in. A browser sends what tabs say here in one, or a few; each piece costs thirty times
 * what a stranger pays for one of a byte.
 */
export const mostFragments = 64

/** Below the limit of a room, that of a client must lie: one laptop alone then excludes nobody from a room. */
export function seats({ all, perClient, perRoom }: SeatLimits): Seats {
  const byClient = new Map<string, number>()
  const byRoom = new Map<string, number>()
  let taken = 0
  const change = (counts: Map<string, number>, key: string, by: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + by
    if (count === 0) counts.delete(key)
    else counts.set(key, count)
  }
  return {
    take(client, room) {
      if (taken >= all || (byClient.get(client) ?? 0) >= perClient) return null
      if ((byRoom.get(room) ?? 0) >= perRoom) return null
      const move = (by: 1 | -1) => {
        taken += by
        change(byClient, client, by)
        change(byRoom, room, by)
      }
      move(1)
      let isHeld = true
      return () => {
        if (isHeld) move(-1)
        isHeld = false
      }
    },
  }
}

/** How long to wait after taking so much; 0 while there is enough. What is taken beyond that is a debt. */
export type Bucket = (amount: number) => number

/** Allows `burst` at once and `perSecond` in the long run. `now` in milliseconds. */
export function bucket(perSecond: number, burst: number, now: () => number): Bucket {
  let level = burst
  let refilledAtMs = now()
  return (amount) => {
    level = Math.min(burst, level + ((now() - refilledAtMs) / 1000) * perSecond)
    refilledAtMs = now()
    level -= amount
    return level >= 0 ? 0 : (-level / perSecond) * 1000
  }
}
