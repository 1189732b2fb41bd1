/**
 * What the whole model would choose all along a text that is there already, as edges say: by this a device learns how far its own
 * guesses may be believed (modes/cascade.ts). Two are asked where there are two, and only what both say counts: so one that lies
 * makes a device doubt itself more often, and never less.
 */

import { Unanswered, unansweredBy } from '../../../line'
import { Unanswerable } from '../../../mode'
import type { NodeId } from '../../../ports'
import type { Verifier } from './verifier'

/** After each token of a text but the last; null where two edges differ. */
export type Recital = readonly (number | null)[]

/**
 * @param next an edge, none of those
 * @param own where nobody answers; null: this tab may not hold the whole model
 * @param whyNone the error’s words where nobody is left
 */
export async function recitalOf(
  ids: readonly number[],
  next: (...notThese: readonly NodeId[]) => Pick<Verifier, 'id' | 'recite'> | null,
  own: Pick<Verifier, 'recite'> | null,
  signal: AbortSignal,
  whyNone: string,
): Promise<Recital> {
  const recited: (readonly number[])[] = []
  const asked: NodeId[] = []
  while (recited.length < 2) {
    const edge = next(...asked)
    if (!edge) break
    asked.push(edge.id)
    const told = await edge.recite(ids, signal).catch(unansweredBy)
    if (!(told instanceof Unanswered)) recited.push(told)
  }
  const [told, ...others] = recited
  if (!told && !own) throw new Unanswerable(whyNone)
  if (!told) return own!.recite(ids, signal)
  return told.map((id, index) => (others.every((other) => other[index] === id) ? id : null))
}
