/**
 * Which fields stand in a `tokenizer.json`, by the kind of the part they stand in: those that are read, and those that are known
 * to change nothing in the ids of a text (how offsets are counted; what shortens and fills up texts, which transformers turns off;
 * special tokens around a text, which are never added here). What else is set there is refused by its name.
 * Source: tokenizers 0.23, the (de)serialisation of each part, with the names that older versions wrote.
 */
import { asText, shown } from '../../lib/schema'
import { ModelError } from '../config'
import { type Fields, unknownField } from '../foreignFields'

const listed = (names: string): ReadonlySet<string> => new Set(names.split(' '))

const ofFile = listed(
  'version truncation padding added_tokens normalizer pre_tokenizer post_processor decoder model',
)
const ofToken = listed('id content single_word lstrip rstrip normalized special')

const ofModel: Readonly<Record<string, string>> = {
  BPE: 'vocab merges dropout unk_token continuing_subword_prefix end_of_word_suffix fuse_unk byte_fallback ignore_merges',
  WordPiece: 'vocab unk_token continuing_subword_prefix max_input_chars_per_word',
  Unigram: 'vocab unk_id byte_fallback',
}

/** Parts that are nothing but their kind. */
const bare = listed(
  'NFC NFD NFKC NFKD Lowercase StripAccents ByteFallback Fuse Whitespace WhitespaceSplit BertPreTokenizer',
)

/** Normalizers, splitters, decoders and post-processors; where two kinds have one name, what either has. */
const ofPart: Readonly<Record<string, string>> = {
  Sequence: 'normalizers pretokenizers decoders processors',
  Strip: 'strip_left strip_right content start stop',
  Prepend: 'prepend',
  Replace: 'pattern content',
  Precompiled: 'precompiled_charsmap',
  ByteLevel: 'add_prefix_space trim_offsets use_regex',
  Metaspace: 'replacement prepend_scheme split add_prefix_space str_rep',
  Split: 'pattern behavior invert',
  Punctuation: 'behavior',
  Digits: 'individual_digits',
  CharDelimiterSplit: 'delimiter',
  FixedLength: 'length',
  WordPiece: 'prefix cleanup',
  BPEDecoder: 'suffix',
  TemplateProcessing: 'single pair special_tokens',
  BertProcessing: 'sep cls',
  RobertaProcessing: 'sep cls trim_offsets add_prefix_space',
}

/** Those that add special tokens to a text and do nothing else. */
const processors = listed('ByteLevel TemplateProcessing BertProcessing RobertaProcessing Sequence')

/** Throws a `ModelError`. */
export const refuseUnknownOfFile = (file: Fields): void => refuse('', file, ofFile)

export const refuseUnknownOfToken = (token: Fields): void => refuse('added_tokens.', token, ofToken)

/** A model may leave its kind to be told by its fields. */
export function refuseUnknownOfModel(model: Fields): void {
  const { type } = model
  const names = typeof type === 'string' ? ofModel[type] : Object.values(ofModel).join(' ')
  refuse('model.', model, listed(`type ${names}`))
}

/** Of a kind that is not known here nothing is said: whoever makes the parts refuses it. @param step where the part stands */
export function refuseUnknownOfPart(step: string, part: Fields): void {
  const type = asText(part.type)
  if (step === 'post_processor' && !processors.has(type))
    throw new ModelError(
      `tokenizer.json: post_processor: the type "${type.slice(0, 40)}" is not known here. Choose a model with another tokenizer.`,
    )
  const names = bare.has(type) ? '' : Object.hasOwn(ofPart, type) ? ofPart[type] : null
  if (names !== null) refuse(`${step}.`, part, listed(`type ${names}`))
}

function refuse(place: string, fields: Fields, known: ReadonlySet<string>): void {
  const unknown = unknownField(fields, (name) => known.has(name))
  if (unknown === undefined) return
  throw new ModelError(
    `tokenizer.json: ${place}${unknown.slice(0, 60)} is ${shown(fields[unknown])}: this setting is not known here, and without it texts might get other ids. Choose a model with another tokenizer, or take it out of the file if it is a mere note.`,
  )
}
