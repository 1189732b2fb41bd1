/**
 * Training and reading beside what exact aggregations have folded into the base: W0 + folded + s B A. The base itself is
 * never touched, for it may be packed and is shared; the folded factors stand beside the adapter's own as further ranks of
 * one wide adapter, B = [B, B_folded / s] and A = [A; A_folded], which every program can run. The further ranks must not
 * learn: their second moments begin so large that Adam, which divides by their root, moves them by less than rounding.
 *
 * The width is filled up with zeros to a power of two, so that a growing fold asks for a new program a few times only.
 */

import { type Adapter, type AdapterConfig, foldedPrefix } from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { adapterLayout, flatten } from '../model/lora'
import type { Tensor, TensorMap } from '../model/safetensors'
import type { OptimizerState } from './train'

const leastFurtherRanks = 8
/** sqrt(1e30) = 1e15: a step is rate / 1e15 times a gradient, far below what a float32 resolves. */
const immovable = 1e30

const isA = (name: string): boolean => name.endsWith('.lora_A.weight')

/** One adapter that means the same as these factors together with those named `folded.…`; itself where there are none. */
export function widened({ config, tensors }: Adapter): Adapter {
  const folded = [...tensors].filter(([name]) => name.startsWith(foldedPrefix))
  if (folded.length === 0) return { config, tensors }
  const most = Math.max(
    leastFurtherRanks,
    ...folded.filter(([name]) => isA(name)).map(([, { shape }]) => shape[0]),
  )
  const rank = config.rank + 2 ** Math.ceil(Math.log2(most))
  const scale = config.alpha / config.rank
  const wide = new Map<string, Tensor>()
  for (const [name, own] of tensors) {
    if (name.startsWith(foldedPrefix)) continue
    const further = tensors.get(foldedPrefix + name)
    wide.set(name, isA(name) ? below(own, further, rank) : beside(own, further, rank, 1 / scale))
  }
  return { config: { ...config, rank, alpha: scale * rank }, tensors: wide }
}

/** The factors that belong to this configuration, out of a wide adapter. */
export function narrowed({ config: from, tensors }: Adapter, config: AdapterConfig): Adapter {
  if (from.rank === config.rank) return { config, tensors }
  const narrow = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    if (isA(name))
      return [name, { shape: [config.rank, shape[1]], data: data.slice(0, config.rank * shape[1]) }]
    const rows = new Float32Array(shape[0] * config.rank)
    for (let row = 0; row < shape[0]; row++)
      rows.set(data.subarray(row * from.rank, row * from.rank + config.rank), row * config.rank)
    return [name, { shape: [shape[0], config.rank], data: rows }]
  }
  return { config, tensors: new Map([...tensors].map(narrow)) }
}

/** A fresh optimizer under which only the factors of `config` move; null where the adapter has no others. */
export function stillOutside(
  config: AdapterConfig,
  wide: Adapter,
  model: ModelConfig,
): OptimizerState | null {
  if (wide.config.rank === config.rank) return null
  const layout = adapterLayout(model, wide.config)
  const moments: TensorMap = new Map(
    [...wide.tensors].map(([name, { shape, data }]) => {
      const [columns, rank] = [shape[1], config.rank]
      const learns = (at: number) => (isA(name) ? at < rank * columns : at % columns < rank)
      return [name, { shape, data: data.map((_, at) => (learns(at) ? 0 : immovable)) }]
    }),
  )
  return {
    steps: 0,
    first: new Float32Array(layout.size),
    second: flatten(layout, { config: wide.config, tensors: moments }),
  }
}

/** A [rank, in]: the further rows below, then zeros. */
function below({ shape, data }: Tensor, further: Tensor | undefined, rank: number): Tensor {
  const wide = new Float32Array(rank * shape[1])
  wide.set(data)
  if (further) wide.set(further.data, data.length)
  return { shape: [rank, shape[1]], data: wide }
}

/** B [out, rank]: the further columns beside, then zeros. */
function beside({ shape, data }: Tensor, further: Tensor | undefined, rank: number, factor: number): Tensor {
  const [rows, own] = shape
  const wide = new Float32Array(rows * rank)
  const more = further?.shape[1] ?? 0
  for (let row = 0; row < rows; row++) {
    wide.set(data.subarray(row * own, (row + 1) * own), row * rank)
    for (let at = 0; at < more; at++) wide[row * rank + own + at] = factor * further!.data[row * more + at]
  }
  return { shape: [rows, rank], data: wide }
}
