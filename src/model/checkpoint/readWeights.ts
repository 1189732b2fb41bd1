/**
 * The engine's weights out of fetched files, by some rows at a time and in the order in which they lie there: every byte is
 * read once, pieces of a few megabytes are decoded, checked and handed on, and nothing is held beyond the piece that is being
 * made. Which weight rows belong to, and where in it, is said with them: tensors that the engine stacks may lie anywhere,
 * also in different files. A matrix that is stored the other way round is held whole, since each of its rows is a column there.
 */
import { timed } from '../../lib/timed'
import { type ModelConfig, ModelError } from '../config'
import { isFloatType, viewFloats } from '../floats'
import type { Progress, RandomAccess } from '../source/source'
import { type StoredTensor, type WeightSlot, weightSlots } from '../weights'
import type { Checkpoint, Located } from './checkpoint'

/** Rows of one of the engine's weights. */
export interface WeightRows {
  readonly name: string
  readonly firstRow: number
  /** Not to be written to. */
  readonly data: Float32Array // [rows, columns]
}

const pieceBytes = 4 << 20

/** A tensor of a file, and from which row on it stands in its weight. */
interface Part {
  readonly slot: WeightSlot
  readonly firstRow: number
  readonly tensor: StoredTensor
  readonly entry: Located
}

/** The checkpoint must have been checked (`checkTensors`); `files` are its files at hand. Progress counts bytes read. */
export async function* readWeights(
  config: ModelConfig,
  { tensors }: Pick<Checkpoint, 'tensors'>,
  files: readonly RandomAccess[],
  onProgress: Progress = () => {},
  isWanted: (name: string) => boolean = () => true,
): AsyncGenerator<WeightRows> {
  const slots = weightSlots(config).filter(({ name }) => isWanted(name))
  for (const { name, compute } of slots) if (compute) yield { name, firstRow: 0, data: compute() }

  const parts = slots.flatMap((slot) => partsOf(slot, tensors))
  const total = parts.reduce((sum, { entry: { begin, end } }) => sum + end - begin, 0)
  let done = 0
  const inOrder = parts.sort(
    ({ entry: one }, { entry: other }) => one.file - other.file || one.begin - other.begin,
  )
  for (const part of inOrder)
    for await (const { bytes, ...rows } of rowsOf(part, files[part.entry.file])) {
      done += bytes
      onProgress(done, total)
      yield rows
    }
}

function partsOf(slot: WeightSlot, tensors: Checkpoint['tensors']): Part[] {
  let firstRow = 0
  return slot.tensors.map((tensor) => {
    const part = { slot, firstRow, tensor, entry: tensors.get(tensor.name)! }
    firstRow += tensor.shape[tensor.transposed ? 1 : 0]
    return part
  })
}

/** One tensor's rows, with how many bytes of the file they were. */
async function* rowsOf(
  { slot: { name }, firstRow, tensor, entry }: Part,
  file: RandomAccess,
): AsyncGenerator<WeightRows & { readonly bytes: number }> {
  const [rows, columns] = [tensor.shape[0], tensor.shape[1] ?? 1]
  const { begin, end } = entry
  const rowBytes = (end - begin) / rows
  const step = Math.max(1, Math.floor(pieceBytes / rowBytes))
  const turned = tensor.transposed ? new Float32Array(rows * columns) : null
  for (let row = 0; row < rows; row += step) {
    const last = Math.min(row + step, rows)
    const bytes = await timed('reading', () => file.read(begin + row * rowBytes, begin + last * rowBytes))
    const data = timed('converting', () => {
      const numbers = decoded(bytes, tensor, entry)
      if (turned) transposeInto(turned, numbers, row, last, rows, columns)
      return turned ?? numbers
    })
    if (!turned) yield { name, firstRow: firstRow + row, data, bytes: bytes.length }
    else if (last === rows) yield { name, firstRow, data, bytes: end - begin }
  }
}

function decoded(bytes: Uint8Array, { name }: StoredTensor, { dtype }: Located): Float32Array {
  if (!isFloatType(dtype)) throw new RangeError(`"${name}" was not checked.`)
  const numbers = viewFloats(bytes, dtype)
  checkFinite(numbers, name)
  return numbers
}

/** Columns that are written side by side: 16 numbers are a cache line. */
const block = 16

/** Rows `from` to `to` of a [rows, columns] matrix become columns of the [columns, rows] target. */
function transposeInto(
  target: Float32Array,
  numbers: Float32Array,
  from: number,
  to: number,
  rows: number,
  columns: number,
): void {
  for (let left = 0; left < columns; left += block) {
    const right = Math.min(left + block, columns)
    for (let row = from; row < to; row++)
      for (let column = left; column < right; column++)
        target[column * rows + row] = numbers[(row - from) * columns + column]
  }
}

function checkFinite(numbers: Float32Array, name: string): void {
  for (let index = 0; index < numbers.length; index++)
    if (!(Math.abs(numbers[index]) < Number.POSITIVE_INFINITY))
      throw new ModelError(
        `"${name}" holds the number ${numbers[index]}: the weights are damaged. Choose another model.`,
      )
}
