/**
 * What an attack makes of this tab's own updates, beside what its account claims (federation/privacy/audit.ts). Where the room audits
 * itself, a part of the text is not trained on; as many pieces that are trained on are chosen by chance. After each update the tab does
 * what whoever merges could do: it adds to the version what it has sent, noise and all, and looks how much likelier each piece has
 * become. What was read should not stand out more than the claim allows.
 *
 * The pieces count as if each were a trial of its own (auditing in one run, Steinke, Nasr, Jagielski, arXiv 2305.08846), and few pieces
 * cannot show much however much is told: how much they could show is said as well. Nothing of it leaves the tab: it follows from
 * private text. Under masks nobody sees one update, and nothing is looked at.
 */
import type { Example } from '../../corpora/example'
import { moved } from '../../federation/aggregation/global/mean'
import type { Delta } from '../../federation/aggregation/types'
import { audit } from '../../federation/privacy/audit'
import { random } from '../../lib/rng'
import { decodeAdapter, encodeAdapter } from '../../model/adapter'
import { privacyOf } from '../../settings/derived/privacy'
import type { HeldShare } from '../local/text'
import type { Workplace } from '../local/workplace'
import type { Tab } from '../tab/tab'

export interface Auditing {
  /** This text is trained on from now on. */
  hold(held: HeldShare | null): void
  /** This change left the tab, as it is, towards this version. */
  sent(version: Uint8Array, change: Delta): void
  /** Looks at what was sent last; does nothing where the room does not audit itself. */
  look(): Promise<void>
}

interface Piece {
  readonly example: Example
  readonly isRead: boolean
  /** How much less likely it became by all updates together, nats per token; below 0: likelier. */
  score: number
}

const shelf = 'audit'

export function auditingOf(tab: Tab, workplace: Pick<Workplace, 'engine'>): Auditing {
  let holds: HeldShare | null = null
  let pieces: readonly Piece[] = []
  let last: { readonly version: Uint8Array; readonly change: Delta } | null = null

  async function lossesOf(adapter: Uint8Array): Promise<readonly number[]> {
    const { compute } = workplace.engine()!
    const losses: number[] = []
    for (const { example } of pieces) {
      await compute.hold(shelf, [example])
      losses.push((await compute.evaluate(adapter, shelf)).loss)
    }
    return losses
  }

  return {
    hold(held) {
      if (held === holds) return
      holds = held
      const { seed } = tab.store.getState().settings
      const apart = held?.apart ?? []
      const read = random(seed, 'audited')
        .shuffle(held?.share.train ?? [])
        .slice(0, apart.length)
      const piecesOf = (examples: readonly Example[], isRead: boolean) =>
        examples.map((example): Piece => ({ example, isRead, score: 0 }))
      pieces = [...piecesOf(read, true), ...piecesOf(apart, false)]
      last = null
      tab.set({ audit: null })
    },
    sent(version, change) {
      last = { version, change }
    },
    async look() {
      const engine = workplace.engine()
      const terms = privacyOf(tab.store.getState().settings)
      if (!engine || !terms || !last || pieces.length === 0) return
      const { version, change } = last
      last = null
      const seen = encodeAdapter(moved(decodeAdapter(version, engine.opened.adapter), change))
      const [before, after] = [await lossesOf(version), await lossesOf(seen)]
      for (const [at, piece] of pieces.entries()) piece.score += after[at] - before[at]
      const scoresOf = (isRead: boolean) =>
        pieces.filter((piece) => piece.isRead === isRead).map(({ score }) => score)
      const [read, apart] = [scoresOf(true), scoresOf(false)]
      const certain = audit(
        read.map(() => 0),
        apart.map(() => 1),
        terms.delta,
      )
      tab.set({
        audit: {
          ...audit(read, apart, terms.delta),
          pieces: pieces.length,
          mostShown: certain.epsilonAtLeast,
          updates: (tab.store.getState().audit?.updates ?? 0) + 1,
        },
      })
    },
  }
}
