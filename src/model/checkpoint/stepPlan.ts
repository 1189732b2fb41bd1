/**
 * Whether a training step of so many rows fits beside a model into a memory whose size is known, and what would fit if not:
 * keeping less and computing it again (checkpointing), or fewer rows. An estimate, made before anything is loaded. How much a
 * GPU has nobody tells: there a step that finds no room takes the smaller way when it is compiled (`Workspace.training`).
 */
import type { ModelConfig } from '../config'
import { type HeldPart, wholePart } from '../stretch'
import { type DeviceRoom, numbersKept, size, weightBytes } from './fit'

export type StepPlan =
  | { readonly kind: 'as asked' }
  | { readonly kind: 'checkpointing' }
  /** With checkpointing; 0 where not even one fits. */
  | { readonly kind: 'fewer rows'; readonly rows: number }

/** Of rows of `time` tokens each. */
export interface Step {
  readonly rows: number
  readonly time: number
}

export function stepPlan(
  config: ModelConfig,
  device: DeviceRoom,
  { rows, time }: Step,
  part: HeldPart = wholePart(config),
): StepPlan {
  if (device.kind === 'webgpu') return { kind: 'as asked' }
  const left = device.maxBytes - weightBytes(config, 'float32', part)
  if (rows * rowBytes(config, time, false) <= left) return { kind: 'as asked' }
  const most = Math.max(0, Math.floor(left / rowBytes(config, time, true)))
  return most >= rows ? { kind: 'checkpointing' } : { kind: 'fewer rows', rows: most }
}

/** What a row keeps for the backward pass, one layer's gradients, and the logits. */
function rowBytes(config: ModelConfig, time: number, checkpointing: boolean): number {
  const { width, layers, vocabulary } = config
  const perLayer = numbersKept(config)
  const kept = checkpointing ? layers * width + 2 * perLayer : (layers + 1) * perLayer
  return 4 * time * (kept + 4 * width + vocabulary)
}

/** For people; null where the step fits as it was asked for. */
export function remarkOn(plan: StepPlan, device: DeviceRoom, { rows }: Step): string | null {
  if (plan.kind === 'as asked' || device.kind === 'webgpu') return null
  const what = `A training step of ${rows} rows does not fit beside the model into ${size(device.maxBytes)}`
  if (plan.kind === 'checkpointing')
    return `${what}, so less is kept of it and computed again (checkpointing), which takes longer.`
  return plan.rows > 0
    ? `${what}, not even with checkpointing. Choose batch=${plan.rows}.`
    : `${what}, and neither does one of a single row. Choose a smaller model, or a device with WebGPU.`
}
