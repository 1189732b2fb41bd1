/** The figures that mean something in a mode, besides what every answer costs. */
import { type Account, type ModeName, sharesOf } from '../../../node/reasoning/modes'

export type ShareFigure =
  | { readonly name: 'perRound'; readonly tokens: number | null }
  | { readonly name: 'accepted' | 'offload' | 'saved'; readonly share: number | null }
  | { readonly name: 'hedges' | 'handovers'; readonly times: number }

/** A share of nothing yet is null. */
export function shareFigures(mode: ModeName, account: Account): readonly ShareFigure[] {
  const { tokensPerRound, acceptance, offload, layersSaved } = sharesOf(account)
  const { tokens, hedges, handovers } = account
  const rounds: readonly ShareFigure[] = [
    { name: 'perRound', tokens: tokensPerRound },
    { name: 'accepted', share: acceptance },
  ]
  switch (mode) {
    case 'speculative':
      return [...rounds, { name: 'handovers', times: handovers }]
    case 'multi-access':
      return [...rounds, { name: 'hedges', times: hedges }, { name: 'handovers', times: handovers }]
    case 'cascade':
      return [
        // Nothing asked is a share, too.
        { name: 'offload', share: offload ?? (tokens > 0 ? 0 : null) },
        { name: 'handovers', times: handovers },
      ]
    case 'early-exit':
      return [{ name: 'saved', share: layersSaved }]
    case 'alone':
    case 'pipeline':
    case 'ensemble':
    case 'mixture':
    case 'split':
    case 'fusion':
    case 'auto':
      return []
  }
}
