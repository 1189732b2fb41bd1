/** Who does what, for whoever looks on: the device guesses with its first layers, edges judge with all. Told as an answer begins, and when it changes. */
import type { Note, Stage } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import { draftLayers } from './drafter'

/** What of it is news to somebody who begins to look on, or was told before. */
export type Introduce = (judges: readonly NodeId[], isBeginning: boolean) => readonly Note[]

/** @param judgesItself this tab does, where nobody else is there */
export function introductionOf(
  { self: { facts, mostLayers }, links }: Pick<Ports, 'self' | 'links'>,
  judgesItself: boolean,
): Introduce {
  let told = ''
  return (others, isBeginning) => {
    const judges = others.length === 0 && judgesItself ? [links.self] : others
    const stages: readonly Stage[] = [
      { id: links.self, layers: [0, draftLayers(facts, mostLayers)] },
      ...judges.map((id) => ({ id, layers: [0, facts.layers] as const })),
    ]
    const isNews = isBeginning || JSON.stringify(stages) !== told
    told = JSON.stringify(stages)
    return isNews ? [{ kind: 'stages', stages, epoch: 0 }] : []
  }
}
