/**
 * One transformer block, forward and backward, as lines of a program. GPT-2 and LLaMA fill the same places:
 *
 *   n₁ = norm(x)      q,k,v = n₁ Wᵀ      o = attention(q,k,v)      m = o Wᵀ + x
 *   n₂ = norm(m)      h = act(n₂ Wᵀ)     y = h Wᵀ + m
 *
 * where GPT-2 normalises layers, adds biases and uses GELU, and LLaMA uses RMS norms, rotates q and k, and gates h; Qwen2
 * adds biases to q, k and v, and Qwen3 normalises each head of q and k before it turns. Each linear layer may carry a LoRA
 * adapter. Each line is one dispatch on a GPU; a residual or an activation never costs one.
 *
 * Only adapters learn, so backward keeps little: x, q,k,v, o, m and what the activation was applied to. A GPT-2's norms
 * are computed again where an adapter needs them, which costs a line and saves a tenth of the memory, and so are a Qwen3's
 * normalised heads.
 * Source: the equations of Radford et al. (GPT-2), Touvron et al. (LLaMA, arXiv 2302.13971), Hu et al. (LoRA), the Qwen
 * team (Qwen2, arXiv 2407.10671; Qwen3, arXiv 2505.09388).
 */
import { attentionKeyValueGradient, attentionQueryGradient } from '../../kernels/attention/attentionGradient'
import { gated } from '../../kernels/layers/gated'
import { type NormAttributes, norm } from '../../kernels/layers/norm'
import { normGradient } from '../../kernels/layers/normGradient'
import { down as downProjection } from '../../kernels/products/down'
import { downGradient, upGradient } from '../../kernels/products/factorGradients'
import { innerGradient } from '../../kernels/products/innerGradient'
import { linear } from '../../kernels/products/linear'
import { linearGradient } from '../../kernels/products/linearGradient'
import type { ProgramBuilder, Value } from '../../kernels/program'
import { type LinearName, placeOf } from '../lora'
import type { ModelValues } from './values'

/** How positions look at each other, from what `headsOf` gives: the one thing in which training and generation differ. */
export type Attend = (qkv: Value, block: number) => { readonly out: Value; readonly logSumExp: Value | null }

/** What a block's forward pass leaves for its backward pass. */
export interface BlockTrace {
  readonly x: Value
  readonly n1: Value
  readonly qkv: Value
  readonly attended: Value
  readonly logSumExp: Value | null
  readonly middle: Value
  readonly n2: Value
  /** What the activation was applied to. */
  readonly pre: Value
  readonly active: Value
  /** u = x Aᵀ of the adapted layers. */
  readonly inner: Partial<Record<LinearName, Value>>
}

/**
 * Queries, keys and values as attention looks at them: normalised by the head where the model does so. `heads` 0 where there
 * are no queries.
 */
export function headsOf(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  qkv: Value,
  heads = model.config.heads,
): Value {
  const gain = model.headGains(block)
  return gain ? norm(p, { x: qkv, gain }, headAttributes(model, heads)) : qkv
}

const headAttributes = ({ config, normAttributes }: ModelValues, heads: number): NormAttributes => ({
  ...normAttributes,
  heads: { heads, keyValueHeads: config.keyValueHeads, headWidth: config.headWidth },
})

/** Everything of the block but its last layer. `known` holds those u that are there already. */
export function blockTrace(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  x: Value,
  attend: Attend,
  known: BlockTrace['inner'] = {},
): BlockTrace {
  const inner: Partial<Record<LinearName, Value>> = { ...known }
  const through = (name: LinearName, input: Value, residual: Value | null = null, activation?: 'gelu') => {
    const { y, pre, u } = adaptedLinear(p, model, block, name, input, residual, activation, known[name])
    if (u) inner[name] = u
    return { y, pre }
  }
  const n1 = norm(p, { x, ...model.norm(block, 'norm1') }, model.normAttributes)
  const { y: qkv } = through('qkv', n1)
  const { out: attended, logSumExp } = attend(headsOf(p, model, block, qkv), block)
  const { y: middle } = through('attentionOut', attended, x)
  const n2 = norm(p, { x: middle, ...model.norm(block, 'norm2') }, model.normAttributes)
  if (model.config.family === 'gpt2') {
    const { y: active, pre } = through('up', n2, null, 'gelu')
    return { x, n1, qkv, attended, logSumExp, middle, n2, pre: pre!, active, inner }
  }
  const { y: pre } = through('up', n2)
  return { x, n1, qkv, attended, logSumExp, middle, n2, pre, active: gated(p, pre), inner }
}

/** The block's output, and what its last layer adds to the trace. */
export function blockOutput(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  trace: BlockTrace,
): { readonly y: Value; readonly trace: BlockTrace } {
  const { y, u } = adaptedLinear(p, model, block, 'down', trace.active, trace.middle)
  return { y, trace: u ? { ...trace, inner: { ...trace.inner, down: u } } : trace }
}

