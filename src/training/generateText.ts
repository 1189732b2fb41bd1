/**
 * A prompt's continuation. It ends after the wished number of tokens or with the end-of-text token, which then is the
 * last id and not part of the text. A text that outgrows the model's context slides: the older half is forgotten.
 */
import { sha256Hex } from '../lib/hash'
import type { Adapter } from '../model/adapter'
import { openDecoder } from '../model/decoder'
import type { Gpt2 } from '../model/gpt2'
import { chooseToken } from '../model/sampling'
import type { Generation } from './compute'
import { withAdapter } from './evaluate'
import { breathe } from './pace'

export interface Wish {
  readonly prompt: string
  readonly tokens: number
  /** 0 is greedy. */
  readonly temperature: number
  readonly seed: number
}

export function generateText(model: Gpt2, adapter: Adapter | null, wish: Wish): Promise<Generation> {
  const { tokenizer, config } = model
  const prompt = tokenizer.encode(wish.prompt)
  if (prompt.length === 0) throw new Error('The prompt is empty. Give the model something to continue.')
  return withAdapter(model, adapter, async (lora) => {
    const began = performance.now()
    const decoder = openDecoder(model, lora)
    const text = [...prompt]
    const recent = () =>
      text.slice(text.length > config.contextLength ? -Math.ceil(config.contextLength / 2) : 0)
    try {
      let logits = wish.tokens > 0 ? await decoder.prefill(recent()) : new Float32Array()
      for (let count = 1; count <= wish.tokens; count++) {
        const id = chooseToken(logits, { ...wish, position: text.length })
        text.push(id)
        if (id === tokenizer.eosId || count === wish.tokens) break
        if (decoder.position < config.contextLength) logits = await decoder.step(id)
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
    return {
      text: tokenizer.decode(ids.at(-1) === tokenizer.eosId ? ids.slice(0, -1) : ids),
      ids,
      hash: hashOfIds(ids),
      tokensPerSecond: (1000 * ids.length) / (performance.now() - began),
    }
  })
}

/** SHA-256 of the ids as u32 little-endian. */
export function hashOfIds(ids: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(4 * ids.length))
  ids.forEach((id, index) => void bytes.setUint32(4 * index, id, true))
  return sha256Hex(new Uint8Array(bytes.buffer))
}
