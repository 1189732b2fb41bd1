/**
 * A prompt's continuation, whoever makes it. It ends after the wished number of tokens, with an end-of-text token, which then is
 * the last id and not part of the text, or with a stop word, which is cut off the text. A mode chooses the tokens; its chooser is
 * kept for a while, so that a question which goes on from the last one, and is worked on in the same way, reads only what is new.
 */
import { sha256Hex } from '../lib/hash'
import type { Line } from './line'
import type { Chooser, Mode, Question, Said } from './mode'
import type { Ports } from './ports'

export interface Asked {
  readonly question: Question
  readonly signal: AbortSignal
  /** What has been said already, where this tab goes on for one that died. */
  readonly saidBefore?: readonly number[]
}

/** What an answer is at some moment. */
export interface Answer {
  /** New tokens only, without what ends it. */
  readonly text: string
  readonly ids: readonly number[]
}

/** Something was said; with a token comes the answer so far. */
export type Heard = { readonly said: Said; readonly answer: Answer | null }

/** An answer nobody continues is let go after so long. */
const keptForMs = 60_000

export interface Asker {
  /** Ends when the answer does. Throws what the mode throws, and the signal's reason. */
  ask(mode: Mode, asked: Asked): AsyncIterable<Heard>
  close(): void
}

export function openAsker(ports: Ports, line: Line): Asker {
  const { self } = ports
  const kept = new Map<string, { readonly chooser: Chooser; readonly letGo: () => void }>()

  const take = (key: string): Chooser | null => {
    const found = kept.get(key)
    kept.delete(key)
    found?.letGo()
    return found?.chooser ?? null
  }
  const keep = (key: string, chooser: Chooser): void => {
    take(key)?.close()
    const cancel = ports.clock.after(keptForMs, () => take(key)?.close())
    kept.set(key, { chooser, letGo: cancel })
  }

  /** A tab that may hold but a part of the model has no room for the layers of other questions. */
  const letGo = (): void => {
    for (const key of [...kept.keys()]) take(key)?.close()
  }

  return {
    async *ask(mode, { question, signal, saidBefore = [] }) {
      const { stages, cut, codec, adapter, draftAdapter } = question
      const draft = draftAdapter && sha256Hex(draftAdapter.bytes)
      const key = JSON.stringify([mode.name, adapter?.hash, draft, stages, cut, codec])
      const before = take(key)
      if (self.mostLayers < self.facts.layers) letGo()
      const chooser = before ?? mode.open(ports, line, question)
      const { prompt } = question
      const promptLength = prompt.length
      let ids: readonly number[] = saidBefore
      let isWhole = false
      try {
        let answer = await answerOf(ports, question, ids)
        while (!answer.isOver) {
          signal.throwIfAborted()
          for await (const said of chooser.next({
            text: [...prompt, ...ids],
            promptLength,
            signal,
            question,
          })) {
            if (said.kind === 'retract') ids = ids.slice(0, Math.max(0, said.from - promptLength))
            if (said.kind === 'token') ids = [...ids, said.id]
            if (said.kind !== 'note') answer = await answerOf(ports, question, ids)
            yield { said, answer: said.kind === 'note' ? null : answer }
            // Of several tokens said at once those after the end are none.
            if (answer.isOver) break
          }
        }
        isWhole = true
      } finally {
        // Whoever listens no longer ends the answer, too.
        if (isWhole) chooser.rest()
        if (isWhole) keep(key, chooser)
        else chooser.close()
      }
    },
    close: letGo,
  }
}

async function answerOf(
  { sessions, self }: Ports,
  { tokens, stop }: Question,
  ids: readonly number[],
): Promise<Answer & { readonly isOver: boolean }> {
  const last = ids.at(-1)
  const isEnded = last !== undefined && self.facts.eosIds.includes(last)
  const text = await sessions.decode(isEnded ? ids.slice(0, -1) : ids)
  const places = stop.map((word) => text.indexOf(word)).filter((place) => place !== -1)
  const end = places.length > 0 ? Math.min(...places) : text.length
  return { text: text.slice(0, end), ids, isOver: isEnded || ids.length >= tokens || places.length > 0 }
}

/** SHA-256 of the ids as u32 little-endian. */
export function hashOfIds(ids: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(4 * ids.length))
  ids.forEach((id, index) => void bytes.setUint32(4 * index, id, true))
  return sha256Hex(new Uint8Array(bytes.buffer))
}
