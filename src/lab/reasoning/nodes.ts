/** Nodes of a simulated room that hold a real model of a directory: what the command line and the benches reason with. */
import { type Adapter, type AdapterConfig, encodeAdapter } from '../../model/adapter'
import type { BackendChoice, Compute, Precision } from '../../training/compute'
import { openHeadless } from '../../training/headless'
import type { NodeParts } from './room'

export interface NodesWish {
  readonly model: string
  readonly backend: BackendChoice
  readonly precision: Precision
  readonly count: number
  /** At most so many layers, by node. */
  readonly caps: ReadonlyMap<number, number>
  /** What each node has learned alone, in their order. */
  readonly own: readonly Adapter[]
  /** What all hold; null: the base. */
  readonly merged: Adapter | null
  /** Booked for one token. */
  readonly millisecondsPerLayer: number
}

export interface OpenedNode extends NodeParts {
  readonly compute: Compute
  readonly backend: string
}

const usualAdapter: AdapterConfig = { rank: 8, alpha: 16, targets: ['c_attn'] }

/** All share one scale, alpha / rank, so that one engine can run what was learned under another. */
export function atScale({ config, tensors }: Adapter, scale: number): Adapter {
  const factor = config.alpha / config.rank / scale
  const rescaled = [...tensors].map(
    ([name, { shape, data }]) =>
      [
        name,
        { shape, data: name.endsWith('.lora_B.weight') ? data.map((value) => value * factor) : data },
      ] as const,
  )
  return { config: { ...config, alpha: scale * config.rank }, tensors: new Map(rescaled) }
}

export async function openNodes(wish: NodesWish): Promise<readonly OpenedNode[]> {
  const { model, backend, precision, caps, own, merged, millisecondsPerLayer } = wish
  const config = merged?.config ?? own[0]?.config ?? usualAdapter
  const scale = config.alpha / config.rank
  return Promise.all(
    Array.from({ length: wish.count }, async (_, node) => {
      const compute = openHeadless()
      const mostLayers = caps.get(node)
      const opened = await compute.open({ model, backend, precision, adapter: config, seed: 0, mostLayers })
      const learned = own[node]
      return {
        compute,
        backend: opened.backend,
        sessions: compute.sessions,
        millisecondsPerLayer,
        mostLayers,
        ownAdapter: learned && encodeAdapter(atScale(learned, scale)),
      }
    }),
  )
}
