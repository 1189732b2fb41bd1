/**
 * Rows to batches. Lengths come from a few buckets, so that a backend sees few shapes; a row that is shorter is padded
 * behind its end, where causal attention never looks, with weight 0. Batches are plain arrays; they become tensors in
 * the step that uses them.
 */
import { largestOf } from '../lib/extremes'
import { random } from '../lib/rng'
import { countedTokens, type Row } from './rows'

export interface Batch {
  readonly batch: number
  readonly time: number
  readonly ids: Int32Array // [batch time]
  readonly targets: Int32Array // [batch time]
  /** What a prediction weighs in the gradient; 0: nothing. Of the rows themselves these sum to 1. */
  readonly weights: Float32Array // [batch time]
  /** Number of the rows' predictions that count. */
  readonly tokens: number
  /** Of the batch's rows these, the last ones, are rehearsed: they shape the gradient, and no loss tells of them. */
  readonly rehearsed: number
}

const buckets = [16, 32, 64, 128]

/** The longest row that training and evaluation use for a model. */
export const longestRow = (contextLength: number): number => Math.min(buckets.at(-1)!, contextLength)

/** The smallest bucket that holds the rows. */
export function bucketFor(rows: readonly Row[], contextLength: number): number {
  const longest = largestOf(rows.map(({ tokens }) => tokens.length - 1))
  return Math.min(contextLength, buckets.find((bucket) => bucket >= longest) ?? longest)
}

/** Rows side by side, padded to `time`; and behind them rows to rehearse, which together weigh `weight` as much. */
export function makeBatch(
  rows: readonly Row[],
  time: number,
  rehearsed: readonly Row[] = [],
  weight = 1,
): Batch {
  const all = [...rows, ...rehearsed]
  const ids = new Int32Array(all.length * time)
  const targets = new Int32Array(all.length * time)
  const weights = new Float32Array(all.length * time)
  const tokensOf = (some: readonly Row[]) => some.reduce((sum, row) => sum + countedTokens(row), 0)
  const tokens = tokensOf(rows)
  const weightOf = { own: 1 / tokens, rehearsed: weight / tokensOf(rehearsed) }
  all.forEach(({ tokens, countFrom, skips = [] }, row) => {
    ids.set(tokens.slice(0, -1), row * time)
    targets.set(tokens.slice(1), row * time)
    const weight = weightOf[row < rows.length ? 'own' : 'rehearsed']
    weights.fill(weight, row * time + countFrom - 1, row * time + tokens.length - 1)
    for (const [from, to] of skips) weights.fill(0, row * time + from - 1, row * time + to - 1)
  })
  return { batch: all.length, time, ids, targets, weights, tokens, rehearsed: rehearsed.length }
}

/** Public text that is read again beside a device's own: its rows, and what they weigh together. */
export interface Rehearsal {
  readonly rows: readonly Row[]
  readonly weight: number
}

/** Rows to rehearse in a batch of so many others. */
export const rehearsedRows = (batch: number): number => Math.ceil(batch / 2)

/**
 * Training batches without end. Each pass shows every row once, in an order that the seed and the pass decide; rows of
 * like length share a batch. The last batch of a pass may hold fewer rows. What is rehearsed comes behind, in passes of its own.
 */
export function* shuffledBatches(
  rows: readonly Row[],
  batch: number,
  contextLength: number,
  seed: number,
  rehearsal: Rehearsal | null = null,
): Generator<Batch, never> {
  const again = rehearsal && inPasses(rehearsal.rows, seed)
  for (let pass = 0; ; pass++) {
    const { shuffle } = random(seed, 'batches', pass)
    const ordered = shuffle(rows).sort(
      (one, other) => bucketFor([one], contextLength) - bucketFor([other], contextLength),
    )
    for (const group of shuffle(groups(ordered, batch))) {
      const rehearsed = again
        ? Array.from({ length: rehearsedRows(group.length) }, () => again.next().value)
        : []
      const time = bucketFor([...group, ...rehearsed], contextLength)
      yield makeBatch(group, time, rehearsed, rehearsal?.weight)
    }
  }
}

/** The rows over and over, each pass in an order of its own. */
function* inPasses(rows: readonly Row[], seed: number): Generator<Row, never> {
  for (let pass = 0; ; pass++) yield* random(seed, 'rehearsal', pass).shuffle(rows)
}

/** The windows in their order, over and over: step s takes the windows (s batch + j) mod n, j < batch. */
export function* sequentialBatches(
  rows: readonly Row[],
  batch: number,
  time: number,
): Generator<Batch, never> {
  for (let next = 0; ; next += batch) {
    const group = Array.from({ length: batch }, (_, index) => rows[(next + index) % rows.length])
    yield makeBatch(group, time)
  }
}

/** Every row once: evaluation. Kept in order if asked for, else the short ones first, to pad little. */
export function evaluationBatches(rows: readonly Row[], contextLength: number, inOrder = false): Batch[] {
  const ordered = inOrder ? rows : [...rows].sort((one, other) => one.tokens.length - other.tokens.length)
  return groups(ordered, 16).map((group) => makeBatch(group, bucketFor(group, contextLength)))
}

const groups = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
