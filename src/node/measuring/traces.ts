/** What a model makes of single texts: the mean loss of each, one after the other, each on a shelf of its own. */
import type { Example } from '../../corpora/example'
import type { Compute } from '../../training/compute'

const shelf = 'one text'
/** Enough to tell a trace from chance; more would keep a slow tab busy for minutes. */
const mostTexts = 40

/** Of many texts some, spread over all of them. */
export const someTexts = <Text>(texts: readonly Text[]): readonly Text[] =>
  texts.length <= mostTexts
    ? texts
    : Array.from({ length: mostTexts }, (_, at) => texts[Math.floor((at * texts.length) / mostTexts)])

/** @param adapter null: the base alone @returns nats per token, in the order of the texts */
export async function lossesOf(
  compute: Compute,
  adapter: Uint8Array | null,
  texts: readonly Example[],
): Promise<number[]> {
  const losses: number[] = []
  for (const text of texts) {
    await compute.hold(shelf, [text])
    losses.push((await compute.evaluate(adapter, shelf)).loss)
  }
  return losses
}
