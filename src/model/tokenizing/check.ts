/**
 * A `tokenizer.json` before the library that runs it sees it. The library makes tables as long as the largest id, a tree of
 * every letter of every token, and regular expressions of whatever stands there; so ids, lengths, counts and patterns are
 * looked at first, in one pass over the file, and settings that nobody here has heard of are refused (`fields.ts`). Nothing here
 * knows what the parts do with a text.
 */

import { z } from 'zod'
import { firstComplaint, readBy, shown } from '../../lib/schema'
import { sentence } from '../../lib/sentence'
import { ModelError } from '../config'
import {
  refuseUnknownOfFile,
  refuseUnknownOfModel,
  refuseUnknownOfPart,
  refuseUnknownOfToken,
} from './fields'
import { patternComplaint } from './patterns'

/** The most that the largest known tokenizers use, and half as much again. */
export const mostMerges = 1_000_000
export const mostAddedTokens = 20_000
export const maxTokenCharacters = 2000
/** Of all tokens together: each becomes a node of a tree. */
export const mostCharacters = 8_000_000
/** Normalizers, splitters and decoders, those inside others too. */
export const mostParts = 64
/** How many times as long a text may become by what replaces its pieces. */
const mostGrowth = 64

const refuse = (problem: string): never => {
  throw new ModelError(`${sentence(`tokenizer.json ${problem}`)} Choose another model.`)
}

const fileSchema = z.looseObject({
  model: z.looseObject({ type: z.enum(['BPE', 'WordPiece', 'Unigram']).nullish(), vocab: z.unknown() }),
  added_tokens: z.array(z.unknown()).default([]),
})
const addedTokenSchema = z.looseObject({
  id: z.number(),
  content: z.string(),
  single_word: z.boolean().nullish(),
  lstrip: z.boolean().nullish(),
  rstrip: z.boolean().nullish(),
  normalized: z.boolean().nullish(),
  special: z.boolean().nullish(),
})

const steps = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'] as const

/** What the library is given; `vocabulary` is the model's number of tokens. Throws a `ModelError`. */
export function checkTokenizer(json: unknown, vocabulary: number): Readonly<Record<string, unknown>> {
  const parsed = readBy(fileSchema, json)
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    throw new ModelError(
      `tokenizer.json is damaged, or of an unknown kind: ${place || 'the file'} ${what}. Download the model again, or choose another.`,
    )
  }
  const { model, added_tokens: added } = parsed.data
  refuseUnknownOfFile(parsed.data)
  let characters = 0
  const take = (token: unknown, id: unknown): void => {
    if (typeof token !== 'string' || token.length > maxTokenCharacters)
      return refuse(`holds a token that is no text of up to ${maxTokenCharacters} characters`)
    if (!(typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocabulary))
      throw new ModelError(
        `The tokenizer gives "${token.slice(0, 60)}" the number ${shown(id)}, but the model knows ${vocabulary} tokens. The files do not belong together.`,
      )
    characters += token.length
    if (characters > mostCharacters) refuse(`holds more than ${mostCharacters} characters of tokens`)
  }

  takeVocabulary(model.vocab, take, vocabulary)
  if (added.length > mostAddedTokens) refuse(`adds ${added.length} tokens, more than ${mostAddedTokens}`)
  for (const each of added) {
    const token = readBy(addedTokenSchema, each)
    if (!token.success) {
      const { place, what } = firstComplaint(token.error)
      return refuse(`adds something that is no token: ${place || 'it'} ${what}`)
    }
    take(token.data.content, token.data.id)
    refuseUnknownOfToken(token.data)
    if (token.data.single_word)
      refuse(
        `adds ${shown(token.data.content)} only where it stands alone (single_word), which is not supported here`,
      )
  }
  if (model.type !== 'WordPiece' && !Array.isArray(model.vocab)) checkMerges(model.merges)
  checkNames(model)
  refuseUnknownOfModel(model)
  checkParts(steps.map((step) => [step, parsed.data[step]]))
  return { ...parsed.data, added_tokens: added, ...withSteps(parsed.data) }
}

