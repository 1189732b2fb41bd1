/**
 * Values of settings as text, the one form that an address, a command line and a field have in common: how each kind is
 * read, what it looks like, and what may stand there.
 */
import { z } from 'zod'

export interface Kind<Value> {
  /** All there are; null: it is typed. */
  readonly options: readonly string[] | null
  /** How it is typed. */
  readonly inputMode: 'numeric' | 'decimal' | 'text'
  /** What may stand there, as the end of “must be …”. */
  readonly expects: string
  readonly schema: z.ZodType<Value, string>
  write(value: Value): string
}

export const oneOf = <Name extends string>(names: readonly Name[]): Kind<Name> => ({
  ...{ options: names, inputMode: 'text', expects: `one of: ${names.join(', ')}` },
  schema: z.enum(names as readonly [Name, ...Name[]]),
  write: (name) => name,
})

/** A comma is a decimal point to half of Europe. */
const numbers = z
  .string()
  .regex(/^-?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i)
  .transform((text) => Number(text.replace(',', '.')))

export const whole = (low: number, high: number): Kind<number> => ({
  ...{ options: null, inputMode: 'numeric', expects: `a whole number from ${low} to ${high}` },
  schema: numbers.pipe(z.number().int().min(low).max(high)),
  write: String,
})

/** @param low may stand there itself */
export const between = (low: number, high: number): Kind<number> => ({
  ...{ options: null, inputMode: 'decimal', expects: `a number from ${low} to ${high}` },
  schema: numbers.pipe(z.number().min(low).max(high)),
  write: String,
})

/** Greater than 0. */
export const positive = (high: number): Kind<number> => ({
  ...{ options: null, inputMode: 'decimal', expects: `a number greater than 0, ${high} at most` },
  schema: numbers.pipe(z.number().gt(0).max(high)),
  write: String,
})

/** Or `auto`: null, whatever is usual then. */
export const orAuto = ({ schema, expects, write }: Kind<number>): Kind<number | null> => ({
  ...{ options: null, inputMode: 'text', expects: `auto, or ${expects}` },
  schema: z.union([z.literal('auto').transform(() => null), schema]),
  write: (value) => (value === null ? 'auto' : write(value)),
})

/** With commas; `same`: none. */
export const listOf = ({ schema, expects }: Kind<number>): Kind<readonly number[]> => ({
  ...{ options: null, inputMode: 'text', expects: `same, or with commas between them ${expects} each` },
  schema: z.union([
    z.literal('same').transform(() => []),
    z
      .string()
      .transform((text) => text.split(',').map((one) => one.trim()))
      .pipe(z.array(schema).min(1).max(64)),
  ]),
  write: (values) => (values.length > 0 ? values.join(',') : 'same'),
})
