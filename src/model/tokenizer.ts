/**
 * Text to token ids and back, from a model's own `tokenizer.json` (Hugging Face's format, read by
 * @huggingface/tokenizers). No special tokens are added and nothing is tidied up: decoding the ids of a text gives the
 * text. That all its ids are the model's is checked once, when it is opened, because a GPU's gather does not check them.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { type ModelConfig, ModelError } from './config'

export interface Tokenizer {
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  /** The token that ends a text, null where the vocabulary has none. */
  readonly eosId: number | null
}

const addedToken = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
])
const settingsSchema = z.looseObject({ eos_token: addedToken.nullish() })

/** `settings` is the optional `tokenizer_config.json`; it wins over the configuration's `eos_token_id`. */
export function openTokenizer(json: unknown, settings: unknown, config: ModelConfig): Tokenizer {
  const parsed = settingsSchema.safeParse(settings ?? {})
  if (!parsed.success || typeof json !== 'object' || json === null)
    throw new ModelError('tokenizer.json or tokenizer_config.json is damaged. Download the model again.')
  const tokenizer = openOrRefuse(json, { ...parsed.data, clean_up_tokenization_spaces: false })
  for (const [token, id] of tokenizer.get_vocab())
    if (!(Number.isInteger(id) && id >= 0 && id < config.vocabulary))
      throw new ModelError(
        `The tokenizer gives "${token}" the number ${id}, but the model knows ${config.vocabulary} tokens. The files do not belong together.`,
      )

  const named = parsed.data.eos_token ? tokenizer.token_to_id(parsed.data.eos_token) : undefined
  const numbered =
    config.eosId !== null && tokenizer.id_to_token(config.eosId) !== undefined ? config.eosId : null
  const eosId = named ?? numbered

  const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids
  /** The library refuses an empty list; a model that ends at once has said nothing. */
  const decode = (ids: readonly number[]): string =>
    ids.length === 0
      ? ''
      : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false })
  return { encode, decode, eosId }
}

function openOrRefuse(json: object, settings: object): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json, settings)
  } catch (cause) {
    throw new ModelError(
      'tokenizer.json cannot be used: it is damaged, or of an unknown kind. Choose another model.',
      {
        cause,
      },
    )
  }
}
