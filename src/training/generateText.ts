/**
 * A prompt's continuation. It ends after the wished number of tokens, with the end-of-text token, which then is the last id
 * and not part of the text, or with a stop word, which is cut off the text. A text that outgrows the decoder slides: the
 * older half is forgotten.
 */
import { sha256Hex } from '../lib/hash'
import type { Adapter } from '../model/adapter'
import { openDecoder } from '../model/decoder'
import type { LanguageModel } from '../model/languageModel'
import { chooseToken, type Draw } from '../model/sampling'
import type { Generation } from './compute'
import { breathe } from './pace'

export interface Wish extends Omit<Draw, 'position'> {
  readonly prompt: string
  readonly tokens: number
  /** Texts that end the continuation where they first appear. */
  readonly stop?: readonly string[]
}

export async function generateText(
  model: LanguageModel,
  adapter: Adapter | null,
  wish: Wish,
): Promise<Generation> {
  const { tokenizer } = model
  const prompt = tokenizer.encode(wish.prompt)
  if (prompt.length === 0) throw new Error('The prompt is empty. Give the model something to continue.')
  const began = performance.now()
  const decoder = openDecoder(model, adapter)
  const { capacity } = decoder
  const text = [...prompt]
  const recent = () => text.slice(text.length > capacity ? -Math.ceil(capacity / 2) : 0)
  const said = () => {
    const ids = text.slice(prompt.length)
    return tokenizer.decode(ids.at(-1) === tokenizer.eosId ? ids.slice(0, -1) : ids)
  }
  const stopAt = () => firstOf(wish.stop ?? [], said())
  try {
    let logits = wish.tokens > 0 ? await decoder.prefill(recent()) : new Float32Array()
    for (let count = 1; count <= wish.tokens; count++) {
      const id = chooseToken(logits, { ...wish, position: text.length })
      text.push(id)
      if (id === tokenizer.eosId || count === wish.tokens || stopAt() !== -1) break
      if (decoder.position < capacity) logits = await decoder.step(id)
      else {
        decoder.trim(0)
        logits = await decoder.prefill(recent())
      }
      await breathe()
    }
  } finally {
    decoder.dispose()
  }
  const ids = text.slice(prompt.length)
  const end = stopAt()
  return {
    text: end === -1 ? said() : said().slice(0, end),
    ids,
    hash: hashOfIds(ids),
    tokensPerSecond: (1000 * ids.length) / (performance.now() - began),
  }
}

/** Where the first of some words begins in a text; -1 where none is. */
function firstOf(words: readonly string[], text: string): number {
  const places = words.map((word) => text.indexOf(word)).filter((place) => place !== -1)
  return places.length === 0 ? -1 : Math.min(...places)
}

/** SHA-256 of the ids as u32 little-endian. */
export function hashOfIds(ids: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(4 * ids.length))
  ids.forEach((id, index) => void bytes.setUint32(4 * index, id, true))
  return sha256Hex(new Uint8Array(bytes.buffer))
}
