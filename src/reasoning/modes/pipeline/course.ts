/**
 * The way of one text through its stations, whatever becomes of them. A station that is lost is replaced at once: the epoch goes
 * on, its span is given to others, they read what the lost one had read, and the rows that were under way are sent again. If a
 * replacement is lost, too, that happens again. What the other stations hold stays as it is.
 */
import { asReceived } from '../../core/codecs'
import { type Journal, journalOf } from '../../core/journal'
import { type Line, Unanswered } from '../../line'
import { type Note, type Question, type Said, type Stage, Unanswerable } from '../../mode'
import type { Placed } from '../../plan/placement'
import type { NodeId, Ports } from '../../ports'
import type { Crew } from './crew'
import { catchUp, isLoss, openStation, type Passed, type Station } from './stations'

export interface Course {
  /** Rows of tokens that stand at `at` and after through all stations; what stood there before is forgotten. */
  through(at: number, rows: Float32Array, signal: AbortSignal): Promise<Passed>
  /** What has happened since this was asked last. */
  notes(): Iterable<Said>
  /** Who holds what is a note once more: another answer begins. */
  introduce(): void
  readonly stations: readonly Station[]
  /** What has left a station: the journal of the next boundary. */
  left(index: number): Journal
  /** Whoever holds the layers now, the asker's own first ones included. */
  placed(): readonly Placed[]
  /** So many first layers are the asker's own, together with the embedding. */
  ownFront(): number
  by(): NodeId
  /** Somebody's rows from `from` on were wrong: they are forgotten, and its layers given to others. */
  expel(index: number, from: number, signal: AbortSignal): Promise<void>
  close(): void
}

export async function openCourse(
  ports: Ports,
  line: Line,
  crew: Crew,
  { adapter, codec }: Pick<Question, 'adapter' | 'codec'>,
  signal: AbortSignal,
): Promise<Course> {
  const { links, clock, self } = ports
  const { width } = self.facts
  const pending: Note[] = []
  let stations: readonly Station[] = []
  let front: Placed | null = null
  let epoch = 0
  const last = journalOf(width)

  const open = (placed: Placed): Promise<Station> =>
    openStation(ports, line, {
      ...placed,
      adapter: adapter?.hash ?? null,
      adapterBytes: adapter?.bytes ?? null,
      codec,
      epoch,
      signal,
    })
  const placed = (): Placed[] =>
    [...(front ? [front] : []), ...stations].map(({ id, layers }) => ({ id, layers }))
  const noteStages = (): void => {
    pending.push({ kind: 'stages', stages: placed().map(stageOf), epoch })
  }

  /** Opens all of these, or none. Whoever will not is passed over from now on. */
  async function openAll(plan: readonly Placed[]): Promise<readonly Station[] | null> {
    const { opened, unwilling } = await allOrNone(plan.map(open))
    for (const id of unwilling) crew.ban(id)
    return opened
  }

  async function begin(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const plan = crew.plan()
      if (!plan || attempt > mostAttempts) throw new Unanswerable(noRoom)
      const isOwnFirst = plan[0].id === links.self
      const opened = await openAll(isOwnFirst ? plan.slice(1) : plan)
      if (!opened) continue
      front = isOwnFirst ? plan[0] : null
      stations = opened
      return noteStages()
    }
  }

  /** Puts others in the place of a station that was lost. */
  async function replace(lost: Station, index: number): Promise<void> {
    lost.close()
    const others = [...(front ? [front] : []), ...stations.filter((station) => station !== lost)]
    for (let attempt = 0; ; attempt++) {
      epoch = (epoch + 1) % 256
      const plan = crew.replacement(lost, others)
      if (!plan || attempt > mostAttempts) throw new Unanswerable(noRoom)
      const opened = await openAll(plan)
      if (!opened) continue
      const [first, ...further] = opened
      // What the lost one had been given is what its successor must read.
      const successor: Station = Object.assign(first, { journal: lost.journal })
      stations = [...stations.slice(0, index), successor, ...further, ...stations.slice(index + 1)]
      return noteStages()
    }
  }

  async function through(at: number, rows: Float32Array, signal: AbortSignal): Promise<Passed> {
    let [computeMs, travelMs] = [0, 0]
    let entering = rows
    let replacedSince: number | null = null
    for (let index = 0; index < stations.length; ) {
      const station = stations[index]
      const beganAtMs = clock.now()
      const received = asReceived(entering, width, station.codec)
      station.journal.write(at, received)
      station.known = Math.min(station.known, at)
      try {
        await catchUp(station, stations[index + 1] ?? null, at, signal)
        const passed = await station.pass(at, received, 'each', signal)
        station.known = at + entering.length / width
        entering = passed.rows
        computeMs += passed.computeMs
        travelMs += passed.travelMs
        if (replacedSince !== null)
          pending.push({
            kind: 'recovered',
            milliseconds: clock.now() - replacedSince,
            replayedTokens: station.known,
          })
        replacedSince = null
        if (++index === stations.length) last.write(at, entering)
      } catch (problem) {
        if (!isLoss(problem)) throw problem
        signal.throwIfAborted()
        replacedSince ??= beganAtMs
        pending.push(lossOf(station, problem, clock.now() - beganAtMs))
        if (station.id !== links.self) crew.ban(station.id)
        await replace(station, index)
      }
    }
    return { rows: entering, computeMs, travelMs }
  }

  await begin()
  return {
    through,
    get stations() {
      return stations
    },
    left: (index) => stations[index + 1]?.journal ?? last,
    *notes() {
      for (const note of pending.splice(0)) yield { kind: 'note', note }
    },
    introduce: noteStages,
    placed,
    ownFront: () => front?.layers.to ?? 0,
    by: () => stations.at(-1)?.id ?? links.self,
    async expel(index, from) {
      const liar = stations[index]
      crew.exclude(liar.id)
      for (const later of stations.slice(index + 1)) {
        later.journal.trim(from)
        later.known = Math.min(later.known, from)
      }
      last.trim(from)
      await replace(liar, index)
    },
    close() {
      for (const station of stations) station.close()
      stations = []
    },
  }
}

const stageOf = ({ id, layers: { from, to } }: Placed): Stage => ({ id, layers: [from, to] })

const lossOf = ({ id }: Station, problem: unknown, detectedMs: number): Note => ({
  kind: 'lost',
  id,
  why: problem instanceof Error ? problem.message : String(problem),
  detectedMs,
})

/** Those that open, if all do; otherwise they are closed again, and the others named. Throws what is nobody's unwillingness. */
async function allOrNone(
  opening: readonly Promise<Station>[],
): Promise<{ readonly opened: readonly Station[] | null; readonly unwilling: readonly NodeId[] }> {
  const results = await Promise.allSettled(opening)
  const opened = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  if (opened.length === results.length) return { opened, unwilling: [] }
  for (const station of opened) station.close()
  const unwilling = results.flatMap((one) => {
    if (one.status === 'fulfilled') return []
    if (!(one.reason instanceof Unanswered)) throw one.reason
    return [one.reason.by]
  })
  return { opened: null, unwilling }
}

/** Every attempt bans somebody. */
const mostAttempts = 64

const noRoom =
  'No tab is left that may hold the missing layers. Open another tab with the room’s link, then ask again.'
