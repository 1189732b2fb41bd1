/**
 * Rooms in which a tab may choose how to work: of several speeds and links, some with others who ask the same tabs at the same time.
 * The same question is put in any mode, so that what was chosen can be held against what would have been best.
 */
import { random } from '../../../lib/rng'
import type { ModeName } from '../../../reasoning/mode'
import type { Strain } from '../../../reasoning/plan/choose'
import { usualWish } from '../../../reasoning/usual'
import type { Sessions } from '../../../training/session'
import { askInRoom, type Kill, type Outcome } from '../room/asking'
import { openReasoningRoom, type ReasoningRoom } from '../room/room'

/** An engine of the tabs that work together, and one of those that ask them meanwhile. */
export interface Engines {
  readonly own: Sessions
  readonly others: Sessions
}

export interface Setting {
  readonly speeds: readonly number[]
  readonly roundTripMs: number
  readonly caps?: readonly (number | undefined)[]
  /** So many others ask the same edges at the same time. */
  readonly busy?: number
}
export interface Happening {
  readonly kills?: readonly Kill[]
  readonly tokens?: number
  readonly seeds?: readonly number[]
  readonly strain?: () => Strain | null
  /** What the others say of themselves, whatever they are. */
  readonly claims?: { readonly millisecondsPerLayer: number }
  readonly meanwhile?: (room: ReasoningRoom) => void
}

const wish = { ...usualWish, prompt: 'The nurse put the', seed: 7, temperature: 0.9, adapter: null }

/** So many rooms, drawn from a seed. @param busyMost at most so many others ask in them */
export function drawnSettings(count: number, busyMost = 3): readonly Setting[] {
  const draw = random(5, 'rooms')
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(draw.next() * values.length)]
  return Array.from({ length: count }, () => ({
    speeds: [pick([1, 4, 12]), pick([0.5, 1, 3]), pick([0.5, 2])],
    roundTripMs: pick([2, 10, 40, 120]),
    busy: Math.min(busyMost, pick([0, 1, 3])),
  }))
}

/** One question after the other, the first tab asking. */
export async function askAllIn(
  { own: sessions, others: ofOthers }: Engines,
  mode: ModeName,
  { speeds, roundTripMs, caps = [], busy = 0 }: Setting,
  { kills = [], tokens = 128, seeds = [7], strain, claims, meanwhile = () => {} }: Happening = {},
): Promise<readonly Outcome[]> {
  const { layers } = await sessions.facts()
  const own = speeds.map((millisecondsPerLayer, index) => ({
    sessions,
    millisecondsPerLayer,
    mostLayers: caps[index] ?? layers,
    strain: index === 0 ? strain : undefined,
    says: index === 0 ? undefined : claims,
  }))
  const asking = Array.from({ length: busy }, () => ({
    sessions: ofOthers,
    millisecondsPerLayer: 2,
    mostLayers: 3,
  }))
  const link = { delayMs: roundTripMs / 2, jitter: 0, loss: 0, bytesPerSecond: 1.25e6 }
  const room = await openReasoningRoom({ seed: 1, link, nodes: [...own, ...asking] })
  const stopped = new AbortController()
  const { signal } = stopped
  for (const [index, { participant }] of room.tabs.slice(own.length).entries()) {
    const askOn = async () => {
      const other = { ...wish, mode: 'multi-access', tokens: 250, seed: index } as const
      for (;;) for await (const _ of participant.ask(other, signal));
    }
    void askOn().catch(() => {}) // it is stopped
  }
  if (busy > 0) await room.clock.advance(4000)
  meanwhile(room)
  const outcomes: Outcome[] = []
  for (const seed of seeds) outcomes.push(await askInRoom(room, { ...wish, mode, tokens, seed }, kills))
  stopped.abort(new Error('The question is answered.'))
  room.close()
  return outcomes
}
