/**
 * Whether edges tell the truth. All compute the same, so two answers to one question must be equal; now and then two are asked for
 * that alone, and where a second was asked because the first was late, the comparison is free. Where two differ a third decides,
 * the odd one is left out, and what was said on its word alone since it was last confirmed is said again.
 *
 * Machines that round otherwise may part where two tokens are as good as equally likely: that, and no more, is excused.
 */
import type { Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import type { Place } from './drafter'
import type { Verdict } from './verifier'

interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
}
export interface Dispute extends Asked {
  readonly one: Verdict
  readonly other: Verdict
}

export interface Disputes {
  /** It is time to ask two. */
  isDue(position: number): boolean
  compare(asked: Asked, one: Verdict, other: Verdict): void
  /** Two that disagree; null where none do. */
  open(): Dispute | null
  /**
   * Who was wrong, by a third verdict, and from which position on its word alone was believed; null where it was not. Throws
   * where nobody can tell.
   */
  settle(third: Verdict | null): { readonly liar: NodeId; readonly from: number | null }
  /** What comes at this position is said on its word alone. */
  believe(by: NodeId, position: number): void
  isLiar(id: NodeId): boolean
}

/** Tokens between two looks. */
export const lookEvery = 32
/** In logits: twice what machines that round otherwise were seen to differ by, rounded up. */
const tieWithin = 1e-4

export function openDisputes({ links, self }: Ports, { temperature }: Question): Disputes {
  const liars = new Set<NodeId>()
  /** By edge: the first position that nobody has confirmed. */
  const believed = new Map<NodeId, number>()
  let dispute: Dispute | null = null
  let lookedAt: number | null = null

  const fingerprintOf = (id: NodeId): string | undefined =>
    id === links.self
      ? self.arithmetic.fingerprint
      : links.members().find((member) => member.id === id)?.hello.fingerprint
  const isExcused = (one: Verdict, other: Verdict): boolean => {
    if (fingerprintOf(one.by) === fingerprintOf(other.by)) return false
    // Whoever accepted fewer refused what the other chose: its gap is how sure it was.
    const gap =
      one.accepted === other.accepted
        ? Math.min(one.gap, other.gap)
        : [one, other].sort((a, b) => a.accepted - b.accepted)[0].gap
    return gap * (temperature === 0 ? 1 : temperature) < tieWithin
  }
  const isSame = (one: Verdict, other: Verdict): boolean =>
    (one.accepted === other.accepted && one.id === other.id) || isExcused(one, other)

  return {
    isDue(position) {
      lookedAt ??= position
      if (position - lookedAt < lookEvery) return false
      lookedAt = position
      return true
    },
    compare(asked, one, other) {
      if (!isSame(one, other)) dispute ??= { ...asked, one, other }
      else for (const { by } of [one, other]) believed.delete(by)
    },
    open: () => dispute,
    settle(third) {
      const { one, other } = dispute!
      const isWithOne = third != null && isSame(one, third)
      if (!third || (!isWithOne && !isSame(other, third)))
        throw new Error(
          'Two tabs that hold the whole model give different words, and nobody is there to say who is right. Open a third tab with the room’s link, or ask alone.',
        )
      const liar = isWithOne ? other.by : one.by
      liars.add(liar)
      dispute = null
      const from = believed.get(liar) ?? null
      believed.delete(liar)
      return { liar, from }
    },
    believe(by, position) {
      if (by !== links.self && !believed.has(by)) believed.set(by, position)
    },
    isLiar: (id) => liars.has(id),
  }
}
