/**
 * Whether a member of an ensemble babbles. Who finds likely what it has itself made the ensemble say is believed more and more, so
 * one that claims to have known every word, and then puts all of its weight on words of its choice, would soon speak alone. Facts
 * that one tab alone knows look the same for a word or two; but between them stand words that everybody expects. So a member whose
 * words the likeliest of the others finds, over some tokens, less likely than chance, is no expert: it is named and left out.
 * Pure: what it says follows from what was answered.
 */
import { ln } from '../../../lib/portable'

/** Tokens that a member alone decided, and that are judged together. */
const judgedTokens = 8
/**
 * By so many nats below chance. Of held-out texts that one of three adapters of `toy` had read, the others found eight tokens
 * together no less likely than e^2.7 times chance (with one other: e^1.4 times).
 */
const belowChance = 1
/** From so many on everybody is asked, so that not the asker alone judges. */
const doubtfulTokens = 4

export interface Babble {
  /**
   * After a token: ln p of it by each that answered (null of the others), and who had most of its weight.
   * @param shares how much of the token's probability each brought; they sum to one
   */
  heard(logs: readonly (number | null)[], shares: readonly number[]): void
  /** Everybody should be asked about the next token. */
  readonly isDoubtful: boolean
  /** The first member that babbles; null: none. The asker, which is the first of all, is not judged. */
  readonly found: number | null
}

export function listenForBabble(members: number, vocabulary: number): Babble {
  const least = -ln(vocabulary) - belowChance
  /** By member: what the others thought of the last tokens that it decided. */
  const doubted = Array.from({ length: members }, (): number[] => [])
  const isBabble = (logs: readonly number[], count: number): boolean =>
    logs.length >= count && logs.slice(-count).reduce((sum, log) => sum + log, 0) < count * least

  return {
    heard(logs, shares) {
      const decided = shares.findIndex((share) => share > 0.5)
      if (decided < 1) return
      const others = logs.flatMap((log, member) => (member === decided || log === null ? [] : [log]))
      if (others.length === 0) return
      doubted[decided] = [...doubted[decided], Math.max(...others)].slice(-judgedTokens)
    },
    get isDoubtful() {
      return doubted.some((logs) => isBabble(logs, doubtfulTokens))
    },
    get found() {
      const member = doubted.findIndex((logs) => isBabble(logs, judgedTokens))
      return member === -1 ? null : member
    },
  }
}
