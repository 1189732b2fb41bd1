/**
 * Whether edges tell the truth. All compute the same, so two answers to one question must be equal; now and then two are asked for
 * that alone, and where a second was asked because the first was late, the comparison is free. Where two differ others are asked
 * until two agree, the odd one is left out, and all that was said on its word alone is said again: to have passed a look says nothing of what
 * somebody said before it, or since.
 * Between machines that round otherwise a tie is excused (core/tie.ts).
 */
import { isTie } from '../../../core/tie'
import { Unanswered } from '../../../line'
import { type Question, Unanswerable } from '../../../mode'
import type { NodeId, Ports } from '../../../ports'
import type { Place } from '../guessing'
import type { Verdict } from './verifier'

interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
}
/** `guesses` are those that both found right: they part in the token after them. */
export interface Dispute extends Asked {
  /** What was guessed in its place. */
  readonly guess: number | undefined
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
   * By further verdicts on the guesses of the dispute: what two say is right, and what this tab itself says. Null where they settle
   * nothing yet.
   */
  settle(further: readonly Verdict[]): Settled | null
  /** What comes at this position is said on its word alone. */
  believe(by: NodeId, position: number): void
}

/** Tokens between two looks. */
export const lookEvery = 32
/** @param liars whoever was found out, which is remembered here */
export function openDisputes(
  { links, self }: Ports,
  { temperature }: Question,
  liars: Set<NodeId>,
): Disputes {
  /** By edge: the first position that it alone answered for. */
  const believed = new Map<NodeId, number>()
  let dispute: Dispute | null = null
  let lookedAt: number | null = null

  const fingerprintOf = (id: NodeId): string | undefined =>
    id === links.self
      ? self.arithmetic.fingerprint
      : links.members().find((member) => member.id === id)?.hello.fingerprint
  const mayRoundOtherwise = (one: Verdict, other: Verdict): boolean =>
    fingerprintOf(one.by) !== fingerprintOf(other.by)
  const foundTie = ({ gap }: Verdict): boolean => isTie(gap, temperature)

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
      const common = guesses.slice(0, right)
      const [guess] = guesses.slice(right)
      if (sayingOf(one, right, guess) === sayingOf(other, right, guess)) return
      // Of a guess that it found right nobody says by how much it won: a third must say.
      const isExcused =
        mayRoundOtherwise(one, other) && one.accepted === other.accepted && foundTie(one) && foundTie(other)
      if (!isExcused) dispute ??= { place, guesses: common, guess, one, other }
    },
    open: () => dispute,
    settle(further) {
      const { one, other, guesses, guess } = dispute!
      const saying = (verdict: Verdict) => sayingOf(verdict, guesses.length, guess)
      const all = [one, other, ...further].map(saying)
      const own = further.find(({ by }) => by === links.self)
      const right = own ? saying(own) : all.find((said, index) => all.indexOf(said) !== index)
      if (right === undefined) return null
      const isExcused =
        mayRoundOtherwise(one, other) &&
        further.every((verdict) => saying(verdict) !== right || foundTie(verdict))
      dispute = null
      const found = isExcused ? [] : [one, other].filter((side) => saying(side) !== right).map(({ by }) => by)
      const from = Math.min(...found.map((liar) => believed.get(liar) ?? Number.POSITIVE_INFINITY))
      for (const liar of found) {
        liars.add(liar)
        believed.delete(liar)
      }
      return { liars: found, from: Number.isFinite(from) ? from : null }
    },
    believe(by, position) {
      if (by !== links.self && !believed.has(by)) believed.set(by, position)
    },
  }
}

/** What somebody says of the token after so many right guesses; `guess`: the one in its place, if it found that right, too. */
const sayingOf = ({ accepted, id }: Verdict, right: number, guess: number | undefined): string =>
  accepted > right ? `${right} ${guess}` : `${accepted} ${id}`

/**
 * Asks one after the other until their verdicts settle an open dispute. Throws where nobody is left.
 * @param askOther what somebody says who is none of those; null: nobody is left
 */
export async function settledBy(
  disputes: Disputes,
  askOther: (dispute: Dispute, heard: readonly NodeId[]) => Promise<Verdict | Unanswered> | null,
): Promise<Settled> {
  const dispute = disputes.open()!
  const heard = [dispute.one.by, dispute.other.by]
  const further: Verdict[] = []
  for (;;) {
    const opinion = await askOther(dispute, heard)
    if (!opinion) throw new Unanswerable(undecided)
    heard.push(opinion.by)
    if (opinion instanceof Unanswered) continue
    further.push(opinion)
    const settled = disputes.settle(further)
    if (settled) return settled
  }
}

const undecided =
  'Two tabs that hold the whole model give different words, and nobody is there to say who is right. Open a third tab with the room’s link, or ask alone.'
