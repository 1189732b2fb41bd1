/**
 * Settings files of others, `config.json` and `adapter_config.json`: each field is either read, or known to change nothing
 * here, or refused by its name. So what a later version of a library adds, and what nobody here has heard of, is never
 * computed without. transformers and PEFT read null as if the field were absent, and both turn off what they turn off by
 * null, false or something empty: of a field that nobody knows, this much may be believed.
 */
import { z } from 'zod'
import { shown } from '../lib/schema'

export type Fields = Readonly<Record<string, unknown>>

/** Without what is null. */
export const saidFields = (file: Fields): Fields =>
  Object.fromEntries(Object.entries(file).filter(([, value]) => value !== null))

/** The first field that is neither known nor off. */
export const unknownField = (file: Fields, isKnown: (name: string) => boolean): string | undefined =>
  Object.keys(file).find((name) => !isOff(file[name]) && !isKnown(name))

export function isOff(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** A setting that must have one of these values where it is given at all. */
export const supported = <const Value extends string | number | boolean>(...values: [Value, ...Value[]]) =>
  z.literal<[Value, ...Value[]]>(values, {
    error: ({ input }) =>
      input === undefined ? undefined : `${shown(input)} is not supported here, only ${values.join(' or ')}`,
  })

/** A setting that must be off: null, false, or empty. `instead` says what to do. */
export const turnedOff = (instead: string) =>
  z.custom(isOff, { error: ({ input }) => `${shown(input)} is not supported here: ${instead}` }).optional()
