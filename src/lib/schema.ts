/**
 * The one way in which a foreign value is held against a schema. zod's own `safeParse` throws on some values: it compares
 * lengths before it has looked at types, and `{length: {toString: 1}}` has a length that cannot be compared. Every border
 * reads through here, so that such a value is what it is, one that does not fit.
 */
import { z } from 'zod'

/** Never throws. */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value)
  } catch {
    const unreadable = z.custom<z.output<Schema>>(() => false, 'cannot be read')
    return unreadable.safeParse(null)
  }
}
