/**
 * Throws inputs at one decoder, each drawn from a seed of its own, so that any one of them can be repeated alone. Only the
 * decoder's own kinds of error may come out, and no call may take long: what a page parses, it parses while people look.
 */
import { inspect } from 'node:util'
import { type Random, random } from '../../../src/lib/rng'
import type { Case, Findings, Scope, Violation } from '../case'

export interface Decoder<Input> {
  readonly name: string
  draw(dice: Random): Input
  /** Returns what is wrong with the outcome, or nothing. */
  decode(input: Input): readonly string[] | undefined | Promise<readonly string[] | undefined>
  /** The errors that it says it throws. */
  readonly declared: readonly (abstract new (
    ...details: never[]
  ) => Error)[]
  /** Inputs that are slow to make, in the whole run; a fiftieth of them in the slice. */
  readonly inputs?: number
  /** Not part of the slice. */
  readonly isLong?: boolean
}

const usualInputs = 100_000
/** Of processor time, for inputs of some kilobytes; a tenth of it would be felt already. */
const mostWorkMs = 500
const mostReported = 5

const inputsOf = (inputs: number, scope: Scope) => (scope === 'whole' ? inputs : Math.ceil(inputs / 50))

export const fuzz = <Input>({
  name,
  draw,
  decode,
  declared,
  inputs = usualInputs,
  isLong = false,
}: Decoder<Input>): Case => ({
  name,
  isLong,
  limitMs: 600_000,
  async run(seed, scope, progress): Promise<Findings> {
    const runs = inputsOf(inputs, scope)
    const found = new Map<string, Violation>()
    for (let own = seed; own < seed + runs; own++) {
      const complaints = await judge(() => draw(random(own, name)), decode, declared)
      for (const { kind, what } of complaints) if (!found.has(kind)) found.set(kind, { what, seed: own })
      if (found.size >= mostReported) break
      if ((own - seed) % 256 === 0) {
        progress(own)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return { runs, violations: [...found.values()] }
  },
})

/** One input that somebody thought of. */
export const corner = <Input>(
  name: string,
  { decode, declared }: Pick<Decoder<Input>, 'decode' | 'declared'>,
  make: () => Input,
): Case => ({
  name,
  isLong: false,
  limitMs: 15_000,
  run: async () => {
    const complaints = await judge(make, decode, declared)
    return { runs: 1, violations: complaints.map(({ what }) => ({ what })) }
  },
})

interface Complaint {
  /** Two of one kind are told once. */
  readonly kind: string
  readonly what: string
}

async function judge<Input>(
  make: () => Input,
  decode: Decoder<Input>['decode'],
  declared: Decoder<Input>['declared'],
): Promise<readonly Complaint[]> {
  const input = make()
  const shown = () => inspect(input, { depth: 4, maxStringLength: 300, maxArrayLength: 40 }).slice(0, 400)
  const complaints: Complaint[] = []
  const before = process.cpuUsage()
  try {
    const outcome = decode(input)
    const wrong = (outcome instanceof Promise ? await outcome : outcome) ?? []
    for (const what of wrong)
      complaints.push({ kind: what.replaceAll(/\d+/g, '#'), what: `${what}: ${shown()}` })
  } catch (error) {
    if (!(error instanceof Error) || !declared.some((known) => error instanceof known)) {
      const kind = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      const at = error instanceof Error ? /at .*/.exec(error.stack ?? '')?.[0] : ''
      complaints.push({ kind: kind.slice(0, 40), what: `throws ${kind.slice(0, 200)} (${at}) of ${shown()}` })
    }
  }
  const { user, system } = process.cpuUsage(before)
  const workMs = (user + system) / 1000
  if (workMs > mostWorkMs)
    complaints.push({ kind: 'slow', what: `takes ${Math.round(workMs)} ms of work: ${shown()}` })
  return complaints
}
