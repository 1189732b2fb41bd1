/**
 * One LoRA training step as a program: forward, loss, backward, Adam. Nothing of it is decided while it runs.
 *
 * With `checkpointing` the forward pass keeps each block's input and the thin products with A alone, and the backward pass computes the rest again,
 * block by block: for about a third more work, activations take the memory of one block instead of all.
 * Source: Chen et al., Training Deep Nets with Sublinear Memory Cost, arXiv 1604.06174.
 */
import { normGradient } from '../../kernels/layers/normGradient'
import { weightedSum } from '../../kernels/loss/weightedSum'
import { adam } from '../../kernels/optimizer/adam'
import { proximal } from '../../kernels/optimizer/proximal'
import { sumOfSquares } from '../../kernels/optimizer/sumOfSquares'
import { type Program, ProgramBuilder, type Value } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import { type BlockTrace, blockGradient, blockOutput, blockTrace } from './block'
import { countedRows, embedded, headLoss, type SequenceShape, sequenceAttention } from './forward'
import { type ModelShape, modelValues } from './values'

export interface AdamSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export const adamDefaults: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

export interface TrainingOptions {
  readonly layout: AdapterLayout
  /** Both, or one of them where the other is frozen. */
  readonly learns: { readonly a: boolean; readonly b: boolean }
  readonly checkpointing: boolean
  /** Whether the step pulls towards where training began, as FedProx does. */
  readonly proximal: boolean
  /** Whether gradients longer than the schedule says are shortened. */
  readonly clips: boolean
  /** False: the step ends with its gradient, and somebody else decides what becomes of that. */
  readonly updates?: boolean
}

/** Losses of this many steps are kept on the machine, to be read together. */
export const lossRingSize = 64

/**
 * States: `parameters`, `gradient`, `first`, `second` [layout.size], `losses` [lossRingSize].
 * Inputs: those of the forward pass and of the loss; `places` [batch time], where each row stands among the counted ones
 * or -1; `reported` [counted], what each counted row weighs in the loss that is told; `step` [1]; `schedule` [4], see
 * kernels/optimizer/adam.ts. With `proximal` also the state `anchor` [layout.size] and the input `strength` [1], see
 * kernels/optimizer/proximal.ts.
 */
export function trainingProgram(
  shape: ModelShape,
  sequences: SequenceShape,
  { layout, learns, checkpointing, proximal, clips, updates = true }: TrainingOptions,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, { layout, learns })
  const { layers } = model.config
  const attend = sequenceAttention(p, model, sequences)

  const kept: {
    readonly x: Value
    readonly inner: BlockTrace['inner']
    readonly trace: BlockTrace | null
  }[] = []
  let x = embedded(p, model, sequences.batch * sequences.time)
  for (let block = 0; block < layers; block++) {
    const { y, trace } = blockOutput(p, model, block, blockTrace(p, model, block, x, attend))
    kept.push({ x, inner: trace.inner, trace: checkpointing ? null : trace })
    x = y
  }

  const hidden = countedRows(p, model, x, sequences.counted)
  const { losses, dHidden } = headLoss(p, model, hidden, true)
  const told = { losses, weights: p.input('reported', [sequences.counted]) }
  weightedSum(p, { ...told, ring: p.state('losses', [lossRingSize]), step: p.input('step', [1], 'int32') })

  const places = p.input('places', [sequences.batch * sequences.time], 'int32')
  const { gain } = model.norm('final', 'finalNorm')
  let dy: Value | null = normGradient(p, { dy: dHidden!, x, gain, places }, model.normAttributes)
  for (let block = layers - 1; block >= 0 && dy; block--) {
    const { x, inner, trace } = kept[block]
    dy = blockGradient(p, model, block, trace ?? blockTrace(p, model, block, x, attend, inner), dy, {
      attention: sequences,
      // A recomputed trace has them at hand; a LLaMA's or a Qwen's block has no line to spare for it.
      recomputeNorms: !checkpointing && model.config.family === 'gpt2',
    })
  }
  if (updates) update(p, layout.size, adamDefaults, { proximal, clips })
  p.result('gradient', p.state('gradient', [layout.size]))
  return p.build(`training ${model.config.family} ${sequences.batch}x${sequences.time}`)
}

/** The update alone, from a gradient that was written into its state. Inputs and states as far as they are named below. */
export function updatingProgram(size: number, options: Pick<TrainingOptions, 'proximal' | 'clips'>): Program {
  const p = new ProgramBuilder()
  update(p, size, adamDefaults, options)
  return p.build('update')
}

/** All factors are one vector, so the optimizer is one line, and one more for each that changes the gradient. */
function update(
  p: ProgramBuilder,
  size: number,
  settings: AdamSettings,
  { proximal: isPulled, clips }: Pick<TrainingOptions, 'proximal' | 'clips'>,
): void {
  const state = (name: string) => p.state(name, [size])
  const pull = () => ({
    gradient: state('gradient'),
    parameters: state('parameters'),
    anchor: state('anchor'),
    strength: p.input('strength', [1]),
  })
  const gradient = isPulled ? proximal(p, pull()) : state('gradient')
  const moments = { first: state('first'), second: state('second') }
  const norm = clips ? sumOfSquares(p, gradient) : null
  const schedule = p.input('schedule', [4])
  adam(p, { parameters: state('parameters'), gradient, ...moments, norm, schedule }, settings)
}
