/**
 * The one way in which a foreign value is held against a schema. zod's own `safeParse` throws on some values: it compares
 * lengths before it has looked at types, and `{length: {toString: 1}}` has a length that cannot be compared. Every border
 * reads through here, so that such a value is what it is, one that does not fit. What does not fit is said in plain words,
 * as the end of “rank …”: people read it, and they know nothing of schemas.
 */
import { z } from 'zod'

/** Never throws. */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value, { error: complaint })
  } catch {
    const unreadable = z.custom<z.output<Schema>>(() => false, 'cannot be read')
    return unreadable.safeParse(null)
  }
}

/** The first thing that is wrong: where it stands, with dots between (empty: the value itself), and what is wrong with it. */
export function firstComplaint({ issues: [issue] }: z.ZodError): {
  readonly place: string
  readonly what: string
} {
  return { place: issue.path.join('.').slice(0, 80), what: issue.message }
}

/** `$ZodRawIssue` before zod has made a message of it, `$ZodIssue` after. */
type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue

/** What a value must be and what it is: `must be a whole number, not "8"`. */
function complaint(issue: z.core.$ZodRawIssue): string {
  const { input } = issue
  if (issue.code === 'unrecognized_keys') return `holds ${shown(issue.keys[0])}, which is not known here`
  if (input === undefined) return 'is missing'
  const wanted = wantedBy(issue)
  if (wanted === null) return `cannot be ${shown(input)}`
  // zod points at the tag and shows what is around it; of what is empty everything is said.
  const isShown = !(issue.code === 'invalid_union' && issue.discriminator) && !isEmpty(input)
  return `must be ${wanted}${isShown ? `, not ${shown(input)}` : ''}`
}

/** As the end of “must be …”; null: there is no more to be said than that it does not fit. */
function wantedBy(issue: Issue): string | null {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames.get(issue.expected) ?? null
    case 'too_small':
      return bounded(
        issue.origin,
        Number(issue.minimum),
        issue.inclusive === false ? 'greater than' : 'or more',
      )
    case 'too_big':
      return bounded(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'or less')
    case 'invalid_value':
      return issue.values.length > 1
        ? `one of: ${issue.values.map(String).join(', ')}`
        : shown(issue.values[0])
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_union':
      return issue.errors.length > 0
        ? either(issue.errors.map(([first]) => (first ? wantedBy(first) : null)))
        : either('options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [])
    case 'invalid_format':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return null
  }
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['null', 'null'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
])

const countedIn: ReadonlyMap<string, string> = new Map([
  ['string', 'characters'],
  ['array', 'items'],
  ['set', 'items'],
])

function bounded(origin: string, bound: number, side: string): string {
  const counted = countedIn.get(origin)
  if (!counted) return side.startsWith('or') ? `${bound} ${side}` : `${side} ${bound}`
  if (side === 'or more' && bound === 1)
    return counted === 'items' ? 'a list with something in it' : 'text with something in it'
  return `of ${bound} ${counted} ${side}`
}

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0)

function either(wanted: readonly (string | null)[]): string | null {
  const known = [...new Set(wanted.filter((each) => each !== null))]
  return known.length > 0 ? known.join(' or ') : null
}

/** A foreign value as it may stand in a message: it may be of any length. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value).slice(0, 60)
}

/** A foreign value as text, as it stands where it is one: an object of a file may have a `toString` of its own that is no function. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : shown(value))
