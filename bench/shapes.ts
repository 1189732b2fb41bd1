/**
 * What is measured: models of a few sizes, all of the GPT-2 architecture, and the batch that one training step reads.
 * S0 is small enough for a software GPU, C1 is the bar for devices without a GPU, S2 is GPT-2 small and asks for a GPU.
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
}

export type ShapeName = 'S0' | 'C1' | 'S1' | 'S2'

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  S0: { name: 'S0', layers: 2, width: 128, heads: 4, time: 64, batch: 2, vocabulary: 512 },
  C1: { name: 'C1', layers: 4, width: 192, heads: 6, time: 64, batch: 4, vocabulary: 1024 },
  S1: { name: 'S1', layers: 4, width: 256, heads: 8, time: 128, batch: 4, vocabulary: 2048 },
  S2: { name: 'S2', layers: 12, width: 768, heads: 12, time: 256, batch: 4, vocabulary: 50257 },
}

/** Positions of the position table: room for a training sequence and for a generated text. */
export const contextLength = ({ time }: Shape): number =>
  Math.max(time, generation.prompt + generation.tokens)

export const adapter = { rank: 8, alpha: 16 } as const

/** The linear layers that a target names, as suffix and size [in, out]. */
export const targetLayers = {
  c_attn: ({ width }: Shape) => [['attn.c_attn', width, 3 * width]],
  c_proj: ({ width }: Shape) => [
    ['attn.c_proj', width, width],
    ['mlp.c_proj', 4 * width, width],
  ],
  c_fc: ({ width }: Shape) => [['mlp.c_fc', width, 4 * width]],
} as const satisfies Record<string, (shape: Shape) => (readonly [string, number, number])[]>

export type Target = keyof typeof targetLayers

export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

/** Greedy, from a prompt of random tokens. */
export const generation = { prompt: 32, tokens: 64 } as const

export const normEpsilon = 1e-5

/** Parameters of the blocks' linear layers. */
const linearParameters = ({ layers, width }: Shape): number => 12 * layers * width * width

/**
 * Floating-point operations of one LoRA step: forward 2 and backward 2 per frozen parameter and token (frozen weights
 * need no gradient of their own), and attention. For throughput figures; peers that compute more get no credit for it.
 */
export function stepOperations(shape: Shape): number {
  const { layers, width, time, batch, vocabulary } = shape
  const perToken = 4 * (linearParameters(shape) + vocabulary * width) + 7 * time * width * layers
  return batch * time * perToken
}
