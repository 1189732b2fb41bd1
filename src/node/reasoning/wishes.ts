/**
 * What may be asked of a tab, by its page or by a script: one schema for a question and for what a proof or a comparison takes of
 * it. What cannot be used is refused before anything begins, in plain words that name the field and say what may stand there.
 */
import { z } from 'zod'
import { asText, firstComplaint, readBy, shown } from '../../lib/schema'
import { mostTemperature, mostWritten } from '../../reasoning/wire/letters'
import { mostDrafted } from './extras'
import { codecNames, type ModeName, modeNames } from './modes'
import type { AskOptions } from './view/view'

/** A value that is what `schema` says, or else is refused with this sentence. */
const refusing = <Value>(schema: z.ZodType<Value>, sentence: (value: unknown) => string): z.ZodType<Value> =>
  z.custom<Value>((value) => readBy(schema, value).success, { error: ({ input }) => sentence(input) })

/** Null is as if nothing were said. */
const orUsual = <Value>(field: z.ZodType<Value>) => field.nullish().transform((value) => value ?? undefined)

const plain = {
  prompt: refusing(z.string().min(1), (value) => {
    if (value === '') return 'The prompt is empty. Give the model something to continue.'
    const what = value === undefined ? 'prompt is missing' : `prompt: ${shown(value)} is not text`
    return `${what}. Give the text that is to be continued.`
  }),
  tokens: orUsual(
    refusing(
      z.number().int().min(1).max(mostWritten),
      (value) => `tokens: ${shown(value)} is not a whole number from 1 to ${mostWritten}.`,
    ),
  ),
  temperature: orUsual(
    refusing(
      z.number().min(0).max(mostTemperature),
      (value) => `temperature: ${shown(value)} is not a number from 0 to ${mostTemperature}.`,
    ),
  ),
  seed: orUsual(
    refusing(z.number().int(), (value) => `seed: ${shown(value)} is not a whole number, such as 7.`),
  ),
}

const extras = {
  mode: refusing(
    z.enum(modeNames),
    (value) => `There is no mode “${asText(value)}”. Choose one of ${modeNames.join(', ')}.`,
  ).optional(),
  draft: refusing(
    z.number().int().min(0).max(mostDrafted),
    (value) =>
      `A draft of ${asText(value)} tokens cannot be made. Give a whole number from 0 to ${mostDrafted}.`,
  ).nullish(),
  risk: refusing(
    z.number().gt(0).lt(1),
    (value) => `A risk of ${asText(value)} cannot be used. Give a number between 0 and 1, such as 0.03.`,
  ).optional(),
  doubt: refusing(
    z.number().min(0).max(1),
    (value) => `A doubt of ${asText(value)} cannot be used. Give a number from 0 to 1, such as 0.3.`,
  ).nullish(),
  codec: refusing(
    z.enum(codecNames),
    (value) => `Rows cannot travel as “${asText(value)}”. Choose one of ${codecNames.join(', ')}.`,
  ).optional(),
  tiers: orUsual(refusing(z.literal([2, 3]), (value) => `There are no ${asText(value)} tiers. Give 2 or 3.`)),
  draftAdapter: refusing(
    z.enum(['kept', 'none']),
    (value) => `A draft cannot be made with “${asText(value)}”. Choose kept or none.`,
  ).optional(),
}

const questionOf = <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
  z.strictObject(fields, {
    error: ({ code, input, keys }) =>
      code === 'unrecognized_keys'
        ? `${shown((keys as string[])[0])} is not known here. Ask with ${Object.keys(fields).join(', ')}.`
        : `A question must be an object such as {prompt: "Once upon a time"}, not ${shown(input)}.`,
  })

const plainQuestion = questionOf(plain)
const question = questionOf({ ...plain, ...extras })
const view = refusing(
  z.string().nullish(),
  (value) => `What this tab sees must be text, not ${shown(value)}. Give text, or null for nothing.`,
)

export interface AskedQuestion extends AskOptions {
  readonly prompt: string
  readonly mode?: ModeName
}
export type PlainQuestion = Pick<AskedQuestion, 'prompt' | 'tokens' | 'temperature' | 'seed'>

const answerTokens = 24

/** How a text is drawn where nobody says. @param usualSeed of the room */
export const usualDraw = (
  { tokens = answerTokens, temperature = 0, seed }: Omit<PlainQuestion, 'prompt'>,
  usualSeed: number,
) => ({ tokens, temperature, seed: seed ?? usualSeed })

/** What `generate` was asked for. Throws an error in plain words. */
export const readQuestion = (asked: unknown): AskedQuestion => read(question, asked)

/** A question that says nothing of how tabs work together: of a proof, and of three adapters side by side. Throws an error in plain words. */
export const readPlainQuestion = (asked: unknown): PlainQuestion => read(plainQuestion, asked)

/** What a tab is told to see; null: nothing. Throws an error in plain words. */
export const readView = (given: unknown): string | null => read(view, given) ?? null

function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const { data, error } = readBy(schema, given)
  if (error) throw new Error(firstComplaint(error).what)
  return data as z.output<Schema>
}
