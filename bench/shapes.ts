/**
 * What is measured: models of a few sizes, and the batch that one training step reads. S0 is small enough for a software GPU,
 * C1 is the bar for devices without a GPU, S2 is GPT-2 small and asks for a GPU; all of these are GPT-2s, which every peer can
 * be. S3 is Qwen3-0.6B, a model that people have, and Gossamer's alone.
 * The adapter's rank, scale and targets and Adam's constants are the same for every peer.
 */
export interface Shape {
  readonly name: ShapeName
  readonly layers: number
  readonly width: number
  readonly heads: number
  /** Tokens of one sequence. */
  readonly time: number
  /** Sequences of one step. */
  readonly batch: number
  readonly vocabulary: number
  /** Tokens that a text is generated from; `generation.prompt` where it is not said. */
  readonly prompt?: number
  /** What a Qwen3 has beside; a GPT-2 has none of it. */
  readonly qwen3?: Qwen3Sides
}

export interface Qwen3Sides {
  readonly keyValueHeads: number
  readonly headWidth: number
  readonly innerWidth: number
}

export type ShapeName = 'S0' | 'C1' | 'S1' | 'S2' | 'S3'

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  S0: { name: 'S0', layers: 2, width: 128, heads: 4, time: 64, batch: 2, vocabulary: 512 },
  C1: { name: 'C1', layers: 4, width: 192, heads: 6, time: 64, batch: 4, vocabulary: 1024 },
  S1: { name: 'S1', layers: 4, width: 256, heads: 8, time: 128, batch: 4, vocabulary: 2048 },
  S2: { name: 'S2', layers: 12, width: 768, heads: 12, time: 256, batch: 4, vocabulary: 50257 },
  S3: {
    name: 'S3',
    layers: 28,
    width: 1024,
    heads: 16,
    time: 256,
    batch: 1,
    vocabulary: 151_936,
    qwen3: { keyValueHeads: 8, headWidth: 128, innerWidth: 3072 },
  },
}

/** Positions of the position table: room for a training sequence and for a generated text. */
export const contextLength = (shape: Shape): number =>
  Math.max(shape.time, promptLength(shape) + generation.tokens)

export const promptLength = ({ prompt = generation.prompt }: Shape): number => prompt

export const adapter = { rank: 8, alpha: 16 } as const

export const targets = ['c_attn', 'c_proj', 'c_fc'] as const
export type Target = (typeof targets)[number]

/** A linear layer: its name in a block, and its size. */
export type LinearSides = readonly [suffix: string, inSize: number, outSize: number]

/** The linear layers of a block that a target names; a Qwen3 has three or two for each of a GPT-2's. */
export function targetLayers(shape: Shape): Readonly<Record<Target, readonly LinearSides[]>> {
  const { width, heads, qwen3 } = shape
  if (!qwen3)
    return {
      c_attn: [['attn.c_attn', width, 3 * width]],
      c_proj: [
        ['attn.c_proj', width, width],
        ['mlp.c_proj', 4 * width, width],
      ],
      c_fc: [['mlp.c_fc', width, 4 * width]],
    }
  const { keyValueHeads, headWidth, innerWidth } = qwen3
  return {
    c_attn: [
      ['self_attn.q_proj', width, heads * headWidth],
      ['self_attn.k_proj', width, keyValueHeads * headWidth],
      ['self_attn.v_proj', width, keyValueHeads * headWidth],
    ],
    c_proj: [
      ['self_attn.o_proj', heads * headWidth, width],
      ['mlp.down_proj', innerWidth, width],
    ],
    c_fc: [
      ['mlp.gate_proj', width, innerWidth],
      ['mlp.up_proj', width, innerWidth],
    ],
  }
}

/** What stands before a layer's name in a block: `h.0`. */
export const blockName = ({ qwen3 }: Shape, block: number): string =>
  qwen3 ? `model.layers.${block}` : `h.${block}`

export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

/** How Gossamer keeps the frozen matrices: like the peers, where there are any. */
export const weightFormat = ({ qwen3 }: Shape) => (qwen3 ? 'float16' : 'float32')

/** Greedy, from a prompt of random tokens, so long where nothing else is asked for. */
export const generation = { prompt: 32, tokens: 64 } as const

export const normEpsilon = 1e-5
/** Of a Qwen3. */
export const qwen3Constants = { normEpsilon: 1e-6, ropeTheta: 1_000_000 } as const

/** Parameters of the blocks' linear layers. */
const linearParameters = (shape: Shape): number =>
  Object.values(targetLayers(shape))
    .flat()
    .reduce((sum, [, inSize, outSize]) => sum + shape.layers * inSize * outSize, 0)

/**
 * Floating-point operations of one LoRA step: forward 2 and backward 2 per frozen parameter and token (frozen weights
 * need no gradient of their own), and attention. For throughput figures; peers that compute more get no credit for it.
 */
export function stepOperations(shape: Shape): number {
  const { layers, width, heads, time, batch, vocabulary, qwen3 } = shape
  const queries = qwen3 ? heads * qwen3.headWidth : width
  const perToken = 4 * (linearParameters(shape) + vocabulary * width) + 7 * time * queries * layers
  return batch * time * perToken
}
