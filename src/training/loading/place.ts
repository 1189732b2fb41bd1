/**
 * Where a model's weights go on a machine: room for all of them, made before anything is read, and rows that come in any
 * order, put where they belong. A matrix as high as the vocabulary may lie there in pieces, which nobody else has to know.
 */
import type { Machine, WeightRoom, Weights } from '../../kernels/machines/machine'
import { matrixBytes, type Rows, rowsBetween } from '../../kernels/packing'
import { partAlignment, type WeightFormat } from '../../kernels/program'
import { timed } from '../../lib/timed'
import type { ModelConfig } from '../../model/config'
import { shardsOf } from '../../model/programs/values'
import { type HeldPart, holdsWeight } from '../../model/stretch'
import { type WeightSlot, weightSlots } from '../../model/weights'

/** Rows of one of the model's weights, in the format in which the machine keeps it. */
export interface KeptRows {
  readonly name: string
  readonly firstRow: number
  readonly count: number
  readonly rows: Rows
}

export interface Place {
  readonly weights: Weights
  readonly format: WeightFormat
  readonly shardRows: number
  /** What is to be put here, by name. */
  readonly slots: ReadonlyMap<string, WeightSlot>
  put(kept: KeptRows): Promise<void>
}

/** In which format a weight of the model is kept. */
export const formatOf = ({ matrix }: WeightSlot, format: WeightFormat): WeightFormat =>
  matrix ? format : 'float32'

/** Makes room for a part of a model. Throws an `OutOfMemory`; then nothing is held. */
export async function makePlace(
  machine: Machine,
  config: ModelConfig,
  format: WeightFormat,
  part: HeldPart,
): Promise<Place> {
  const slots = weightSlots(config).filter(({ name }) => holdsWeight(part, name))
  const shardRows = rowsPerShard(machine, config, format)
  const weights = machine.openWeights()
  await weights.reserve(slots.flatMap((slot) => roomsOf(slot, config, format, shardRows)))
  const byName = new Map(slots.map((slot) => [slot.name, slot]))

  async function put({ name, firstRow, count, rows }: KeptRows): Promise<void> {
    const slot = byName.get(name)!
    if (!isSharded(name)) return weights.write(name, firstRow, rows)
    const columns = slot.shape[1]
    for (const shard of shardsOf(name, config.vocabulary, shardRows)) {
      const from = Math.max(firstRow, shard.firstRow)
      const to = Math.min(firstRow + count, shard.firstRow + shard.rows)
      if (from >= to) continue
      const some = rowsBetween(rows, columns, formatOf(slot, format), from - firstRow, to - firstRow)
      await weights.write(shard.name, from - shard.firstRow, some)
    }
  }
  return {
    weights,
    format,
    shardRows,
    slots: byName,
    put: (kept) => timed('uploading', () => put(kept)),
  }
}

const isSharded = (name: string): boolean => name === 'tokens' || name === 'head'

function roomsOf(
  slot: WeightSlot,
  { vocabulary }: ModelConfig,
  format: WeightFormat,
  shardRows: number,
): WeightRoom[] {
  const { name, shape } = slot
  const kept = formatOf(slot, format)
  if (!isSharded(name)) return [{ name, shape, format: kept }]
  return shardsOf(name, vocabulary, shardRows).map((shard) => ({
    name: shard.name,
    shape: [shard.rows, shape[1]],
    format: kept,
  }))
}

/** So many rows of the token embedding that a GPU can bind them at once. */
function rowsPerShard({ room }: Machine, { vocabulary, width }: ModelConfig, format: WeightFormat): number {
  if (room.kind !== 'webgpu') return vocabulary
  const limit = Math.min(room.maxBufferBytes, room.maxBindingBytes)
  if (matrixBytes(vocabulary, width, format) <= limit) return vocabulary
  return partAlignment * Math.floor(limit / matrixBytes(partAlignment, width, format))
}
