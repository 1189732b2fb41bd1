/**
 * Who takes over the layers of a stage that was lost. One tab that can hold all of them, if there is one, since every boundary
 * costs a trip: of those whose arithmetic is the asker's, so that the text goes on bit by bit, the fastest. Otherwise the span is
 * shared out among those that are left. A tab that failed lately is passed over for a while, unless all have failed: then the
 * fault may be the asker's own.
 */
import type { Span } from '../../model/stretch'
import { type Candidate, type Placed, place } from './placement'

export interface Survivor extends Candidate {
  /** Layers of this text that it holds already. */
  readonly holds: number
  readonly hasSameArithmetic: boolean
  readonly isBanned: boolean
}

/** Null where the survivors together have no room for the span. */
export function replacementFor(span: Span, survivors: readonly Survivor[]): readonly Placed[] | null {
  const trusted = survivors.filter(({ isBanned }) => !isBanned)
  return among(span, trusted) ?? among(span, survivors)
}

function among({ from, to }: Span, survivors: readonly Survivor[]): readonly Placed[] | null {
  const layers = to - from
  const ranked = survivors
    .map((survivor) => ({ ...survivor, mostLayers: Math.max(0, survivor.mostLayers - survivor.holds) }))
    .sort(better)
  const whole = ranked.find(({ mostLayers }) => mostLayers >= layers)
  if (whole) return [{ id: whole.id, layers: { from, to } }]
  // As few as have room together: the largest first.
  const byRoom = [...ranked].sort((one, other) => other.mostLayers - one.mostLayers || better(one, other))
  for (let count = 2; count <= byRoom.length; count++) {
    const shared = place(byRoom.slice(0, count), layers)
    if (shared)
      return shared.map(({ id, layers: part }) => ({
        id,
        layers: { from: from + part.from, to: from + part.to },
      }))
  }
  return null
}

const better = (one: Survivor, other: Survivor): number =>
  Number(other.hasSameArithmetic) - Number(one.hasSameArithmetic) ||
  one.holds - other.holds ||
  one.millisecondsPerLayer - other.millisecondsPerLayer ||
  (one.id < other.id ? -1 : 1)

/** For how long a tab is passed over after its nth failure: 15 s, twice as long each time. */
export const banMs = (failures: number): number => 15_000 * 2 ** Math.min(failures - 1, 6)