/** Absent steps are null to the library. */
const withSteps = (file: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(steps.map((step) => [step, file[step] ?? null]))

/** Ids by token, or (Unigram) tokens with their scores in the order of their ids. */
function takeVocabulary(vocab: unknown, take: (token: unknown, id: unknown) => void, most: number): void {
  if (Array.isArray(vocab)) {
    if (vocab.length === 0 || vocab.length > most)
      refuse(`names ${vocab.length} tokens, but the model knows ${most}`)
    for (const [id, entry] of vocab.entries()) {
      const [token, score] = Array.isArray(entry) ? entry : []
      if (!Number.isFinite(score)) refuse('holds a token whose score is no number')
      take(token, id)
    }
  } else if (typeof vocab === 'object' && vocab !== null) {
    const entries = Object.entries(vocab)
    if (entries.length === 0) refuse('names no tokens')
    for (const [token, id] of entries) take(token, id)
  } else refuse('has no vocabulary')
}

/** Pairs, or pairs as text with a space between. */
function checkMerges(merges: unknown): void {
  if (!Array.isArray(merges)) return refuse('has no list of merges')
  if (merges.length > mostMerges) refuse(`lists ${merges.length} merges, more than ${mostMerges}`)
  const arePairs = Array.isArray(merges[0])
  for (const merge of merges) {
    const parts: unknown = arePairs ? merge : typeof merge === 'string' ? merge.split(' ', 2) : null
    const isPair =
      Array.isArray(parts) &&
      parts.length === 2 &&
      parts.every((part) => typeof part === 'string' && part.length <= maxTokenCharacters)
    if (!isPair) refuse('holds a merge that is no pair of tokens')
  }
}

/** What the library appends to words, and how long the words may be that it tries all parts of. */
function checkNames(model: Readonly<Record<string, unknown>>): void {
  const { max_input_chars_per_word: longest } = model
  if (longest != null && !(typeof longest === 'number' && longest >= 0 && longest <= 1000))
    refuse('splits words of any length into all their parts')
  for (const name of [
    'unk_token',
    'continuing_subword_prefix',
    'continuing_subword_suffix',
    'end_of_word_suffix',
  ])
    if (!(model[name] == null || (typeof model[name] === 'string' && model[name].length <= 64)))
      refuse(`has a ${name} that is no short text`)
  const { unk_id: unknown } = model
  if (Array.isArray(model.vocab) && unknown != null)
    if (!(Number.isInteger(unknown) && (unknown as number) >= 0 && (unknown as number) < model.vocab.length))
      refuse('has an unk_id that is no token')
}

/** Every object within the steps: its patterns are safe, and together they do not make a text grow without end. */
function checkParts(roots: readonly (readonly [step: string, part: unknown])[]): void {
  let [parts, growth] = [0, 1]
  const waiting = [...roots]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [step, part] = next
    if (typeof part !== 'object' || part === null) continue
    for (const inner of Object.values(part)) if (typeof inner === 'object') waiting.push([step, inner])
    if (!('type' in part)) continue
    refuseUnknownOfPart(step, part as Readonly<Record<string, unknown>>)
    if (++parts > mostParts) refuse(`works in more than ${mostParts} steps`)
    const { type, pattern, length } = part as Readonly<Record<string, unknown>>
    if (type === 'FixedLength' && !(Number.isInteger(length) && (length as number) > 0))
      refuse('splits text into pieces of no length')
    growth *= growthOf(part as Readonly<Record<string, unknown>>)
    if (growth > mostGrowth) refuse('makes a text many times as long')
    const regex = (pattern as { readonly Regex?: unknown } | null | undefined)?.Regex
    const complaint = typeof regex === 'string' ? patternComplaint(regex) : null
    if (complaint) refuse(`holds ${complaint}: splitting text with it could take for ever`)
  }
}

/** How many times as long a step can make a text where all of it is replaced. */
function growthOf(step: Readonly<Record<string, unknown>>): number {
  const lengthOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0)
  switch (step.type) {
    case 'Prepend':
      return 1 + lengthOf(step.prepend)
    case 'Metaspace':
      return 1 + lengthOf(step.replacement)
    case 'Replace': {
      const content = lengthOf(step.content)
      const replaced = lengthOf((step.pattern as { readonly String?: unknown } | null | undefined)?.String)
      // A regular expression may match nothing, between any two letters.
      return replaced > 0 ? Math.max(1, content / replaced) : 1 + content
    }
    default:
      return 1
  }
}