export interface BlockGradientOptions {
  /** Where the sequences lie: attention's shape. */
  readonly attention: { readonly batch: number; readonly time: number }
  /** Whether the norms' outputs are computed again rather than kept. */
  readonly recomputeNorms: boolean
}

/**
 * The gradient of the block's input from that of its output; null where nothing below learns. Writes the gradients of the
 * block's factors into `model.gradients`.
 */
export function blockGradient(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  trace: BlockTrace,
  dy: Value,
  { attention: shape, recomputeNorms }: BlockGradientOptions,
): Value | null {
  const { x, n1, n2, qkv, attended, logSumExp, middle, pre, active, inner } = trace
  const { config, normAttributes } = model
  const { heads, keyValueHeads, headWidth } = config
  const backThrough = (name: LinearName, dy: Value, input: () => Value, activation?: 'gelu' | 'gated') =>
    linearBackward(p, model, block, name, dy, input, inner[name], activation ? { pre, activation } : null)
  const again = (kept: Value, of: Value, which: 'norm1' | 'norm2') => (): Value =>
    recomputeNorms ? norm(p, { x: of, ...model.norm(block, which) }, normAttributes) : kept

  const dPre = backThrough('down', dy, () => active, config.family === 'gpt2' ? 'gelu' : 'gated')
  const dN2 = dPre && backThrough('up', dPre, again(n2, middle, 'norm2'))
  if (!dN2) return null
  const { gain: gain2 } = model.norm(block, 'norm2')
  const dMiddle = normGradient(p, { dy: dN2, x: middle, gain: gain2, residual: dy }, normAttributes)

  const dAttended = backThrough('attentionOut', dMiddle, () => attended)
  if (!dAttended) return null
  const attributes = { ...shape, heads, keyValueHeads, headWidth }
  const { rope } = model
  const kept = { dOut: dAttended, qkv: headsOf(p, model, block, qkv), logSumExp: logSumExp!, rope }
  const { dQkv: dQueries, rowDots } = attentionQueryGradient(p, { ...kept, out: attended }, attributes)
  const dHeads = attentionKeyValueGradient(p, { ...kept, rowDots, dQkv: dQueries }, attributes)
  const headGains = model.headGains(block)
  const dQkv = headGains
    ? normGradient(p, { dy: dHeads, x: qkv, gain: headGains }, headAttributes(model, heads))
    : dHeads

  const dN1 = backThrough('qkv', dQkv, again(n1, x, 'norm1'))
  if (!dN1) return null
  const { gain: gain1 } = model.norm(block, 'norm1')
  return normGradient(p, { dy: dN1, x, gain: gain1, residual: dMiddle }, normAttributes)
}

/** y = input Wᵀ + bias + LoRA, with u = input Aᵀ where the layer is adapted. */
function adaptedLinear(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  name: LinearName,
  input: Value,
  residual: Value | null,
  activation: 'none' | 'gelu' = 'none',
  known?: Value,
): { y: Value; pre: Value | null; u: Value | null } {
  const factors = model.factors(block, name)
  const u = factors ? (known ?? downProjection(p, { x: input, a: factors.a })) : null
  const { weight, bias } = model.linear(block, name)
  const { y, pre } = linear(
    p,
    { x: input, weight, bias, u, b: factors?.b, residual },
    { scale: model.scale, segments: factors?.segments ?? [], activation },
  )
  return { y, pre, u }
}

/** The gradient of a layer's input, null where nothing at or below it learns; and the gradients of its factors. */
function linearBackward(
  p: ProgramBuilder,
  model: ModelValues,
  block: number,
  name: LinearName,
  dy: Value,
  input: () => Value,
  u: Value | undefined,
  activation: { readonly pre: Value; readonly activation: 'gelu' | 'gated' } | null,
): Value | null {
  const factors = model.factors(block, name)
  const { learns, scale } = model
  const place = placeOf(block, name)
  let du: Value | null = null
  if (factors) {
    const { segments, rows, b } = factors
    const needsInner = learns.a || place > model.lowest
    du = needsInner ? innerGradient(p, { dy, b }, { scale, segments, rank: rows }) : null
    if (learns.a) downGradient(p, { du: du!, x: input() }, model.gradients.a(block, name))
    if (learns.b) upGradient(p, { dy, u: u! }, { scale, segments }, model.gradients.b(block, name))
  }
  if (place <= model.lowest) return null
  const { weight } = model.linear(block, name)
  return linearGradient(
    p,
    { dy, weight, du, a: factors?.a, pre: activation?.pre },
    { activation: activation?.activation ?? 'none' },
  )
}
