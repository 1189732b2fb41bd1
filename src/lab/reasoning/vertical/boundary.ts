/**
 * What crosses the cut of a split model, looked at from both sides: how much a shorter code changes what the model thinks, and how
 * well whoever gets the rows can guess the words. Both on texts that are there already.
 */
import { distributionOf, logProbabilityIn } from '../../../model/masses'
import { asReceived, type Codec } from '../../../reasoning/core/codecs'
import { openReader } from '../../../reasoning/reader'
import { hiddenOf, massesIn, type Sessions } from '../../../training/session'

type Texts = readonly (readonly number[])[]

/** What arrives of rows [token, width] that were sent. */
export type Wire = (rows: Float32Array, width: number) => Float32Array

export const codedBy =
  (codec: Codec): Wire =>
  (rows, width) =>
    asReceived(rows, width, codec)

/** Rows [token, width] of a text that leave the first `cut` layers; of none: its embeddings. */
async function rowsAt(sessions: Sessions, text: readonly number[], cut: number): Promise<Float32Array> {
  const reader = openReader(sessions, null, { layers: { from: 0, to: cut }, reads: 'ids', gives: 'hidden' })
  const rows = hiddenOf(await reader.read(text, { kind: 'hidden' }, 0))
  reader.close()
  return rows
}

/** Tokens of which a probability is told one by one; the others share what is left. */
const listed = 256

export interface CodedLoss {
  readonly perplexity: number
  /** Mean Kullback-Leibler divergence from what the model thinks of exact rows, in nats a token. */
  readonly divergence: number
}

export async function codedLoss(
  sessions: Sessions,
  texts: Texts,
  cut: number,
  wire: Wire,
): Promise<CodedLoss> {
  const { layers, width, vocabulary } = await sessions.facts()
  let [loss, divergence, tokens] = [0, 0, 0]
  const thinks = async (rows: Float32Array) => {
    const stretch = { layers: { from: cut, to: layers }, reads: 'hidden', gives: 'logits' } as const
    const session = await sessions.openSession({ adapter: null, stretch })
    const wanted = { kind: 'masses', top: listed } as const
    const passed = await sessions.pass({ session, at: 0, input: rows, rows: 'each', wanted })
    await sessions.closeSession(session)
    return massesIn(passed)
  }
  for (const text of texts) {
    const rows = await rowsAt(sessions, text.slice(0, -1), cut)
    const exact = await thinks(rows)
    const coded = await thinks(wire(rows, width))
    for (const [index, masses] of coded.entries()) {
      loss -= logProbabilityIn(masses, vocabulary, text[index + 1])
      const [p, q] = [distributionOf(exact[index], vocabulary), distributionOf(masses, vocabulary)]
      divergence += p.reduce((sum, share, token) => sum + share * Math.log(share / q[token]), 0)
      tokens++
    }
  }
  return { perplexity: Math.exp(loss / tokens), divergence: divergence / tokens }
}

/** How well words are guessed from rows by somebody who has, for each word, a row that stands for it. */
export interface Inversion {
  /** The word’s embedding: what the base model’s file gives away. */
  readonly byEmbedding: number
  /** The mean of its rows at this cut in texts of one’s own: an hour’s work. */
  readonly byExample: number
}

/** Shares of the words of `texts`; examples are taken from `known`. To try words one by one finds more (`searchedWords`). */
export async function inversion(
  sessions: Sessions,
  texts: Texts,
  known: Texts,
  cut: number,
): Promise<Inversion> {
  const { vocabulary } = await sessions.facts()
  const words = Array.from({ length: vocabulary }, (_, id) => [id])
  const [embeddings, examples] = [await meanRows(sessions, words, 0), await meanRows(sessions, known, cut)]
  let [embedded, exampled, tokens] = [0, 0, 0]
  for (const text of texts)
    for (const [index, row] of (await contentAt(sessions, text, cut)).entries()) {
      if (nearest(embeddings, row) === text[index]) embedded++
      if (nearest(examples, row) === text[index]) exampled++
      tokens++
    }
  return { byEmbedding: embedded / tokens, byExample: exampled / tokens }
}

/** Rows of a text without what their position adds, which everybody knows. */
async function contentAt(sessions: Sessions, text: readonly number[], cut: number): Promise<Float32Array[]> {
  const { width } = await sessions.facts()
  const rows = await rowsAt(sessions, text, cut)
  const zeros = text.map(() => 0)
  const positions = await rowsAt(sessions, zeros, 0)
  return text.map((_, index) =>
    rows
      .subarray(index * width, (index + 1) * width)
      .map((number, channel) => number - positions[index * width + channel]),
  )
}

/** For each word that occurs, the mean of its rows. */
async function meanRows(
  sessions: Sessions,
  texts: Texts,
  cut: number,
): Promise<ReadonlyMap<number, Float32Array>> {
  const sums = new Map<number, { readonly sum: Float32Array; count: number }>()
  for (const text of texts)
    for (const [index, row] of (await contentAt(sessions, text, cut)).entries()) {
      const found = sums.get(text[index]) ?? { sum: new Float32Array(row.length), count: 0 }
      for (const [channel, number] of row.entries()) found.sum[channel] += number
      found.count++
      sums.set(text[index], found)
    }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum.map((number) => number / count)] as const))
}

/** By distance. */
function nearest(words: ReadonlyMap<number, Float32Array>, row: Float32Array): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY]
  for (const [id, word] of words) {
    let distance = 0
    for (let channel = 0; channel < row.length && distance < least; channel++)
      distance += (word[channel] - row[channel]) ** 2
    if (distance < least) [best, least] = [id, distance]
  }
  return best
}

/**
 * The share of words found by somebody who runs the first layers, too: word after word, every token of the vocabulary is tried
 * until the row is the one that was sent.
 */
export async function searchedWords(
  sessions: Sessions,
  text: readonly number[],
  cut: number,
  wire: Wire,
): Promise<number> {
  const { width, vocabulary } = await sessions.facts()
  const sent = wire(await rowsAt(sessions, text, cut), width)
  const stretch = { layers: { from: 0, to: cut }, reads: 'ids', gives: 'hidden' } as const
  const session = await sessions.openSession({ adapter: null, stretch })
  const rowOf = async (id: number, at: number) =>
    hiddenOf(await sessions.pass({ session, at, input: [id], rows: 'last', wanted: { kind: 'hidden' } }))
  let right = 0
  for (const [at, id] of text.entries()) {
    const row = sent.subarray(at * width, (at + 1) * width)
    let [found, least] = [-1, Number.POSITIVE_INFINITY]
    for (let tried = 0; tried < vocabulary; tried++) {
      const distance = (await rowOf(tried, at)).reduce(
        (sum, number, channel) => sum + (number - row[channel]) ** 2,
        0,
      )
      if (distance < least) [found, least] = [tried, distance]
    }
    if (found === id) right++
    await rowOf(found, at)
  }
  await sessions.closeSession(session)
  return right / text.length
}
