/**
 * An engine whose time is that of a virtual clock: what it computes is computed for real, how long that takes is said beforehand.
 * Tokens a second are then exact, the same on every machine, and may be asserted.
 */
import type { Clock } from '../../network/time/clock'
import type { VirtualClock } from '../../network/time/virtual-clock'
import type { Passed, Sessions } from '../../training/session'

/** A further row costs a quarter of the first: measured on WebAssembly, 16 rows take four to five times as long as one. */
const furtherRow = 0.25

export interface BookedSpeed {
  /** For one token. */
  readonly millisecondsPerLayer: number
}

export function booked(
  sessions: Sessions,
  clock: Pick<VirtualClock, 'after' | 'holds'>,
  { millisecondsPerLayer }: BookedSpeed,
  width: number,
): Sessions {
  /** By session: its layers, and numbers in a row of what it reads. */
  const open = new Map<number, { readonly layers: number; readonly rowSize: number }>()
  return {
    ...sessions,
    facts: () => clock.holds(sessions.facts()),
    arithmetic: async () => ({ ...(await clock.holds(sessions.arithmetic())), millisecondsPerLayer }),
    encode: (text) => clock.holds(sessions.encode(text)),
    decode: (ids) => clock.holds(sessions.decode(ids)),
    async openSession(request) {
      const session = await clock.holds(sessions.openSession(request))
      const { layers, reads } = request.stretch
      open.set(session, { layers: layers.to - layers.from, rowSize: reads === 'ids' ? 1 : width })
      return session
    },
    async pass(request) {
      const { layers, rowSize } = open.get(request.session) ?? { layers: 0, rowSize: 1 }
      const rows = request.input.length / rowSize
      const milliseconds = layers * millisecondsPerLayer * (1 + furtherRow * (rows - 1))
      const passed: Passed = await clock.holds(sessions.pass(request))
      if (milliseconds > 0) await passing(clock, milliseconds)
      return { ...passed, milliseconds }
    },
    closeSession: (session) => sessions.closeSession(session),
  }
}

const passing = (clock: Pick<Clock, 'after'>, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(milliseconds, resolve)
  })
