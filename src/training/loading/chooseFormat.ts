/**
 * In which format a model's matrices are kept on a machine, and room for them. What the configuration tells is told before
 * anything is read: whether a matrix fits into what a GPU binds, and all of it into a memory whose size is known. How much a
 * GPU has nobody tells, so room for all weights is asked for there; a card that has less than it seems to is found out before
 * a byte is downloaded. Where nobody has asked for a certain format the next denser one is taken, and said; where somebody
 * has, the refusal names what would fit.
 */
import type { Machine } from '../../kernels/machines/machine'
import { OutOfMemory } from '../../kernels/outOfMemory'
import type { WeightFormat } from '../../kernels/program'
import { denserThan, fitOf, orWasm, requireFit, size, weightBytes } from '../../model/checkpoint/fit'
import { remarkOn, stepPlan } from '../../model/checkpoint/stepPlan'
import { type ModelConfig, ModelError } from '../../model/config'
import type { Remark } from '../../model/source/source'
import type { HeldPart } from '../../model/stretch'
import { longestRow } from '../batches'
import type { Precision } from '../compute'
import { makePlace, type Place } from './place'

/** Models up to this size are kept as they are; larger ones in 16 bits, which a GPU reads twice as fast. */
const smallModel = 5e7

const usualFormat = ({ backend }: Machine, parameters: number): WeightFormat =>
  backend === 'webgpu' && parameters > smallModel ? 'float16' : 'float32'

export interface Wanted {
  readonly precision: Precision
  readonly parameters: number
  readonly part: HeldPart
  /** Rows of a training step, where it is known. */
  readonly batch?: number
}

/** Throws a `ModelError` where the model does not fit, with what to do. */
export async function placeFor(
  machine: Machine,
  config: ModelConfig,
  { precision, parameters, part, batch }: Wanted,
  onRemark: Remark,
): Promise<Place> {
  const first = precision === 'auto' ? usualFormat(machine, parameters) : precision
  // Where weights are kept unpacked, a denser format saves nothing.
  const others = precision === 'auto' && machine.backend === 'webgpu' ? denserThan(first) : []
  const fitting = [first, ...others].filter((format) => fitOf(config, format, machine.room, part).fits)
  if (fitting.length === 0) requireFit(config, first, machine.room, part)
  if (batch !== undefined) {
    const step = { rows: batch, time: longestRow(config.contextLength) }
    const remark = remarkOn(stepPlan(config, machine.room, step, part), machine.room, step)
    if (remark !== null) onRemark(remark)
  }
  for (const format of fitting) {
    const place = await makePlace(machine, config, format, part).catch((problem: unknown) => {
      if (!(problem instanceof OutOfMemory)) throw problem
      return null
    })
    if (!place) continue
    if (format !== first)
      onRemark(
        `This GPU has no room for the model as ${first} (${size(weightBytes(config, first, part))}), so its weights are kept as ${format} (${size(weightBytes(config, format, part))}).`,
      )
    return place
  }
  throw new ModelError(noRoom(machine, config, first, part))
}

function noRoom(machine: Machine, config: ModelConfig, format: WeightFormat, part: HeldPart): string {
  const what = size(weightBytes(config, format, part))
  if (machine.backend !== 'webgpu')
    return `This tab’s memory has no room left for the model’s ${what}. Close other tabs, or choose a smaller model.`
  const denser = denserThan(format).map(
    (other) => `precision=${other} (${size(weightBytes(config, other, part))})`,
  )
  const advice = denser.join(', ') || 'a smaller model'
  return `This GPU has less memory than it seems to: the model’s weights take ${what} as ${format}, and it has no room for them. Close other programs that use it, or choose ${advice}${orWasm(config, part)}.`
}
