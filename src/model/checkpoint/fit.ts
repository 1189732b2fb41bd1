/**
 * Whether a model fits a device, told from its configuration alone: its frozen weights and one small training step (one
 * sequence of 64 tokens, rank 8 everywhere). An estimate that errs towards trying: browsers do not tell how much memory a
 * GPU has, only the largest buffer and the largest piece of one that a shader may see.
 */
import { matrixBytes, type PackedFormat } from '../../kernels/packing'
import { sizeOfShape, type WeightFormat } from '../../kernels/program'
import { type ModelConfig, ModelError } from '../config'
import { type HeldPart, holdsWeight, wholePart } from '../stretch'
import { type WeightSlot, weightSlots } from '../weights'

export type DeviceRoom =
  | { readonly kind: 'webgpu'; readonly maxBufferBytes: number; readonly maxBindingBytes: number }
  | { readonly kind: 'wasm' | 'cpu'; readonly maxBytes: number }

export type Fit =
  | { readonly fits: true; readonly bytes: number }
  | { readonly fits: false; readonly problem: string }

/** On the CPU weights are kept unpacked, whatever the format. */
export function fitOf(
  config: ModelConfig,
  format: WeightFormat,
  device: DeviceRoom,
  part: HeldPart = wholePart(config),
): Fit {
  const slots = heldSlots(config, part)
  const kept = device.kind === 'webgpu' ? format : 'float32'
  const bytes = slots.reduce((sum, slot) => sum + slotBytes(slot, kept), stepBytes(config, slots))
  if (device.kind !== 'webgpu') {
    if (bytes <= device.maxBytes) return { fits: true, bytes }
    const there = packedFormats.map((other) => `${size(weightBytes(config, other, part))} (${other})`)
    const problem = `The model needs ${size(bytes)} of memory, but ${device.kind} has ${size(device.maxBytes)}. Choose a smaller model, or a device with WebGPU, where its weights take ${there.join(', ')}.`
    return { fits: false, problem }
  }
  const limit = Math.min(device.maxBufferBytes, device.maxBindingBytes)
  const largest = largestBytes(slots, format)
  if (largest <= limit) return { fits: true, bytes }
  const denser = packedFormats.find((other) => largestBytes(slots, other) <= limit)
  const advice = denser ? `Keep its weights as ${denser}` : 'Choose a smaller model'
  const problem = `One matrix of the model takes ${size(largest)} as ${format}, but this GPU takes ${size(limit)} at once. ${advice}${orWasm(config, part)}.`
  return { fits: false, problem }
}

/** What a WebAssembly memory can have at most: its addresses have 32 bits. */
export const mostWasmBytes = 2 ** 32

/** An advice that is given only where it helps. */
export const orWasm = (config: ModelConfig, part: HeldPart): string =>
  fitOf(config, 'float32', { kind: 'wasm', maxBytes: mostWasmBytes }, part).fits
    ? ', or use backend=wasm'
    : ''

/** The bytes that a model takes. Throws a `ModelError` where it does not fit. */
export function requireFit(
  config: ModelConfig,
  format: WeightFormat,
  device: DeviceRoom,
  part?: HeldPart,
): number {
  const fit = fitOf(config, format, device, part)
  if (!fit.fits) throw new ModelError(fit.problem)
  return fit.bytes
}

/** Formats that take less, the next smaller one first. */
export const denserThan = (format: WeightFormat): readonly PackedFormat[] =>
  packedFormats.slice(format === 'float32' ? 0 : packedFormats.indexOf(format) + 1)
const packedFormats: readonly PackedFormat[] = ['float16', 'int8', 'nf4']

/** What the weights alone take in a format. */
export const weightBytes = (config: ModelConfig, format: WeightFormat, part: HeldPart): number =>
  heldSlots(config, part).reduce((sum, slot) => sum + slotBytes(slot, format), 0)

const heldSlots = (config: ModelConfig, part: HeldPart): WeightSlot[] =>
  weightSlots(config).filter(({ name }) => holdsWeight(part, name))

/** Of what must lie in one buffer; the two matrices as high as the vocabulary are cut into pieces where needed. */
const largestBytes = (slots: readonly WeightSlot[], format: WeightFormat): number =>
  slots
    .filter(({ name }) => name !== 'tokens' && name !== 'head')
    .reduce((most, slot) => Math.max(most, slotBytes(slot, format)), 0)

function slotBytes({ shape, matrix }: WeightSlot, format: WeightFormat): number {
  return matrix ? matrixBytes(shape[0], shape[1], format) : 4 * sizeOfShape(shape)
}

const stepRows = 64
const stepRank = 8

/** What a step keeps for its backward pass, one layer's gradients, the logits, and the adapter with its moments. */
function stepBytes(config: ModelConfig, slots: readonly WeightSlot[]): number {
  const { width, layers, vocabulary } = config
  const perLayer = numbersKept(config)
  const adapted = slots.filter(({ name, matrix }) => matrix && name.startsWith('h.'))
  const adapter = adapted.reduce((sum, { shape }) => sum + stepRank * (shape[0] + shape[1]), 0)
  return 4 * (stepRows * ((layers + 1) * perLayer + 4 * width + vocabulary) + 4 * adapter)
}

/** Numbers that a layer keeps of a token for its backward pass. */
export function numbersKept(config: ModelConfig): number {
  const { width, heads, keyValueHeads, headWidth, innerWidth, family } = config
  const attention = (2 * heads + 2 * keyValueHeads) * headWidth // q, k, v and what was gathered
  const inner = (family === 'llama' ? 3 : 2) * innerWidth // gate and up, or up, and the activation
  return 4 * width + attention + inner // two residuals, two norms
}

/** For people. */
export const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
