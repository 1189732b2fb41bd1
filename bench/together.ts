/**
 * `npm run bench -- together`: what the texts of four people cost one tab, each checking some drafted tokens: in one pass, or in
 * four after each other; and what a row costs that skips its layers. On the processor, as Node has it, with what lies in
 * the caches behind a hundred tokens. The kinds are run in turn, again and again, and medians compared; what counts is the time
 * that the processor worked for this process, since it does other things too. Beside the buckets of rows that the engine has, four passes of exactly so many rows, which it has not, are
 * timed as the fairest opponent. Prints a table; in brackets the fastest.
 */
import { fileURLToPath } from 'node:url'
import type { LanguageModel } from '../src/model/languageModel'
import { Pool, type Reading, type TextSlot } from '../src/model/pool'
import { wholeStretch } from '../src/model/stretch'
import { findDirectory } from '../src/training/headless'
import { quantile, spreadOf } from './statistics'

const model = 'seedling'
const users = 4
const held = 100
const repetitions = 200
const warmUps = 5

type Pass = () => Promise<unknown>

const idsOf = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, place) => 5 + ((31 * place + 17 * seed) % 900))

/** A pool whose texts have read a hundred tokens. */
async function poolOf(
  open: LanguageModel,
  texts: number,
): Promise<{ pool: Pool; slots: readonly TextSlot[] }> {
  const pool = new Pool(open, null, wholeStretch(open.config))
  const slots: TextSlot[] = []
  for (let text = 0; text < texts; text++) {
    let slot = pool.take()
    for (; !slot; slot = pool.take()) await pool.grow()
    slots.push(slot)
    for (let begin = 0; begin < held; begin += 50)
      await pool.read([{ slot, input: idsOf(50, begin + text), wanted: 'last' }])
  }
  return { pool, slots }
}

const readingsOf = (slots: readonly TextSlot[], rows: number): Reading[] =>
  slots.map((slot, text) => ({ slot, input: idsOf(rows, text), wanted: 'each' }))

/** All four texts, in one pass or one after the other, and back to where they were. */
async function together(open: LanguageModel, rows: number): Promise<Pass> {
  const { pool, slots } = await poolOf(open, users)
  return async () => {
    await pool.read(readingsOf(slots, rows))
    for (const slot of slots) pool.trim(slot, held)
  }
}

async function apart(open: LanguageModel, rows: number): Promise<Pass> {
  const pools = await Promise.all(Array.from({ length: users }, () => poolOf(open, 1)))
  return async () => {
    for (const { pool, slots } of pools) {
      await pool.read(readingsOf(slots, rows))
      pool.trim(slots[0], held)
    }
  }
}

/** Four passes without a row that only pads. */
async function unpadded(open: LanguageModel, rows: number): Promise<Pass> {
  const capacity = open.config.contextLength
  const shape = { ...wholeStretch(open.config), rows, wanted: rows, slots: 1, capacity }
  const runs = await Promise.all(
    Array.from({ length: users }, async (_, text) => {
      const runnable = await open.open(null).decoding(shape)
      const order = Int32Array.from({ length: rows }, (_, row) => row)
      const ids = Int32Array.from(idsOf(rows, text))
      const inputs = {
        ids,
        positionIds: order.map((row) => held + row),
        spans: Int32Array.of(held, rows),
        rowIndex: order,
      }
      return () => runnable.run(inputs, ['logits'])
    }),
  )
  return async () => {
    for (const run of runs) await run()
  }
}

/** Rows through all layers, or past them. */
async function layers(open: LanguageModel, rows: number, kind: 'read' | 'fill'): Promise<Pass> {
  const { width, layers } = open.config
  const pool = new Pool(open, null, { layers: { from: 0, to: layers }, reads: 'hidden', gives: 'hidden' })
  const slot = pool.take()!
  const input = Float32Array.from({ length: rows * width }, (_, place) => Math.sin(place))
  await pool.fill([{ slot, input: new Float32Array(64 * width) }])
  return async () => {
    if (kind === 'read') await pool.read([{ slot, input, wanted: 'last' }])
    else await pool.fill([{ slot, input }])
    pool.trim(slot, 64)
  }
}

/** Milliseconds that the processor worked so far. */
const workedMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds of each, in turn. */
async function inTurn(kinds: readonly Pass[]): Promise<number[][]> {
  const times: number[][] = kinds.map(() => [])
  for (let repetition = -warmUps; repetition < repetitions; repetition++)
    for (const [kind, run] of kinds.entries()) {
      const beganAtMs = workedMs()
      await run()
      if (repetition >= 0) times[kind].push(workedMs() - beganAtMs)
    }
  return times
}

export async function benchTogether(): Promise<void> {
  const folder = fileURLToPath(new URL(`../public/models/${model}`, import.meta.url))
  const open = await (await findDirectory(folder, 'wasm')).load()
  console.log(`${model} on ${open.machine.device}, ${open.format}; ${repetitions} times each, in turn.\n`)
  const head = [
    'rows',
    'four passes, padded',
    'four passes, unpadded',
    'one pass',
    'times as fast as padded',
    'as unpadded',
  ]
  console.log([head, head.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`).join('\n'))
  for (const rows of [1, 4, 5, 8]) {
    const kinds = [apart, unpadded, together].map((kind) => kind(open, rows))
    const times = await inTurn(await Promise.all(kinds))
    const cells = times.map(
      (some) => `${spreadOf(some).median.toFixed(1)} ms (${spreadOf(some).least.toFixed(1)})`,
    )
    const ratio = (of: number) =>
      quantile(
        times[of].map((time, nth) => time / times[2][nth]),
        0.5,
      ).toFixed(2)
    console.log(`| ${[`4 × ${rows}`, ...cells, ratio(0), ratio(1)].join(' | ')} |`)
  }
  for (const rows of [1, 16]) {
    const [read, fill] = await inTurn([await layers(open, rows, 'read'), await layers(open, rows, 'fill')])
    const share = quantile(
      fill.map((time, nth) => time / read[nth]),
      0.5,
    )
    console.log(
      `\n${rows} rows: through all layers ${spreadOf(read).median.toFixed(2)} ms, past them ${spreadOf(fill).median.toFixed(2)} ms, ${share.toFixed(2)} of it.`,
    )
  }
}
