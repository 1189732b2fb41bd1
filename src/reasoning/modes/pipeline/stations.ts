/**
 * The stages of a pipeline as the asker sees them: each a stretch of layers at some tab, or at its own engine, with what has
 * crossed the boundary before it. Rows go through one station after the other and come back to the asker each time (a star: two
 * trips a stage, and the asker always holds what a replacement must read).
 */
import type { Clock } from '../../../network/time/clock'
import { hiddenOf, isSessionOver } from '../../../training/session'
import { asReceived, type Codec } from '../../core/codecs'
import { type Journal, journalOf } from '../../core/journal'
import { heardAfter, patienceMs, type Rate, unknownRate } from '../../core/rates'
import { type Line, Unanswered } from '../../line'
import type { Placed } from '../../plan/placement'
import type { NodeId, Ports } from '../../ports'

/** A prompt is read in so many rows at once. */
export const rowsAtOnce = 64
/** Loading the layers of a model may take a while on a phone. */
const openingMs = 15_000

export interface Station extends Placed {
  readonly journal: Journal
  /** How rows travel to it and back. */
  readonly codec: Codec
  /** Rows that it has read and holds. */
  known: number
  /** Passes rows [n, width] through; rows of all of them, or the last alone. Rejects where the station is lost. */
  pass(at: number, rows: Float32Array, wants: 'each' | 'last', signal: AbortSignal): Promise<Passed>
  close(): void
}
export interface Passed {
  readonly rows: Float32Array
  readonly computeMs: number
  readonly travelMs: number
}

/** Whether a station, rather than the asker, is why a pass failed. */
export const isLoss = (problem: unknown): boolean => problem instanceof Unanswered || isSessionOver(problem)

export interface Opening extends Placed {
  readonly adapter: string | null
  readonly adapterBytes: Uint8Array | null
  readonly codec: Codec
  readonly epoch: number
  readonly signal: AbortSignal
}

/** Rejects with an `Unanswered` where the tab will not, or is gone. */
export function openStation(ports: Ports, line: Line, opening: Opening): Promise<Station> {
  return opening.id === ports.links.self ? ownStation(ports, opening) : remoteStation(ports, line, opening)
}

async function ownStation({ sessions, self }: Ports, opening: Opening): Promise<Station> {
  const { id, layers, adapterBytes, codec } = opening
  const stretch = { layers, reads: 'hidden', gives: 'hidden' } as const
  const session = await sessions.openSession({ adapter: adapterBytes, stretch })
  return {
    id,
    layers,
    journal: journalOf(self.facts.width),
    codec,
    known: 0,
    async pass(at, rows, wants) {
      const passed = await sessions.pass({
        session,
        at,
        input: rows,
        rows: wants,
        wanted: { kind: 'hidden' },
      })
      // As if they had travelled, so that a text stays the same wherever its layers run.
      const left = asReceived(hiddenOf(passed), self.facts.width, codec)
      return { rows: left, computeMs: passed.milliseconds, travelMs: 0 }
    },
    close: () => void sessions.closeSession(session).catch(() => {}),
  }
}

async function remoteStation({ clock, self }: Ports, line: Line, opening: Opening): Promise<Station> {
  const { id, layers, adapter, codec, epoch, signal } = opening
  const { width } = self.facts
  const session = line.newSession()
  await line.open(id, { session, epoch }, { kind: 'stage', ...layers, adapter }, { forMs: openingMs, signal })
  let rate: Rate = unknownRate
  return {
    id,
    layers,
    journal: journalOf(width),
    codec,
    known: 0,
    async pass(at, rows, wants, signal) {
      const count = rows.length / width
      const beganAtMs = clock.now()
      const patience = { forMs: patienceMs(rate, count), signal }
      const answer = await line.ask(id, { type: 'pass', session, epoch, at, wants, codec, rows }, patience)
      if (answer.type !== 'passed' || answer.rows.length !== (wants === 'each' ? rows.length : width))
        throw new Unanswered(id, 'nonsense', 'It gave rows of another size.')
      const tookMs = elapsed(clock, beganAtMs)
      if (count === 1) rate = heardAfter(rate, tookMs)
      const computeMs = Math.min(Math.max(0, answer.milliseconds), tookMs)
      return { rows: answer.rows, computeMs, travelMs: tookMs - computeMs }
    },
    close: () => line.close(id, session),
  }
}

const elapsed = (clock: Clock, sinceMs: number): number => clock.now() - sinceMs

/**
 * Lets a station read what has crossed the boundary before it, from where it stands up to row `to`. Where the next station's
 * journal lacks what comes out, because a lost span was split, it is written there.
 */
export async function catchUp(
  station: Station,
  next: Station | null,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  while (station.known < to) {
    const { known, journal } = station
    const end = Math.min(to, known + rowsAtOnce)
    const isLacking = next !== null && next.journal.length < end
    const { rows } = await station.pass(known, journal.rows(known, end), isLacking ? 'each' : 'last', signal)
    if (isLacking) next.journal.write(known, rows)
    station.known = end
  }
}

/** How many layers each holds. */
export const holdersOf = (placed: readonly Placed[]): ReadonlyMap<NodeId, number> => {
  const held = new Map<NodeId, number>()
  for (const { id, layers } of placed) held.set(id, (held.get(id) ?? 0) + layers.to - layers.from)
  return held
}
