/** Which texts go with which models: pictures are words only of a model that sees. */
import { cutAtPictures, pixelsOf } from '../corpora/pictures/patches'
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
  if (seesPictures(model) || !hasPictures(corpus)) return null
  return `The text “${corpus}” has pictures, and the model ${model} sees none: open a room with model=lens.`
}

/** Whether pictures are among a model's words, by its name. */
export const seesPictures = (model: string): boolean => isBase(model) && canSee(model)

/** Why a model cannot be shown a text; null: it can. */
export function whyBlind(text: string, model: string): string | null {
  if (seesPictures(model) || cutAtPictures(text).every((part) => pixelsOf(part) === null)) return null
  return `There is a picture in this view, and the model ${model} sees none: choose the model lens.`
}
