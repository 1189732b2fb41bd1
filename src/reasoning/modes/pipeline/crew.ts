/**
 * Who works on a pipeline and who could: the tabs that have the same model and adapter, what each can do, and who failed lately.
 * Decides, from what is known of the room, who takes which layers at the beginning and who takes over from whom.
 */
import { type Candidate, type Placed, place } from '../../plan/placement'
import { banMs, replacementFor } from '../../plan/replacement'
import type { NodeId, Ports } from '../../ports'
import { misfit } from '../../room'
import { holdersOf } from './stations'

/**
 * What a tab says of its speed is a claim: nobody counts as more than so many times as fast as the asker, so that no word draws all
 * layers to itself.
 */
const mostTimesAsFast = 16

/** More stages than this only add trips, unless the layers need them. */
export const usualStages = 3

export interface Crew {
  /** Null: all tabs together may not hold the layers. */
  plan(): readonly Placed[] | null
  candidates(): readonly Candidate[]
  /** @param holders who holds the other layers */
  replacement(lost: Placed, holders: readonly Placed[]): readonly Placed[] | null
  /** It was lost, or gave no answer: passed over for a while. */
  ban(id: NodeId): void
  /** It lied: never asked again for this text. */
  exclude(id: NodeId): void
  hasSameArithmetic(id: NodeId): boolean
  /** Somebody else who may hold so many layers beside those it holds, for a second look at what a stage gave. */
  witness(notThese: ReadonlySet<NodeId>, layers: number, held: ReadonlyMap<NodeId, number>): NodeId | null
}

export function crewOf(ports: Ports, adapter: string | null, stages: number): Crew {
  const { links, self, clock } = ports
  const failures = new Map<NodeId, { count: number; untilMs: number }>()
  const excluded = new Set<NodeId>()

  const members = () =>
    links
      .members()
      .filter((member) => misfit(self.facts, member.hello, adapter) === null && !excluded.has(member.id))
  const own: Candidate = {
    id: links.self,
    millisecondsPerLayer: self.arithmetic.millisecondsPerLayer,
    overheadMs: 0,
    mostLayers: self.mostLayers,
  }
  const others = (): Candidate[] =>
    members()
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ id, hello, roundTripMs }) => ({
        id,
        // A page that nobody looks at is slowed down by its browser.
        millisecondsPerLayer:
          Math.max(hello.millisecondsPerLayer, own.millisecondsPerLayer / mostTimesAsFast) *
          (hello.isVisible ? 1 : 2),
        overheadMs: (roundTripMs ?? 0) + hello.waitMs,
        mostLayers: Math.min(hello.mostLayers, self.facts.layers),
      }))
      .sort((a, b) => a.millisecondsPerLayer - b.millisecondsPerLayer)
  const isBanned = (id: NodeId) => (failures.get(id)?.untilMs ?? 0) > clock.now()
  const hasSameArithmetic = (id: NodeId) =>
    id === links.self ||
    members().find((member) => member.id === id)?.hello.fingerprint === self.arithmetic.fingerprint

  return {
    candidates: () => [own, ...others()],
    plan() {
      const ranked = others()
      const trusted = ranked.filter(({ id }) => !isBanned(id))
      const exact = [...trusted].sort(
        (a, b) => Number(hasSameArithmetic(b.id)) - Number(hasSameArithmetic(a.id)),
      )
      const { layers } = self.facts
      for (let count = Math.min(stages, exact.length + 1); count <= exact.length + 1; count++) {
        const chosen = exact.slice(0, count - 1)
        // Where there are fewer layers than tabs the asker keeps the words alone, so that as many as can take part.
        const spread = layers < count ? place(chosen.slice(0, layers), layers) : null
        const plan = spread ?? place([own, ...chosen], layers)
        if (plan) return plan
      }
      return place([own, ...ranked], self.facts.layers)
    },
    replacement({ layers }, holders) {
      const held = holdersOf(holders)
      return replacementFor(
        layers,
        [own, ...others()].map((candidate) => ({
          ...candidate,
          holds: held.get(candidate.id) ?? 0,
          hasSameArithmetic: hasSameArithmetic(candidate.id),
          isBanned: isBanned(candidate.id),
        })),
      )
    },
    hasSameArithmetic,
    ban(id) {
      const count = (failures.get(id)?.count ?? 0) + 1
      failures.set(id, { count, untilMs: clock.now() + banMs(count) })
    },
    exclude: (id) => void excluded.add(id),
    witness(notThese, layers, held) {
      const able = others().filter(
        ({ id, mostLayers }) =>
          !notThese.has(id) &&
          !isBanned(id) &&
          mostLayers - (held.get(id) ?? 0) >= layers &&
          hasSameArithmetic(id),
      )
      return able[0]?.id ?? null
    },
  }
}
