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
  /** 1 where a prediction counts. */
  readonly counts: Uint8Array // [batch time]
  /** Number of predictions that count. */
  readonly tokens: number
}

const buckets = [16, 32, 64, 128]

/** The longest row that training and evaluation use for a model. */
export const longestRow = (contextLength: number): number => Math.min(buckets.at(-1)!, contextLength)

/** The smallest bucket that holds the rows. */
export function bucketFor(rows: readonly Row[], contextLength: number): number {
  const longest = largestOf(rows.map(({ tokens }) => tokens.length - 1))
  return Math.min(contextLength, buckets.find((bucket) => bucket >= longest) ?? longest)
}

/** Rows side by side, padded to `time`. */
export function makeBatch(rows: readonly Row[], time: number): Batch {
  const ids = new Int32Array(rows.length * time)
  const targets = new Int32Array(rows.length * time)
  const counts = new Uint8Array(rows.length * time)
  rows.forEach(({ tokens, countFrom, skips = [] }, row) => {
    ids.set(tokens.slice(0, -1), row * time)
    targets.set(tokens.slice(1), row * time)
    counts.fill(1, row * time + countFrom - 1, row * time + tokens.length - 1)
    for (const [from, to] of skips) counts.fill(0, row * time + from - 1, row * time + to - 1)
  })
  const tokens = rows.reduce((sum, row) => sum + countedTokens(row), 0)
  return { batch: rows.length, time, ids, targets, counts, tokens }
}

/**
 * Training batches without end. Each pass shows every row once, in an order that the seed and the pass decide; rows of
 * like length share a batch. The last batch of a pass may hold fewer rows.
 */
export function* shuffledBatches(
  rows: readonly Row[],
  batch: number,
  contextLength: number,
  seed: number,
): Generator<Batch, never> {
  for (let pass = 0; ; pass++) {
    const { shuffle } = random(seed, 'batches', pass)
    const ordered = shuffle(rows).sort(
      (one, other) => bucketFor([one], contextLength) - bucketFor([other], contextLength),
    )
    for (const group of shuffle(groups(ordered, batch)))
      yield makeBatch(group, bucketFor(group, contextLength))
  }
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
