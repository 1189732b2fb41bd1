/** The flags of a tool, as Node has read them: one that is given twice is an error, since nobody can tell which was meant. */

interface Parsed<Values> {
  readonly values: Values
  readonly tokens: readonly { readonly kind: string; readonly name?: string }[]
}

/** The values. Throws where a flag is given twice that is not among those that may be `repeated`. */
export function onceEach<Values>({ values, tokens }: Parsed<Values>, ...repeated: string[]): Values {
  const given = new Set<string>()
  for (const { kind, name = '' } of tokens) {
    if (kind !== 'option' || repeated.includes(name)) continue
    if (given.has(name)) throw new Error(`--${name} is given twice. Give it once.`)
    given.add(name)
  }
  return values
}
