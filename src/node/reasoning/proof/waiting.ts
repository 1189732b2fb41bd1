/**
 * For whom a proof waits, and for how long: for its own tab until that is ready, for a tab that it has closed until that is back, and
 * for whoever is in the room and still loads. A row that wants for nobody waits for nobody.
 */
import type { Clock } from '../../../network/time/clock'
import { type MayClose, type RowName, type Surroundings, whyNot } from './rows'

/** A tab that was closed is waited for so long, where a row would want for it: its browser may be busy. */
const returnMs = 45_000
/** Who is in the room and still loads is waited for so long, since the proof began or a tab was closed. */
const arrivingMs = 120_000
const lookAgainMs = 250

export interface WaitingPorts {
  readonly clock: Clock
  /** Whether this tab can be asked. Throws, in plain words, where it never will. */
  isReady(): boolean
  /** Looks who is there, and lets go of what was kept of earlier questions. */
  begin(): Promise<Surroundings>
  mayClose(): MayClose
}

export interface Waiting {
  /** Resolves once this tab can be asked, or the proof is stopped. Throws where it never will be ready. */
  untilReady(): Promise<void>
  /** The room as soon as a row can run in it, or is not worth waiting for any longer. */
  roomFor(name: RowName): Promise<Surroundings>
  /** A tab is asked to close. */
  closes(peer: string): void
  /** It did not. */
  stays(peer: string): void
}

export function openWaiting(ports: WaitingPorts, isStopped: () => boolean): Waiting {
  const { clock } = ports
  /** Tabs that were closed here, by the lives they had then; and when the last of them was. */
  const gone = new Set<string>()
  let closedAtMs = Number.NEGATIVE_INFINITY
  let begunAtMs = Number.NEGATIVE_INFINITY

  const moment = () => new Promise<void>((resolve) => void clock.after(lookAgainMs, resolve))

  function isAwaited({ arriving }: Surroundings): boolean {
    const nowMs = clock.now()
    const mayArrive = arriving > 0 && nowMs - Math.max(begunAtMs, closedAtMs) < arrivingMs
    return mayArrive || nowMs - closedAtMs < returnMs
  }

  return {
    async untilReady() {
      while (!isStopped() && !ports.isReady()) await moment()
      begunAtMs = clock.now()
    },
    async roomFor(name) {
      for (;;) {
        const around = await ports.begin()
        const why = whyNot(name, around, ports.mayClose())
        // A tab that nobody has missed yet would be asked once more, and lost once more, in a row that closes none.
        const isMissed = around.others.every(({ id }) => !gone.has(id))
        const isWhole = isMissed && why?.kind !== 'tabs' && why?.kind !== 'judges'
        if (isStopped() || isWhole || !isAwaited(around)) return around
        await moment()
      }
    },
    closes(peer) {
      closedAtMs = clock.now()
      gone.add(peer)
    },
    stays: (peer) => void gone.delete(peer),
  }
}
