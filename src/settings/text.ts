/** Which texts go with which models: pictures are words only of a model that sees. */
import { hasPicture, pictureWords } from '../corpora/pictures/patches'
import { baseNamed, canSee } from '../corpora/pretraining'
import { hasPictures } from '../corpora/share'

/** Why a model cannot learn from a text; null: it can. */
export function whyNotSeen({
  corpus,
  model,
}: {
  readonly corpus: string | null
  readonly model: string
}): string | null {
  if (namedSeeing(model) || !hasPictures(corpus)) return null
  return `The text “${corpus}” has pictures, and the model ${model} sees none: open a room with model=lens.`
}

/** Whether pictures are among a model's words, by its name; of a model that is open its tokenizer knows (`seesPictures`). */
export function namedSeeing(model: string): boolean {
  const base = baseNamed(model)
  return base !== null && canSee(base)
}

/** Whether pictures are among the words of a model that is open, whatever it is called: its tokenizer takes each of theirs for one token. */
export async function seesPictures(encode: (text: string) => Promise<readonly number[]>): Promise<boolean> {
  // A tokenizer without tokens for their letters refuses them.
  const ids = await encode(pictureWords.join('')).catch(() => [])
  return ids.length === pictureWords.length
}

/** Why a model cannot be shown a text; null: it can. */
export const whyBlind = (text: string, sees: boolean): string | null =>
  sees || !hasPicture(text)
    ? null
    : 'There is a picture in this view, and this model sees none: choose the model lens.'
