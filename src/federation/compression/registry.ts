/**
 * The compressions by the name that stands in the URL. Each says what becomes of updates on their way up, and of versions
 * on their way down. A new one is one line here.
 */
import { dense } from './codecs/dense'
import { topK } from './codecs/topk'
import type { Codec } from './types'
import { int4, int8 } from './values/blockwise'
import type { ValueCoder } from './values/coder'
import { float32 } from './values/float32'

export interface CompressionSettings {
  /** Share of the numbers that `topk` and `flasc` send up. */
  readonly density: number
  /** Share of the numbers that `flasc` sends down. */
  readonly downDensity: number
}

export const defaultDensities: CompressionSettings = { density: 0.1, downDensity: 0.25 }

/** How a new version reaches the devices. */
export type Downward =
  /** As it is, canonical F32. */
  | { readonly kind: 'whole' }
  /** As a compressed difference to what everybody holds (`change.ts`). */
  | { readonly kind: 'change'; readonly codec: Codec }
  /** Its largest factors, zeros elsewhere; devices start from that, train all of it, and the server keeps the rest. */
  | { readonly kind: 'sparse'; readonly codec: Codec }

export interface Compression {
  /** For the difference of factors that a device sends. */
  readonly up: Codec
  readonly down: Downward
}

const both = (codec: Codec): Compression => ({ up: codec, down: { kind: 'change', codec } })

const withFeedback =
  (name: string, values: ValueCoder) =>
  ({ density }: CompressionSettings): Compression =>
    both(topK(name, { values, density, errorFeedback: true }))

export const compressions = {
  none: () => ({ up: dense('none', float32), down: { kind: 'whole' } }),
  int8: () => both(dense('int8', int8)),
  int4: () => both(dense('int4', int4)),
  topk: withFeedback('topk', float32),
  'topk-int8': withFeedback('topk-int8', int8),
  'topk-int4': withFeedback('topk-int4', int4),
  /** The ablation: what is not sent is forgotten. */
  'topk-forgetful': ({ density }) => ({
    up: topK('topk-forgetful', { values: float32, density, errorFeedback: false }),
    down: { kind: 'whole' },
  }),
  /**
   * FLASC (Kuo et al., arXiv 2406.05233): sparse download, dense training, sparse upload, no memory on devices. The server
   * applies the sparse differences to its dense adapter, usually with FedAdam.
   */
  flasc: ({ density, downDensity }) => ({
    up: topK('flasc', { values: float32, density, errorFeedback: false }),
    down: {
      kind: 'sparse',
      codec: topK('flasc', { values: float32, density: downDensity, errorFeedback: false }),
    },
  }),
} as const satisfies Record<string, (settings: CompressionSettings) => Compression>

export type CompressionName = keyof typeof compressions

export const compressionNames = Object.keys(compressions) as readonly CompressionName[]

export const compressionOf = (
  name: CompressionName,
  settings: CompressionSettings = defaultDensities,
): Compression => compressions[name](settings)
