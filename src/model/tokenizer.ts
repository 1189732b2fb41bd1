/**
 * Text to token ids and back, from a model's own `tokenizer.json` (Hugging Face's format, read by
 * @huggingface/tokenizers). No special tokens are added and nothing is tidied up: decoding the ids of a text gives the
 * text. The file is checked before the library sees it (`tokenizing/check.ts`), and every id that comes out is the model's:
 * a GPU's gather does not check them.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { firstComplaint, readBy } from '../lib/schema'
import { type ModelConfig, ModelError } from './config'
import { checkTokenizer } from './tokenizing/check'
import { mend } from './tokenizing/mend'
import { requireTextsBack } from './tokenizing/selfTest'

export interface Tokenizer {
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  /** Each of these ends a text, and the first is what a text is taught to end with; none where the vocabulary has none. */
  readonly eosIds: readonly number[]
}

const addedToken = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
])
/** Whatever else stands in the file, the library does not see: its own namesake in Rust reads `tokenizer.json` alone. */
const settingsSchema = z.object({
  eos_token: addedToken.nullish(),
  unk_token: addedToken.nullish(),
})

/**
 * `settings` is the optional `tokenizer_config.json`; the `eos_token` in it stands before the configuration's
 * `eos_token_id`, of which there may be several. Throws a `ModelError`, and so do both directions where a file that looked sound is not.
 */
export function openTokenizer(json: unknown, settings: unknown, config: ModelConfig): Tokenizer {
  const parsed = readBy(settingsSchema, settings ?? {})
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    throw new ModelError(
      `tokenizer_config.json is damaged: ${place || 'the file'} ${what}. Download the model again.`,
    )
  }
  const checked = checkTokenizer(json, config.vocabulary)
  const tokenizer = orRefuse(() => {
    const read = new HuggingFaceTokenizer(
      // No special tokens stand around a text, so nothing is left for a post-processor to do.
      { ...checked, pre_tokenizer: null, post_processor: null },
      { ...parsed.data, clean_up_tokenization_spaces: false },
    )
    mend(read, checked)
    return read
  })
  const named = parsed.data.eos_token ? tokenizer.token_to_id(parsed.data.eos_token) : undefined
  const numbered = config.eosIds.filter((id) => tokenizer.id_to_token(id) !== undefined)
  const eosIds = [...new Set([named ?? [], numbered].flat())]

  const encode = (text: string): number[] => {
    const { ids } = orRefuse(() => tokenizer.encode(text, { add_special_tokens: false }))
    // Letters that no token stands for, in a file without a token for them, have no id.
    if (!ids.every((id) => Number.isInteger(id) && id >= 0 && id < config.vocabulary))
      throw new ModelError('tokenizer.json has no token for a part of this text. Choose another model.')
    return ids
  }
  /** Vocabularies are padded with ids that no token has, and a model may draw one: as in Rust, it says nothing. */
  const decode = (ids: readonly number[]): string => {
    const known = ids.filter((id) => tokenizer.id_to_token(id) !== undefined)
    if (known.length === 0) return '' // which the library refuses
    return orRefuse(() =>
      tokenizer.decode(known, { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    )
  }
  const normalize = (text: string) => (tokenizer.normalizer ? tokenizer.normalizer(text) : text)
  requireTextsBack({ encode, decode }, (token) => tokenizer.token_to_id(token) !== undefined, normalize)
  return { encode, decode, eosIds }
}

function orRefuse<Result>(use: () => Result): Result {
  try {
    return use()
  } catch (cause) {
    if (cause instanceof ModelError) throw cause
    throw new ModelError(
      'tokenizer.json cannot be used: it is damaged, or of an unknown kind. Choose another model.',
      { cause },
    )
  }
}
