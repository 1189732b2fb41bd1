/** For tests of loading: a machine that keeps what is written to it, in numbers, and computes nothing. */
import type { Machine, MachineRoom, WeightRoom } from '../../kernels/machines/machine'
import { OutOfMemory } from '../../kernels/outOfMemory'
import { matrixBytes, unpackRows } from '../../kernels/packing'
import { sizeOfShape } from '../../kernels/value'

export interface Keeping extends Machine {
  /** Of the weights that were opened last, by name; null where a number was not written. */
  numbers(): ReadonlyMap<string, Float32Array>
  rooms(): ReadonlyMap<string, WeightRoom>
}

const largeGpu: MachineRoom = { kind: 'webgpu', maxBufferBytes: 2 ** 31, maxBindingBytes: 2 ** 31 }

/**
 * It calls itself a GPU, which keeps what is packed.
 * @param options `bytes`: of memory, though it says nothing of that; `onWrite`: hears of each writing of so many rows
 */
export function keepingMachine({
  room = largeGpu,
  bytes = Number.POSITIVE_INFINITY,
  onWrite = () => {},
}: {
  readonly room?: MachineRoom
  readonly bytes?: number
  readonly onWrite?: (name: string, firstRow: number, rows: number) => void
} = {}): Keeping {
  let numbers = new Map<string, Float32Array>()
  let rooms = new Map<string, WeightRoom>()
  return {
    backend: room.kind,
    device: 'a machine that computes nothing',
    room,
    bytesHeld: () => 0,
    numbers: () => numbers,
    rooms: () => rooms,
    openWeights() {
      numbers = new Map()
      rooms = new Map()
      const [own, ownRooms] = [numbers, rooms]
      return {
        bytes: 0,
        async reserve(wanted) {
          const needed = wanted.reduce(
            (sum, { shape, format }) => sum + matrixBytes(shape[0], shape[1] ?? 1, format),
            0,
          )
          if (needed > bytes) throw new OutOfMemory('It has less.')
          for (const one of wanted) {
            ownRooms.set(one.name, one)
            own.set(one.name, new Float32Array(sizeOfShape(one.shape)).fill(Number.NaN))
          }
        },
        async write(name, firstRow, rows) {
          const { shape, format } = ownRooms.get(name)!
          const columns = shape[1] ?? 1
          const some = unpackRows(rows, columns, format)
          own.get(name)!.set(some, firstRow * columns)
          onWrite(name, firstRow, some.length / columns)
        },
        dispose: () => own.clear(),
      }
    },
    openSession() {
      throw new Error('It computes nothing.')
    },
  }
}
