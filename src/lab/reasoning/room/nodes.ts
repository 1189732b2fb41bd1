/** Nodes of a simulated room that hold a real model of a directory: what the command line and the benches reason with. */
import { type Adapter, type AdapterConfig, atScale, encodeAdapter } from '../../../model/adapter'
import type { BackendChoice, Compute, Precision } from '../../../training/compute'
import { openHeadless } from '../../../training/headless'
import type { NodeParts } from './room'

export interface NodesWish {
  readonly model: string
  readonly backend: BackendChoice
  readonly precision: Precision
  /** The model's first layers alone, as a shorter model. */
  readonly depth?: number | null
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
  /** alpha / rank of every adapter that it runs. */
  readonly scale: number
}

const usualAdapter: AdapterConfig = { rank: 8, alpha: 16, targets: ['c_attn'] }

export async function openNodes(wish: NodesWish): Promise<readonly OpenedNode[]> {
  const { model, depth, backend, precision, caps, own, merged, millisecondsPerLayer } = wish
  const config = merged?.config ?? own[0]?.config ?? usualAdapter
  const scale = config.alpha / config.rank
  return Promise.all(
    Array.from({ length: wish.count }, async (_, node) => {
      const compute = openHeadless()
      const mostLayers = caps.get(node)
      const base = { model, depth, backend, precision, mostLayers }
      const opened = await compute.open({ ...base, adapter: config, seed: 0 })
      const learned = own[node]
      return {
        compute,
        backend: opened.backend,
        scale,
        sessions: compute.sessions,
        millisecondsPerLayer,
        mostLayers,
        ownAdapter: learned && encodeAdapter(atScale(learned, scale)),
      }
    }),
  )
}
