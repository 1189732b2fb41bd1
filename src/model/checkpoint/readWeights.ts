/**
 * The engine's weights out of fetched files, one at a time and in the files' order: pieces of a few megabytes are decoded
 * into the place where the engine wants them, transposed or stacked on the way. Nothing is held beyond the weight that is
 * being made.
 */
import { type ModelConfig, ModelError } from '../config'
import { decodeFloats, isFloatType } from '../floats'
import type { Progress, RandomAccess } from '../source/source'
import { type StoredTensor, sizeOfShape, type WeightSlot, weightSlots } from '../weights'
import type { Checkpoint, Located } from './checkpoint'

export interface WeightData {
  readonly name: string
  readonly shape: readonly number[]
  /** May be kept in a packed format. */
  readonly matrix: boolean
  readonly data: Float32Array
}

const pieceBytes = 4 << 20

/** The checkpoint must have been checked (`checkTensors`); `files` are its files at hand. Progress counts bytes read. */
export async function* readWeights(
  config: ModelConfig,
  { tensors }: Pick<Checkpoint, 'tensors'>,
  files: readonly RandomAccess[],
  onProgress: Progress = () => {},
  isWanted: (name: string) => boolean = () => true,
): AsyncGenerator<WeightData> {
  const slots = weightSlots(config).filter(({ name }) => isWanted(name))
  const located = (slot: WeightSlot) => slot.tensors.map(({ name }) => tensors.get(name)!)
  const total = slots.flatMap(located).reduce((sum, { begin, end }) => sum + end - begin, 0)
  let done = 0
  const count = (bytes: number) => {
    done += bytes
    onProgress(done, total)
  }

  /** Computed weights come first. */
  const place = (slot: WeightSlot): number => {
    const [first] = located(slot)
    return first ? first.file * 2 ** 48 + first.begin : -1
  }
  for (const slot of slots.sort((one, other) => place(one) - place(other))) {
    const { name, shape, matrix } = slot
    if (slot.compute) {
      yield { name, shape, matrix, data: slot.compute() }
      continue
    }
    const data = new Float32Array(sizeOfShape(shape))
    let offset = 0
    for (const tensor of slot.tensors) {
      const entry = tensors.get(tensor.name)!
      const size = sizeOfShape(entry.shape)
      await readInto(data.subarray(offset, offset + size), tensor, entry, files[entry.file], count)
      offset += size
    }
    yield { name, shape, matrix, data }
  }
}

/** Decodes one tensor row by row, so that a piece never splits a row. */
async function readInto(
  target: Float32Array,
  { name, shape, transposed }: StoredTensor,
  { dtype, begin, end }: Located,
  file: RandomAccess,
  count: (bytes: number) => void,
): Promise<void> {
  if (!isFloatType(dtype)) throw new RangeError(`"${name}" was not checked.`)
  const rows = shape[0]
  const columns = shape[1] ?? 1
  const rowBytes = (end - begin) / rows
  const step = Math.max(1, Math.floor(pieceBytes / rowBytes))
  for (let row = 0; row < rows; row += step) {
    const last = Math.min(row + step, rows)
    const numbers = decodeFloats(await file.read(begin + row * rowBytes, begin + last * rowBytes), dtype)
    checkFinite(numbers, name)
    if (transposed) transposeInto(target, numbers, row, last, rows, columns)
    else target.set(numbers, row * columns)
    count((last - row) * rowBytes)
  }
}

/** Rows `from` to `to` of a [rows, columns] matrix become columns of the [columns, rows] target. */
function transposeInto(
  target: Float32Array,
  numbers: Float32Array,
  from: number,
  to: number,
  rows: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++)
    for (let row = from; row < to; row++)
      target[column * rows + row] = numbers[(row - from) * columns + column]
}

function checkFinite(numbers: Float32Array, name: string): void {
  for (let index = 0; index < numbers.length; index++)
    if (!(Math.abs(numbers[index]) < Number.POSITIVE_INFINITY))
      throw new ModelError(
        `"${name}" holds the number ${numbers[index]}: the weights are damaged. Choose another model.`,
      )
}
