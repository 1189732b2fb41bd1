/** What stands beside each row of a proof: what its text has cost, and what its own disturbance has. Pure. */
import { sharesOf } from '../../node/reasoning/modes'
import { plans } from '../../node/reasoning/proof/rows'
import type { Row } from '../../node/reasoning/proof/verdict'
import { costsOf } from '../reason/figures'

export type ProofFigure =
  | { readonly name: 'speed'; readonly tokensPerSecond: number }
  /** Of a token, on average. */
  | { readonly name: 'computing' | 'travelling' | 'rest'; readonly milliseconds: number }
  | { readonly name: 'bytesPerHop' | 'bytesPerToken'; readonly bytes: number }
  | { readonly name: 'detected' | 'recovered' | 'handover'; readonly milliseconds: number }
  | { readonly name: 'replayed'; readonly tokens: number }
  | { readonly name: 'accepted'; readonly share: number }
  | { readonly name: 'perRound'; readonly tokens: number }
  | { readonly name: 'roundsLost'; readonly atMost: number }
  | { readonly name: 'wasClosed'; readonly peer: string; readonly after: number }

/** @param self this tab's peer id */
export function figuresOf(
  { name, asking, closed }: Pick<Row, 'name' | 'asking' | 'closed'>,
  self: string,
): ProofFigure[] {
  const costs = asking && costsOf(asking, self)
  if (!asking || !costs) return []
  const { mode } = plans[name]
  const figures: ProofFigure[] = [
    ...(closed ? [{ name: 'wasClosed', ...closed } as const] : []),
    { name: 'speed', tokensPerSecond: costs.tokensPerSecond },
    { name: 'computing', milliseconds: costs.computeMs },
  ]
  const lost = asking.incidents.filter((one) => one.kind === 'lost')
  const recovered = asking.incidents.filter((one) => one.kind === 'recovered')
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const recoveredMs = sum(recovered.map(({ milliseconds }) => milliseconds))
  switch (mode) {
    case 'alone':
      break
    case 'pipeline':
      if (costs.bytesPerHop !== null) figures.push({ name: 'bytesPerHop', bytes: costs.bytesPerHop })
      figures.push({ name: 'travelling', milliseconds: costs.travelMs })
      figures.push({ name: 'rest', milliseconds: costs.restMs })
      if (lost.length > 0)
        figures.push({
          name: 'detected',
          milliseconds: Math.max(...lost.map(({ detectedMs }) => detectedMs)),
        })
      if (recovered.length > 0)
        figures.push(
          { name: 'recovered', milliseconds: recoveredMs },
          { name: 'replayed', tokens: sum(recovered.map(({ replayedTokens }) => replayedTokens)) },
        )
      break
    case 'speculative': {
      const { acceptance, tokensPerRound } = sharesOf(asking.account)
      if (acceptance !== null) figures.push({ name: 'accepted', share: acceptance })
      if (tokensPerRound !== null) figures.push({ name: 'perRound', tokens: tokensPerRound })
      figures.push({ name: 'bytesPerToken', bytes: costs.bytesPerToken })
      if (recovered.length > 0) figures.push({ name: 'handover', milliseconds: recoveredMs })
      // A tab that is lost is one that was asked, or would have been next: it costs a round, or none.
      if (lost.length > 0) figures.push({ name: 'roundsLost', atMost: lost.length })
      break
    }
  }
  return figures
}
