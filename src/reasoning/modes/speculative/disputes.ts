/**
 * Whether edges tell the truth. All compute the same, so two answers to one question must be equal; now and then two are asked for
 * that alone, and where a second was asked because the first was late, the comparison is free. Where two differ a third decides,
 * the odd one is left out, and all that was said on its word alone is said again: to have passed a look says nothing of what
 * somebody said before it, or since.
 *
 * Machines that round otherwise may part where two tokens are as good as equally likely: that, and no more, is excused. Both must
 * have found it so: what one alone says of itself excuses nothing.
 */
import type { Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import type { Place } from './drafter'
import type { Verdict } from './verifier'

interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
}
/** `guesses` are those that both found right: they part in the token after them. */
export interface Dispute extends Asked {
  readonly one: Verdict
  readonly other: Verdict
}
export interface Settled {
  /** Nobody where it was a tie. */
  readonly liars: readonly NodeId[]
  /** From which position on the word of one of them alone was believed; null where it was not. */
  readonly from: number | null
}

export interface Disputes {
  /** Another text begins: its positions are other ones. */
  begin(): void
  /** It is time to ask two. */
  isDue(position: number): boolean
  compare(asked: Asked, one: Verdict, other: Verdict): void
  /** Two that disagree; null where none do. */
  open(): Dispute | null
  /**
   * By a further verdict on the guesses of the dispute. Null where it agrees with neither, so that it settles nothing; unless it
   * is this tab’s own, which is right.
   */
  settle(third: Verdict): Settled | null
  /** What comes at this position is said on its word alone. */
  believe(by: NodeId, position: number): void
}

/** Tokens between two looks. */
export const lookEvery = 32
/** In logits: twice what machines that round otherwise were seen to differ by, rounded up. */
const tieWithin = 1e-4

/** @param liars whoever was found out, which is remembered here */
export function openDisputes(
  { links, self }: Ports,
  { temperature }: Question,
  liars: Set<NodeId>,
): Disputes {
  /** By edge: the first position that it alone answered for. */
  const believed = new Map<NodeId, number>()
  let dispute: (Dispute & { readonly words: readonly [number, number] }) | null = null
  let lookedAt: number | null = null

  const fingerprintOf = (id: NodeId): string | undefined =>
    id === links.self
      ? self.arithmetic.fingerprint
      : links.members().find((member) => member.id === id)?.hello.fingerprint
  const mayRoundOtherwise = (one: Verdict, other: Verdict): boolean =>
    fingerprintOf(one.by) !== fingerprintOf(other.by)
  const isTie = ({ gap }: Verdict): boolean => gap * (temperature === 0 ? 1 : temperature) < tieWithin

  return {
    begin() {
      believed.clear()
      lookedAt = null
    },
    isDue(position) {
      // A text that was taken back is looked at as soon as it has grown again.
      lookedAt = Math.min(lookedAt ?? position, position)
      if (position - lookedAt < lookEvery) return false
      lookedAt = position
      return true
    },
    compare({ place, guesses }, one, other) {
      const right = Math.min(one.accepted, other.accepted)
      const words = [wordAt(one, guesses, right), wordAt(other, guesses, right)] as const
      if (words[0] === words[1]) return
      // Of a guess that it found right nobody says by how much it won: a third must say.
      const isExcused =
        mayRoundOtherwise(one, other) && one.accepted === other.accepted && isTie(one) && isTie(other)
      if (!isExcused) dispute ??= { place, guesses: guesses.slice(0, right), one, other, words }
    },
    open: () => dispute,
    settle(third) {
      const { one, other, guesses, words } = dispute!
      const side = third.accepted === guesses.length ? words.indexOf(third.id) : -1
      if (side === -1 && third.by !== links.self) return null
      const isExcused = side !== -1 && mayRoundOtherwise(one, other) && isTie(third)
      dispute = null
      if (isExcused) return { liars: [], from: null }
      const found = [one, other].filter((_, index) => index !== side).map(({ by }) => by)
      for (const liar of found) liars.add(liar)
      const from = Math.min(...found.map((liar) => believed.get(liar) ?? Number.POSITIVE_INFINITY))
      for (const liar of found) believed.delete(liar)
      return { liars: found, from: Number.isFinite(from) ? from : null }
    },
    believe(by, position) {
      if (by !== links.self && !believed.has(by)) believed.set(by, position)
    },
  }
}

/** What comes after so many guesses, as somebody says who found at least so many right. */
const wordAt = ({ accepted, id }: Verdict, guesses: readonly number[], right: number): number =>
  accepted > right ? guesses[right] : id
