/**
 * Kinds of values as text, the one form that an address, a command line and a field have in common: how each is read and
 * written, and what may stand there. A kind knows nothing of the setting that has it.
 */
import { z } from 'zod'

/** What may stand there, for a control to draw and a sentence to say. */
export type Shape =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** `low` itself may stand there only where it is included. */
  | {
      readonly kind: 'number'
      readonly low: number
      readonly high: number
      readonly isWhole: boolean
      readonly isLowIncluded: boolean
    }
  | { readonly kind: 'switch' }
  /** Typed; `options` are the usual ones among them, `example` says what it looks like. */
  | { readonly kind: 'text'; readonly options: readonly string[]; readonly example: string }
  /** With commas between them. */
  | { readonly kind: 'list'; readonly of: Shape }

export interface Kind<Value> {
  readonly shape: Shape
  /** What stands for a value that nobody need say, which is null or an empty list; null: it must be said. */
  readonly unsaid: 'auto' | 'same' | '' | null
  readonly schema: z.ZodType<Value, string>
  /** Null: a value that no text stands for. */
  write(value: Value): string | null
}

export const oneOf = <const Name extends string>(names: readonly Name[]): Kind<Name> => ({
  shape: { kind: 'choice', options: names },
  unsaid: null,
  schema: z.enum(names),
  write: (name) => name,
})

/** A comma is a decimal point to half of Europe. */
const numbers = z
  .string()
  .trim()
  .regex(/^-?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i)
  .transform((text) => Number(text.replace(',', '.')))

export const whole = (low: number, high: number): Kind<number> => ({
  shape: { kind: 'number', low, high, isWhole: true, isLowIncluded: true },
  unsaid: null,
  schema: numbers.pipe(z.number().int().min(low).max(high)),
  write: String,
})

/** @param low may stand there itself */
export const between = (low: number, high: number): Kind<number> => ({
  shape: { kind: 'number', low, high, isWhole: false, isLowIncluded: true },
  unsaid: null,
  schema: numbers.pipe(z.number().min(low).max(high)),
  write: String,
})

/** Greater than 0. */
export const positive = (high: number): Kind<number> => ({
  shape: { kind: 'number', low: 0, high, isWhole: false, isLowIncluded: false },
  unsaid: null,
  schema: numbers.pipe(z.number().gt(0).max(high)),
  write: String,
})

export const onOff: Kind<boolean> = {
  shape: { kind: 'switch' },
  unsaid: null,
  schema: z.enum(['1', '0', 'true', 'false', '']).transform((text) => text !== '0' && text !== 'false'),
  write: (isOn) => (isOn ? '1' : '0'),
}

/** Text that follows a pattern, of `most` characters. */
export const typed = (
  pattern: RegExp,
  most: number,
  example: string,
  options: readonly string[] = [],
): Kind<string> => ({
  shape: { kind: 'text', options, example },
  unsaid: null,
  schema: z.string().trim().max(most).regex(pattern),
  write: (text) => text,
})

/** Some of these names, with commas; `options` are usual sets of them. */
export const someOf = (names: readonly string[], options: readonly string[]): Kind<readonly string[]> => ({
  shape: { kind: 'text', options, example: names.join(',') },
  unsaid: null,
  schema: z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(z.array(z.enum(names)).min(1)),
  write: (chosen) => chosen.join(','),
})

/** Some of these names one after the other, or `none`; `options` are usual ones. Whether they can follow each other is said elsewhere. */
export const chainOf = <const Name extends string>(
  names: readonly Name[],
  options: readonly (readonly Name[])[],
): Kind<readonly Name[]> => {
  const write = (chain: readonly Name[]) => chain.join(',') || 'none'
  return {
    shape: { kind: 'text', options: options.map(write), example: `none, or of ${names.join(', ')}` },
    unsaid: null,
    schema: z.union([
      // As a message holds it, an empty list is an empty text.
      z.enum(['none', '']).transform((): readonly Name[] => []),
      z
        .string()
        .transform((text) => text.split(',').map((item) => item.trim()))
        .pipe(z.array(z.enum(names)).min(1).max(names.length)),
    ]),
    write,
  }
}

/** Or not there at all, or empty, which is null. */
export const optional = <Value>({ shape, schema, write }: Kind<Value>): Kind<Value | null> => ({
  shape,
  unsaid: '',
  schema: z.union([z.literal('').transform(() => null), schema]),
  write: (value) => (value === null ? null : write(value)),
})

/** Or `auto`: null, whatever is usual then. */
export const orAuto = ({ shape, schema, write }: Kind<number>): Kind<number | null> => ({
  shape,
  unsaid: 'auto',
  schema: z.union([z.literal('auto').transform(() => null), schema]),
  write: (value) => (value === null ? 'auto' : write(value)),
})

/** Or `same`: none. */
export const listOf = ({ shape, schema }: Kind<number>): Kind<readonly number[]> => ({
  shape: { kind: 'list', of: shape },
  unsaid: 'same',
  schema: z.union([
    z.literal('same').transform(() => []),
    z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(schema).min(1).max(64)),
  ]),
  write: (values) => (values.length > 0 ? values.join(',') : 'same'),
})

/** How a language says what may stand there, as the end of “must be …”. */
interface Terms {
  oneOf(names: string): string
  whole(low: number, high: number): string
  between(low: number, high: number): string
  positive(high: number): string
  readonly onOff: string
  like(example: string): string
  list(each: string): string
  or(unsaid: string, said: string): string
  /** Of an address. `instead`: what stands in its place; null: it is as if nothing were said. */
  unusable(said: string, expected: string, instead: string | null): string
}

export const english: Terms = {
  oneOf: (names) => `one of: ${names}`,
  whole: (low, high) => `a whole number from ${low} to ${high}`,
  between: (low, high) => `a number from ${low} to ${high}`,
  positive: (high) => `a number greater than 0, ${high} at most`,
  onOff: '1 or 0',
  like: (example) => `such as ${example}`,
  list: (each) => `with commas between them ${each} each`,
  or: (unsaid, said) => `${unsaid}, or ${said}`,
  unusable: (said, expected, instead) =>
    `“${said}” cannot be used: it must be ${expected}. It was read ${instead === null ? 'as if it were not there' : `as ${instead}`}.`,
}

/** What may stand there, as the end of “must be …”. */
export function expectationOf(
  { shape, unsaid }: Pick<Kind<unknown>, 'shape' | 'unsaid'>,
  terms = english,
): string {
  const said = saidOf(shape, terms)
  return unsaid ? terms.or(unsaid, said) : said
}

function saidOf(shape: Shape, terms: Terms): string {
  switch (shape.kind) {
    case 'choice':
      return terms.oneOf(shape.options.join(', '))
    case 'number': {
      const { low, high, isWhole, isLowIncluded } = shape
      if (!isLowIncluded) return terms.positive(high)
      return isWhole ? terms.whole(low, high) : terms.between(low, high)
    }
    case 'switch':
      return terms.onOff
    case 'text':
      return terms.like(shape.example)
    case 'list':
      return terms.list(saidOf(shape.of, terms))
  }
}
