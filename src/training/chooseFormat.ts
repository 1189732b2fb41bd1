/**
 * In which format a model's matrices are kept on a machine, and room for them. What the configuration tells is told before
 * anything is read: whether a matrix fits into what a GPU binds, and all of it into a memory whose size is known. How much a
 * GPU has nobody tells, so room for all weights is asked for there; a card that has less than it seems to is found out before
 * a byte is downloaded. Where nobody has asked for a certain format the next denser one is taken, and said; where somebody
 * has, the refusal names what would fit.
 */
import type { Machine } from '../kernels/machines/machine'
import { OutOfMemory } from '../kernels/outOfMemory'
import type { WeightFormat } from '../kernels/program'
import { denserThan, fitOf, requireFit, size, weightBytes } from '../model/checkpoint/fit'
import { type ModelConfig, ModelError } from '../model/config'
import type { Remark } from '../model/source/source'
import type { HeldPart } from '../model/stretch'
import type { Precision } from './compute'
import { makePlace, type Place } from './place'

/** Models up to this size are kept as they are; larger ones in 16 bits, which a GPU reads twice as fast. */
const smallModel = 5e7

const usualFormat = ({ backend }: Machine, parameters: number): WeightFormat =>
  backend === 'webgpu' && parameters > smallModel ? 'float16' : 'float32'

/** Throws a `ModelError` where the model does not fit, with what to do. */
export async function placeFor(
  machine: Machine,
  config: ModelConfig,
  { precision, parameters, part }: { precision: Precision; parameters: number; part: HeldPart },
  onRemark: Remark,
): Promise<Place> {
  const first = precision === 'auto' ? usualFormat(machine, parameters) : precision
  // Where weights are kept unpacked, a denser format saves nothing.
  const others = precision === 'auto' && machine.backend === 'webgpu' ? denserThan(first) : []
  const fitting = [first, ...others].filter((format) => fitOf(config, format, machine.room, part).fits)
  if (fitting.length === 0) requireFit(config, first, machine.room, part)
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
  const denser = denserThan(format).map((other) => `${other} (${size(weightBytes(config, other, part))})`)
  const less =
    denser.length > 0 ? `choose precision=${denser.join(' or precision=')}` : 'choose a smaller model'
  return `This GPU has less memory than it seems to: the model’s weights take ${what} as ${format}, and it has no room for them. Close other programs that use it, ${less}, or use backend=wasm.`
}
