/**
 * The frozen weights that the engine wants of a model, and which tensors of a Hugging Face file each is made of. All
 * matrices are [out, in], `in` contiguous: GPT-2's `Conv1D` stores [in, out] and is transposed; LLaMA's separate q, k, v
 * and gate, up are stacked, so that one product computes them together, and so are biases of q, k and v. A description
 * only: nothing is read here.
 */
import { sizeOfShape } from '../kernels/value'
import type { ModelConfig } from './config'
import { ropeTable } from './rope'

/** A tensor of a file, named without a leading `transformer.` or `model.`, with its shape there. */
export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly transposed: boolean
}

export interface WeightSlot {
  /** `tokens`, `h.0.qkv`, `h.0.qkv.bias`: what programs call it. */
  readonly name: string
  readonly shape: readonly number[]
  /** May be kept in a packed format. Everything else stays float32. */
  readonly matrix: boolean
  /** Stacked along the first axis. Empty where `compute` makes the numbers. */
  readonly tensors: readonly StoredTensor[]
  readonly compute?: () => Float32Array
}

/** All weights of a model, in the order in which files usually hold them. */
export function weightSlots(config: ModelConfig): WeightSlot[] {
  const names = namesOf[config.family]
  const { vocabulary, width, layers, contextLength, headWidth, rope, tiedHead } = config
  const slots: WeightSlot[] = [matrix('tokens', [stored(names.tokens, [vocabulary, width])])]
  if (rope)
    slots.push({
      name: 'rope',
      shape: [contextLength, headWidth],
      matrix: false,
      tensors: [],
      compute: () => ropeTable(config),
    })
  else slots.push(plain('positions', [stored('wpe.weight', [contextLength, width])]))
  const blocks = Array.from({ length: layers }, (_, index) => block[config.family](config, index)).flat()
  const head = tiedHead ? [] : [matrix('head', [stored('lm_head.weight', [vocabulary, width])])]
  return [...slots, ...blocks, ...norm(config, 'finalNorm', names.finalNorm), ...head]
}

/** Numbers that were learned, each counted once. */
export const parameterCount = (config: ModelConfig): number =>
  weightSlots(config).reduce((sum, { shape, compute }) => sum + (compute ? 0 : sizeOfShape(shape)), 0)

const namesOf = {
  gpt2: { tokens: 'wte.weight', finalNorm: 'ln_f' },
  llama: { tokens: 'embed_tokens.weight', finalNorm: 'norm' },
} as const

const block = {
  gpt2(config: ModelConfig, index: number): WeightSlot[] {
    const { width, innerWidth } = config
    const [own, file] = [`h.${index}`, `h.${index}`]
    const linear = (name: string, tensor: string, outSize: number, inSize: number): WeightSlot[] => [
      matrix(`${own}.${name}`, [stored(`${file}.${tensor}.weight`, [inSize, outSize], true)]),
      plain(`${own}.${name}.bias`, [stored(`${file}.${tensor}.bias`, [outSize])]),
    ]
    return [
      ...norm(config, `${own}.norm1`, `${file}.ln_1`),
      ...linear('qkv', 'attn.c_attn', 3 * width, width),
      ...linear('attentionOut', 'attn.c_proj', width, width),
      ...norm(config, `${own}.norm2`, `${file}.ln_2`),
      ...linear('up', 'mlp.c_fc', innerWidth, width),
      ...linear('down', 'mlp.c_proj', width, innerWidth),
    ]
  },

  llama(config: ModelConfig, index: number): WeightSlot[] {
    const { width, innerWidth, heads, keyValueHeads, headWidth, qkvBias, headNorms } = config
    const [own, file] = [`h.${index}`, `layers.${index}`]
    const linear = (tensor: string, outSize: number, inSize: number): StoredTensor =>
      stored(`${file}.${tensor}.weight`, [outSize, inSize])
    const attention = [
      ['q', heads * headWidth],
      ['k', keyValueHeads * headWidth],
      ['v', keyValueHeads * headWidth],
    ] as const
    const biases = attention.map(([name, size]) => stored(`${file}.self_attn.${name}_proj.bias`, [size]))
    const gains = ['q', 'k'].map((name) => stored(`${file}.self_attn.${name}_norm.weight`, [headWidth]))
    return [
      ...norm(config, `${own}.norm1`, `${file}.input_layernorm`),
      matrix(
        `${own}.qkv`,
        attention.map(([name, size]) => linear(`self_attn.${name}_proj`, size, width)),
      ),
      ...(qkvBias ? [plain(`${own}.qkv.bias`, biases)] : []),
      ...(headNorms ? [plain(`${own}.headNorm.gain`, gains)] : []),
      matrix(`${own}.attentionOut`, [linear('self_attn.o_proj', width, heads * headWidth)]),
      ...norm(config, `${own}.norm2`, `${file}.post_attention_layernorm`),
      matrix(`${own}.gateUp`, [
        linear('mlp.gate_proj', innerWidth, width),
        linear('mlp.up_proj', innerWidth, width),
      ]),
      matrix(`${own}.down`, [linear('mlp.down_proj', width, innerWidth)]),
    ]
  },
} as const

/** A layer norm has a gain and an offset, an RMS norm a gain. */
function norm({ family, width }: ModelConfig, name: string, tensor: string): WeightSlot[] {
  const gain = plain(`${name}.gain`, [stored(`${tensor}.weight`, [width])])
  return family === 'llama' ? [gain] : [gain, plain(`${name}.offset`, [stored(`${tensor}.bias`, [width])])]
}

const stored = (name: string, shape: readonly number[], transposed = false): StoredTensor => ({
  name,
  shape,
  transposed,
})

const plain = (name: string, tensors: readonly StoredTensor[]): WeightSlot => {
  const [{ shape }] = tensors
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0], 0)
  return { name, shape: [rows, ...shape.slice(1)], matrix: false, tensors }
}

function matrix(name: string, tensors: readonly StoredTensor[]): WeightSlot {
  const [outAxis, inAxis] = tensors[0].transposed ? [1, 0] : [0, 1]
  const rows = tensors.reduce((sum, { shape }) => sum + shape[outAxis], 0)
  return { name, shape: [rows, tensors[0].shape[inAxis]], matrix: true, tensors }
}
