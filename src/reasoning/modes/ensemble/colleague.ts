/**
 * A member of an ensemble as the asker sees it: what it has read, and whether an answer is still out. It is told only what it has
 * not read yet; one that fell behind catches up by ids, one that has lost the text reads it again, and one that does not answer
 * is left alone for a while.
 */
import type { Masses } from '../../../model/masses'
import { heardAfter, patienceMs, type Rate, unknownRate } from '../../core/rates'
import { commonPrefix } from '../../core/window'
import { type Line, Unanswered } from '../../line'
import { banMs } from '../../plan/replacement'
import type { NodeId, Ports } from '../../ports'
import type { Purpose } from '../../wire/letters'
import { mostTokens } from '../../wire/packets'

export interface Opinion {
  /** Of the token after so many of the window's. */
  readonly at: number
  readonly masses: Masses
  readonly likelihoods: readonly number[]
}

export interface Colleague {
  readonly id: NodeId
  /**
   * Tells what it heard, in pieces where there is much to read. Null while it is still busy with an earlier question, or left
   * alone. Rejects where it does not answer.
   */
  ask(window: readonly number[], signal: AbortSignal, heard: (opinion: Opinion) => void): Promise<void> | null
  close(): void
}

const openingMs = 5000

/**
 * @param purpose what it is asked for
 * @param restMs for how long it is left alone after its nth failure
 */
export function openColleague(
  { clock }: Ports,
  line: Line,
  id: NodeId,
  purpose: Extract<Purpose, { readonly kind: 'member' }>,
  restMs: (failures: number) => number = banMs,
): Colleague {
  let session: number | null = null
  let known: readonly number[] = []
  let isBusy = false
  let failures = 0
  let restsUntilMs = 0
  let rate: Rate = unknownRate

  async function open(signal: AbortSignal): Promise<number> {
    const number = line.newSession()
    await line.open(id, { session: number, epoch: 0 }, purpose, { forMs: openingMs, signal })
    known = []
    return number
  }

  async function read(
    window: readonly number[],
    signal: AbortSignal,
    heard: (opinion: Opinion) => void,
  ): Promise<void> {
    session ??= await open(signal)
    let at = Math.min(commonPrefix(known, window), window.length - 1)
    while (at < window.length) {
      const ids = window.slice(at, at + mostTokens)
      const beganAtMs = clock.now()
      const patience = { forMs: patienceMs(rate, ids.length), signal }
      const answer = await line.ask(id, { type: 'tokens', session, epoch: 0, at, ids }, patience)
      if (answer.type !== 'masses' || answer.likelihoods.length !== ids.length - 1)
        throw new Unanswered(id, 'nonsense', 'It answered something else.')
      if (ids.length === 1) rate = heardAfter(rate, clock.now() - beganAtMs)
      at += ids.length
      known = window.slice(0, at)
      heard({ at, masses: answer.masses, likelihoods: answer.likelihoods })
    }
  }

  return {
    id,
    ask(window, signal, heard) {
      if (isBusy || clock.now() < restsUntilMs) return null
      isBusy = true
      return read(window, signal, heard)
        .catch((problem: unknown) => {
          if (session !== null) line.close(id, session)
          session = null
          known = []
          if (problem instanceof Unanswered) restsUntilMs = clock.now() + restMs(++failures)
          throw problem
        })
        .finally(() => {
          isBusy = false
        })
    },
    close() {
      if (session !== null) line.close(id, session)
    },
  }
}
