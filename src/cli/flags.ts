/**
 * Command line flags as one schema per command: what zod declares is what may stand there, with its default and its
 * meaning. `--batch 8` and `--batch=8` are the same; a flag that nobody declared is an error, not ignored, and so is
 * one that is given twice and may not be repeated.
 */

import { z } from 'zod'
import { firstComplaint, readBy, shown } from '../lib/schema'
import { sentence } from '../lib/sentence'
import type { ModelConfig } from '../model/config'
import { AdapterError } from '../model/lora'

/** A command line that cannot be obeyed. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** `[--a, 1, --b]` as an object that a command's schema understands. Flags in camelCase; a flag without value is true. */
export function parseFlags<Schema extends z.ZodObject>(
  schema: Schema,
  args: readonly string[],
): z.output<Schema> {
  const known = Object.keys(schema.shape)
  const given: Record<string, string | true | string[]> = {}
  for (let index = 0; index < args.length; index++) {
    const [, name, , inline] = /^--([a-z][a-z-]*)(=(.*))?$/s.exec(args[index]) ?? []
    if (!name)
      throw new UsageError(`"${args[index]}" is no flag. Flags look like ${flagName(known[0])} VALUE.`)
    const key = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    if (!known.includes(key))
      throw new UsageError(`There is no flag --${name}. Flags here: ${known.map(flagName).join(' ')}.`)
    const next = args[index + 1]
    const isBare = inline === undefined && (next === undefined || next.startsWith('--'))
    const value = isBare ? true : (inline ?? args[++index])
    const earlier = given[key]
    if (earlier === undefined) given[key] = value
    else if (value !== true && earlier !== true && repeatable.has(schema.shape[key] as z.ZodType))
      given[key] = [...[earlier].flat(), value]
    else throw new UsageError(twice(key, earlier, value))
  }
  const parsed = readBy(schema, given)
  if (parsed.success) return parsed.data
  const { place, what } = firstComplaint(parsed.error)
  // Of a flag that may be repeated the place says, too, which time it was.
  const [key] = place.split('.')
  const problem = given[key] === undefined ? 'is missing' : given[key] === true ? 'needs a value' : what
  throw new UsageError(sentence(`${flagName(key)} ${problem}`))
}

type Given = string | true | readonly string[]

/** Nobody can tell which of the two was meant. */
function twice(key: string, earlier: Given, value: Given): string {
  const said = earlier === true || value === true ? '' : `, as ${shown(String(earlier))} and ${shown(value)}`
  return `${flagName(key)} is given twice${said}. Give it once.`
}

export const flagName = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const numeric = (check: z.ZodNumber) =>
  z
    .string()
    .regex(/^-?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i, {
      error: ({ input }) => `must be a number, not ${shown(input)}`,
    })
    .transform(Number)
    .pipe(check)

export const text = z.string().min(1)
export const counting = numeric(z.number().int().min(1))
export const whole = numeric(z.number().int().min(0))
export const wholeUpTo = (most: number) => numeric(z.number().int().min(0).max(most))
export const positive = numeric(z.number().positive())
export const notNegative = numeric(z.number().min(0))
export const fraction = numeric(z.number().gt(0).max(1))
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)
export const precision = z
  .enum(['auto', 'float32', 'float16', 'int8', 'nf4'], 'must be auto, float32, float16, int8 or nf4')
  .default('auto')
/** The model's first layers alone; null: all of it. */
export const depth = counting.nullable().default(null)
const repeatable = new WeakSet<z.ZodType>()
/** A flag that may be given again and again; none where it is not given. */
export function repeated<Item extends z.ZodType>(item: Item) {
  const all = z.preprocess((given) => (given === undefined ? [] : [given].flat()), z.array(item))
  repeatable.add(all)
  return all
}
/** A flag without value. */
export const onOff = z.literal(true, 'takes no value').optional()
export const backend = z
  .enum(['auto', 'wasm', 'cpu', 'webgpu'], 'must be auto, wasm, cpu or webgpu')
  .default('wasm')

/** What flags ask of an adapter and the model has not is a matter of the flags. */
export function refusing<Result>(use: () => Result): Result {
  try {
    return use()
  } catch (problem) {
    throw problem instanceof AdapterError ? new UsageError(problem.message) : problem
  }
}

/** Throws where windows of so many predictions are longer than the model. */
export function requireWindow(seq: number, { contextLength }: ModelConfig): void {
  if (seq > contextLength)
    throw new UsageError(`--seq ${seq} is longer than the model's ${contextLength} positions. Lower it.`)
}
