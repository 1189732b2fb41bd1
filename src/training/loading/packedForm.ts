/**
 * A model's weights as they are kept on a machine, in a file of this browser: rows after rows, packed, in the order in which
 * they were made, and beside it a list of what lies where with the digests of the file's pieces. The list is written last, so
 * that a file that was begun and not finished is none. Made once by whichever tab is first; the others then neither decode
 * nor pack, and read a half or an eighth as much.
 */
import { z } from 'zod'
import { type Rows, rowWords, scaleCount } from '../../kernels/packing'
import type { WeightFormat } from '../../kernels/program'
import { readBy } from '../../lib/schema'
import { timed } from '../../lib/timed'
import { type Appender, type FileStore, loadJson, writeJson } from '../../model/source/download/store'
import { checkedAsRead, type Digests, startDigests } from '../../model/source/pieces'
import { blobAccess, type Progress } from '../../model/source/source'
import type { WeightSlot } from '../../model/weights'
import { formatOf, type KeptRows } from './place'

/** What is packed: weights by their hash, and how. */
export interface FormName {
  readonly hash: string
  readonly format: WeightFormat
}

/** To be raised with every change of what packing makes, of what weights are called or of how they are put together. */
const revision = 2

export const fileOf = ({ hash, format }: FormName): string =>
  `packed-${hash.slice(0, 32)}-${format}-${revision}`
const listOf = (file: string): string => `${file}.json`

/** A packed form is no more than what can be made again. */
export async function removeForm(store: FileStore, file: string): Promise<void> {
  await store.remove(listOf(file))
  await store.remove(file)
}

const count = z.number().int().nonnegative()
const listSchema = z.object({
  size: count,
  pieces: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** In the order in which they lie in the file. */
  rows: z.array(z.object({ name: z.string(), firstRow: count, count, words: count, scales: count })),
})
type ListedRows = z.infer<typeof listSchema>['rows'][number]

/** A form that was written whole, as far as its list and its length tell. */
export interface PackedForm {
  /** Throws a `DamagedForm` where a byte is not what was written. */
  read(onProgress: Progress): AsyncGenerator<KeptRows>
}

export class DamagedForm extends Error {
  override name = 'DamagedForm'
}

/** The form of this name, for these weights alone; null where there is none that holds every row of them. */
export async function findForm(
  store: FileStore,
  name: FormName,
  slots: ReadonlyMap<string, WeightSlot>,
): Promise<PackedForm | null> {
  const { format } = name
  const file = fileOf(name)
  const list = readBy(listSchema, await loadJson(store, listOf(file))).data
  const blob = list ? await store.read(file) : null
  if (!list || blob?.size !== list.size || !holdsAll(list.rows, slots, format)) return null
  const checked = checkedAsRead(blobAccess(blob, file), list.pieces, {
    fetchAgain: async () => null,
    damaged: () => new DamagedForm(`${file} was damaged.`),
  })
  return {
    async *read(onProgress) {
      let begin = 0
      for (const { name, firstRow, count, words, scales } of list.rows) {
        const end = begin + 4 * (words + scales)
        const slot = slots.get(name)
        if (slot) {
          const isPacked = formatOf(slot, format) !== 'float32'
          const [from, to] = [begin, end]
          const bytes = await timed('reading', () => checked.read(from, to))
          yield { name, firstRow, count, rows: rowsOf(bytes, words, isPacked) }
        }
        begin = end
        onProgress(end, list.size)
      }
    },
  }
}

function rowsOf(bytes: Uint8Array, words: number, isPacked: boolean): Rows {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  if (!isPacked) return new Float32Array(buffer, byteOffset, words)
  const scales = length / 4 - words
  return {
    words: new Uint32Array(buffer, byteOffset, words),
    scales: scales > 0 ? new Float32Array(buffer, byteOffset + 4 * words, scales) : null,
  }
}

function holdsAll(
  rows: readonly ListedRows[],
  slots: ReadonlyMap<string, WeightSlot>,
  format: WeightFormat,
): boolean {
  const missing = new Map([...slots].map(([name, { shape }]) => [name, shape[0]]))
  for (const { name, count, words, scales } of rows) {
    const slot = slots.get(name)
    if (!slot) continue
    const columns = slot.shape[1] ?? 1
    const kept = formatOf(slot, format)
    const isRight =
      kept === 'float32'
        ? words === count * columns && scales === 0
        : words === count * rowWords(columns, kept) && scales === scaleCount(count, columns, kept)
    if (!isRight) return false
    missing.set(name, missing.get(name)! - count)
  }
  return [...missing.values()].every((left) => left === 0)
}

/** A form that is being written. */
export interface FormWriter {
  add(kept: KeptRows): Promise<void>
  /** Makes it a form that others find. */
  end(): Promise<void>
  /** What was written is removed. */
  giveUp(): Promise<void>
}

/** Begins a form anew. Whoever writes must be alone. Throws a `DOMException` where the disk is full, as `add` does. */
export async function writeForm(store: FileStore, name: FormName): Promise<FormWriter> {
  const file = fileOf(name)
  await removeForm(store, file)
  const target: Appender = await store.append(file)
  const digests: Digests = startDigests()
  const rows: ListedRows[] = []
  let size = 0
  const put = async (numbers: Float32Array | Uint32Array): Promise<number> => {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    await target.write(bytes)
    await digests.add(bytes)
    size += bytes.length
    return numbers.length
  }
  return {
    async add({ name, firstRow, count, rows: kept }) {
      const isPlain = kept instanceof Float32Array
      const words = await put(isPlain ? kept : kept.words)
      const scales = isPlain || !kept.scales ? 0 : await put(kept.scales)
      rows.push({ name, firstRow, count, words, scales })
    },
    async end() {
      await target.close()
      await writeJson(store, listOf(file), { size, pieces: await digests.end(), rows })
    },
    async giveUp() {
      await target.close().catch(() => {})
      await removeForm(store, file)
    },
  }
}
