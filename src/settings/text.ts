/** Which texts go with which models: pictures are words only of a model that sees. */
import { canSee, isBase } from '../corpora/pretraining'
import { hasPictures } from '../corpora/share'

/** Why a model cannot learn from a text; null: it can. */
export function whyNotSeen({
  corpus,
  model,
}: {
  readonly corpus: string | null
  readonly model: string
}): string | null {
  const sees = isBase(model) && canSee(model)
  if (sees || !hasPictures(corpus)) return null
  return `The text “${corpus}” has pictures, and the model ${model} sees none: open a room with model=lens.`
}
