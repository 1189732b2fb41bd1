/** What tabs say to each other, as examples near which the messages' schemas are tried. Whatever comes in, they say yes or no. */
import type { z } from 'zod'
import { random } from '../../../src/lib/rng'
import { readBy } from '../../../src/lib/schema'
import { fromCoordinator, fromDevice } from '../../../src/node/wire/messages'
import { fromNeighbour } from '../../../src/node/wire/neighbourMessages'
import type { Case } from '../case'
import { coordinatorSays, deviceSays, neighbourSays } from './examples'
import { fuzz } from './fuzz'
import { type Json, mutateJson } from './mutate'

type Union = z.ZodDiscriminatedUnion<readonly z.ZodObject<{ readonly type: z.ZodLiteral<string> }>[], 'type'>

const kindOf = (example: Json): string => (example as { readonly type: string }).type

export const schemaOf = (name: string, schema: Union, examples: readonly Json[]): Case[] => [
  near(`messages of ${name}`, schema, examples),
  {
    name: `examples of messages of ${name}`,
    isLong: false,
    limitMs: 10_000,
    run: async () => ({
      runs: examples.length,
      violations: [
        ...examples
          .filter((example) => !readBy(schema, example).success)
          .map((example) => `an honest message is not understood: ${JSON.stringify(example).slice(0, 200)}`),
        ...schema.options
          .map((option) => option.shape.type.value)
          .filter((kind) => !examples.some((example) => kindOf(example) === kind))
          .map((kind) => `“${kind}” has no example here, so it was never tried`),
      ].map((what) => ({ what })),
    }),
  },
]

/** Messages near these. */
const near = (name: string, schema: Union, examples: readonly Json[], isLong = false): Case =>
  fuzz<Json>({
    name,
    declared: [],
    isLong,
    draw: (dice) => mutateJson(dice, dice.pick(examples)),
    decode(message) {
      const parsed = readBy(schema, message)
      return parsed.success &&
        JSON.stringify(parsed.data).length > 4 * (JSON.stringify(message) ?? '').length + 1000
        ? ['what is read is larger than what came']
        : undefined
    },
  })

/** Of what trust rests on each kind by itself, as often as all others together. */
const trusted = /^(secure-.*|masked|forget|forgotten|certified|judge|judged|shut-out|accounted)$/
const eachTrusted = (name: string, schema: Union, examples: readonly Json[]): Case[] =>
  examples
    .filter((example) => trusted.test(kindOf(example)))
    .map((example) => near(`“${kindOf(example)}” of ${name}`, schema, [example], true))

export const messages: readonly Case[] = [
  ...schemaOf('a coordinator', fromCoordinator, coordinatorSays),
  ...schemaOf('a device', fromDevice, deviceSays),
  ...schemaOf('a neighbour', fromNeighbour, neighbourSays),
  ...eachTrusted('a coordinator', fromCoordinator, coordinatorSays),
  ...eachTrusted('a device', fromDevice, deviceSays),
]

/** A message near an honest one, for members that lie. */
export const oddDeviceMessage = (seed: number, ...labels: (string | number)[]): Json => {
  const dice = random(seed, 'odd message', ...labels)
  return mutateJson(dice, dice.pick(deviceSays))
}
