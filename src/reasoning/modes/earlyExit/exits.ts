/**
 * A model that may be left early. The first layers are run for every token; where their choice is sure, it stands, and the other
 * layers are not run. But later tokens look back at this one in every layer, so its keys and values there are filled in from the
 * row with which it left (as CALM does); that is done when the upper layers are next needed, for all such tokens at once.
 *
 * Source: Schuster et al., Confident Adaptive Language Modeling, arXiv 2207.07061.
 */
import { choicesOf, hiddenOf, isSessionOver, type Passed, type Wanted } from '../../../training/session'
import { type Journal, journalOf } from '../../core/journal'
import { commonPrefix } from '../../core/window'
import { openHead } from '../../head'
import { doubtOf } from '../../plan/risk'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { draftLayers } from '../speculative/drafter'

export interface Exits {
  /** The first layers, after which a text may be left. */
  readonly layers: number
  /**
   * What is wanted after the last token of a text. Of the tokens before it those that are new are read in full, if this is not
   * the one that follows the last text.
   * @param least below this doubt the first layers' choice stands; 0: never
   */
  read(
    text: readonly number[],
    wanted: Wanted & { readonly kind: 'choices' | 'masses' },
    draw: Extract<Wanted, { kind: 'choices' }>['draw'],
    least: number,
  ): Promise<{ readonly passed: Passed; readonly layers: number; readonly milliseconds: number }>
  close(): void
}

export function openExits(
  { sessions, self }: Pick<Ports, 'sessions' | 'self'>,
  adapter: Uint8Array | null,
): Exits {
  const { layers: all, width } = self.facts
  const layers = draftLayers(self.facts)
  const lower = openReader(sessions, adapter, {
    layers: { from: 0, to: layers },
    reads: 'ids',
    gives: 'hidden',
  })
  const upperStretch = { layers: { from: layers, to: all }, reads: 'hidden', gives: 'logits' } as const
  /** The rows that left the first layers, by position, and which of them went no further. */
  const rows: Journal = journalOf(width)
  let hasLeft: readonly boolean[] = []
  let known: readonly number[] = []
  /** So many positions the upper layers know. */
  let upperAt = 0
  let upper: Promise<number> | null = null
  const head = openHead(sessions, self.facts)
  let isClosed = false

  const forgetUpper = (): void => {
    void upper?.then((session) => sessions.closeSession(session)).catch(() => {})
    upper = null
    upperAt = 0
  }

  /** Lets the upper layers know everything before position `end`: read through, or filled in where a token left. */
  async function catchUp(session: number, end: number): Promise<number> {
    let milliseconds = 0
    while (upperAt < end) {
      const left = hasLeft[upperAt]
      let to = upperAt + 1
      while (to < end && hasLeft[to] === left) to++
      const input = rows.rows(upperAt, to)
      const wanted = left ? ({ kind: 'filled' } as const) : ({ kind: 'masses', top: 1 } as const)
      milliseconds += (await sessions.pass({ session, at: upperAt, input, rows: 'last', wanted }))
        .milliseconds
      upperAt = to
    }
    return milliseconds
  }

  async function goOn(position: number, wanted: Wanted): Promise<Passed> {
    upper ??= sessions.openSession({ adapter, stretch: upperStretch })
    const session = await upper
    const before = await catchUp(session, position)
    const passed = await sessions.pass({
      session,
      at: position,
      input: rows.rows(position, position + 1),
      rows: 'last',
      wanted,
    })
    upperAt = position + 1
    return { ...passed, milliseconds: passed.milliseconds + before }
  }

  return {
    layers,
    async read(text, wanted, draw, least) {
      const at = Math.min(commonPrefix(known, text), text.length - 1)
      upperAt = Math.min(upperAt, at)
      hasLeft = [...hasLeft.slice(0, at), ...Array<boolean>(text.length - at).fill(false)]
      known = text.slice(0, at)
      const entered = await lower.read(text, { kind: 'hidden' }, at)
      rows.write(at, hiddenOf(entered))
      known = text
      const last = text.length - 1
      const row = rows.rows(last, last + 1)
      const early = await head.pass(row, { kind: 'choices', draw })
      const isSure = doubtOf(choicesOf(early)[0].gap) < least
      hasLeft = [...hasLeft.slice(0, last), isSure]
      const soFar = entered.milliseconds + early.milliseconds
      if (isSure) {
        const passed = wanted.kind === 'choices' ? early : await head.pass(row, wanted)
        return { passed, layers, milliseconds: soFar }
      }
      try {
        const passed = await goOn(last, wanted)
        return { passed, layers: all, milliseconds: soFar + passed.milliseconds }
      } catch (problem) {
        if (isClosed || !isSessionOver(problem)) throw problem
        forgetUpper()
        const passed = await goOn(last, wanted)
        return { passed, layers: all, milliseconds: soFar + passed.milliseconds }
      }
    },
    close() {
      isClosed = true
      lower.close()
      forgetUpper()
      head.close()
    },
  }
}
