/**
 * An engine whose time is that of a virtual clock: what it computes is computed for real, how long that takes is said beforehand.
 * Tokens a second are then exact, the same on every machine, and may be asserted.
 *
 * A tab has one machine, which computes one pass after the other, in the order in which they were asked for. The first row of
 * a pass costs its layers, a further one a quarter of that. Passes of shared sessions that wait for the machine when it becomes
 * free, of one adapter and one stretch, are one pass: whoever comes together pays for one first row, and all wait for the last
 * row. That is how the engine does it (training/company.ts), and by the same shares of at most 64 rows; but what ran together for
 * real is not looked at, since real time, in which that is decided, says nothing about virtual time. What comes out is the same in
 * any company. A row that skips its layers has only its keys and values computed: two of the twelve parts of a layer, a sixth.
 * Ends of the model, without layers, cost nothing.
 */
import { type Deferred, deferred } from '../../../lib/async'
import { rowsAtOnce } from '../../../model/pool'
import type { VirtualClock } from '../../../network/time/virtual-clock'
import { sharesOf } from '../../../training/company'
import { SessionOver, type Sessions } from '../../../training/session'
import { poolKey } from '../../../training/sessions'

/** A further row costs a quarter of the first: measured on WebAssembly, 16 rows take four to five times as long as one. */
const furtherRow = 0.25
const filledRow = 1 / 6

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
  /** By session: its layers, numbers in a row of what it reads, and whom it may go together with. */
  const open = new Map<number, { readonly layers: number; readonly rowSize: number; readonly pool: string }>()
  const machine = oneMachine(clock)
  return {
    ...sessions,
    facts: () => clock.holds(sessions.facts()),
    arithmetic: async () => ({ ...(await clock.holds(sessions.arithmetic())), millisecondsPerLayer }),
    encode: (text) => clock.holds(sessions.encode(text)),
    decode: (ids) => clock.holds(sessions.decode(ids)),
    chooseFrom: (law, draw) => clock.holds(sessions.chooseFrom(law, draw)),
    async openSession(request) {
      const session = await clock.holds(sessions.openSession(request))
      const { layers, reads } = request.stretch
      open.set(session, {
        layers: layers.to - layers.from,
        rowSize: reads === 'ids' ? 1 : width,
        pool: poolKey(request) ?? `session ${session}`,
      })
      return session
    },
    async pass(request) {
      const { session, input, wanted } = request
      const { layers, rowSize, pool } = open.get(session) ?? { layers: 0, rowSize: 1, pool: '' }
      const place = machine.place()
      const passed = await clock.holds(sessions.pass(request))
      const isFilled = wanted.kind === 'filled'
      const firstRowMs = layers * millisecondsPerLayer * (isFilled ? filledRow : 1)
      const company = `${pool} ${isFilled}`
      const rows = input.length / rowSize
      const milliseconds = await machine.computes({ place, session, company, firstRowMs, rows })
      return { ...passed, milliseconds }
    },
    async closeSession(session) {
      machine.forgets(session)
      await sessions.closeSession(session)
    },
  }
}

interface Pass {
  /** In the order of what was asked for. */
  readonly place: number
  readonly session: number
  /** Passes of the same name go together. */
  readonly company: string
  readonly firstRowMs: number
  readonly rows: number
}

interface Waiting extends Pass {
  left: number
  milliseconds: number
  readonly done: Deferred<number>
}

/** A machine that computes one thing after the other; how long each pass took is what it gives back. */
function oneMachine(clock: Pick<VirtualClock, 'after'>) {
  let waiting: Waiting[] = []
  let isBusy = false
  let places = 0

  function next(): void {
    const [first] = waiting.sort((one, other) => one.place - other.place)
    isBusy = first !== undefined
    if (!first) return
    const sessions = new Set<number>()
    const together = waiting.filter(({ session, company }) => {
      const goes = company === first.company && !sessions.has(session)
      if (goes) sessions.add(session)
      return goes
    })
    const shares = sharesOf(
      together.map(({ left }) => left),
      rowsAtOnce,
    )
    const rows = shares.reduce((sum, share) => sum + share, 0)
    const milliseconds = first.firstRowMs * (1 + furtherRow * (rows - 1))
    clock.after(milliseconds, () => {
      for (const [place, one] of together.entries()) {
        one.left -= shares[place]
        one.milliseconds += milliseconds
        if (one.left === 0) one.done.resolve(one.milliseconds)
      }
      waiting = waiting.filter(({ left }) => left > 0)
      next()
    })
  }

  return {
    place: () => places++,
    computes(pass: Pass): Promise<number> {
      const done = deferred<number>()
      if (pass.firstRowMs * pass.rows === 0) return Promise.resolve(0)
      waiting.push({ ...pass, left: pass.rows, milliseconds: 0, done })
      if (!isBusy) clock.after(0, next) // who asks at the same moment waits, too
      isBusy = true
      return done.promise
    },
    forgets(session: number): void {
      for (const one of waiting.filter((one) => one.session === session))
        one.done.reject(new SessionOver(`Session ${session} is over.`))
      waiting = waiting.filter((one) => one.session !== session)
    },
  }
}
