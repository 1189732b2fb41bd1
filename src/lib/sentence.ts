/**
 * Sentences that are made of what others say. Whether a complaint comes as a whole sentence, as part of one, or from a browser
 * that ends it as it likes: a sentence ends once.
 */

/** Ends as a sentence does; what ends already stays as it is. */
export const sentence = (text: string): string => {
  const said = text.trimEnd()
  return /[.!?…]$/u.test(said) ? said : `${said}.`
}

/** As part of a longer sentence, or in brackets: without the period at its end. */
export const clause = (text: string): string => text.trimEnd().replace(/(?<!\.)\.$/u, '')
