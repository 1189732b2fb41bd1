/**
 * Whether another tab can work on the same text: the same weights, cut into the same tokens, in the same precision. What does not
 * fit is said in plain words, with what to do.
 */
import type { ModelFacts } from '../training/session'
import type { Hello } from './wire/letters'

/** Why a tab cannot take part in this text; null where it can. `adapter`: the hash it must hold, null for the base. */
export function misfit(
  facts: ModelFacts,
  { facts: its, adapter: held }: Hello,
  adapter: string | null,
): string | null {
  if (its.modelHash !== facts.modelHash) return 'It has another base model. All tabs must load the same one.'
  if (its.tokenizerHash !== facts.tokenizerHash)
    return 'Its tokenizer cuts text otherwise. Reload it, so that all tabs have the same files.'
  if (its.precision !== facts.precision)
    return `It keeps the model as ${its.precision}, this tab as ${facts.precision}. Open both with the same precision.`
  const isSameShape =
    its.layers === facts.layers &&
    its.width === facts.width &&
    its.vocabulary === facts.vocabulary &&
    its.capacity === facts.capacity
  if (!isSameShape)
    return 'Its model has another shape. Reload it, so that all tabs have the same version of this page.'
  if (adapter !== null && held !== adapter)
    return 'It holds another version of the adapter. Wait until it has caught up with the room.'
  return null
}
