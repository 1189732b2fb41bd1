/**
 * A tab's part in reasoning: it may ask, in any mode, and serves those that ask it. Everything a participant needs is handed in,
 * so a room of them lives in tabs, in one process under a virtual clock, or in a test.
 */
import { type Heard, openAsker } from './ask'
import { openLine } from './line'
import { type Mode, type ModeName, type Question, Unanswerable } from './mode'
import type { NodeId, Ports } from './ports'
import { openQueue } from './queue'
import { modes } from './registry'
import { misfit } from './room'
import { serve } from './service'
import type { Traffic } from './traffic'
import { usualWish } from './usual'

/** A question as a person puts it. */
export interface Wish extends Omit<Question, 'prompt'> {
  readonly prompt: string
  readonly mode: ModeName
}

export interface ParticipantEvents {
  /** Somebody's text that this tab has written down must be gone on with here: its asker is gone. */
  orphaned?(text: Orphan): void
  served?(to: NodeId, tokens: number): void
}
export interface Orphan {
  readonly question: Pick<
    Question,
    'prompt' | 'tokens' | 'temperature' | 'seed' | 'topK' | 'topP' | 'stop'
  > & { readonly adapterHash: string | null }
  readonly said: readonly number[]
}

/** Somebody else who could take part in a text. */
export interface Other {
  readonly id: NodeId
  /** Of the model's layers it may hold so many. */
  readonly mostLayers: number
  /** Of its machine's arithmetic. */
  readonly fingerprint: string
}

export interface Participant {
  /** Throws an error in plain words where the mode cannot be had, or the prompt has no token. */
  ask(wish: Wish, signal: AbortSignal): AsyncIterable<Heard>
  /** Goes on with a text whose asker died. */
  takeOver(orphan: Orphan, signal: AbortSignal): AsyncIterable<Heard>
  /** Why a mode cannot be had at the moment; null where it can. */
  lacks(mode: ModeName): string | null
  /** Those of whom one knows that they fit this tab's model. @param adapter the hash they must hold; null: none */
  others(adapter: string | null): readonly Other[]
  /** Nothing is kept of earlier questions: the next begins as the first did. */
  forget(): void
  /** Of what this tab has asked with and was answered by: packets, and adapters that were lent. */
  readonly traffic: Traffic
  /** So long a question of somebody's to this tab would wait because of others'. */
  waitMs(besides: NodeId): number
  close(): void
}

/** Of an answer's time, to look for others who may make it faster. */
const lookingShare = 0.03

export function takePart(around: Omit<Ports, 'queue'>, events: ParticipantEvents = {}): Participant {
  const { links, clock, self, sessions } = around
  const queue = openQueue(clock.now)
  const ports: Ports = { ...around, queue }
  const line = openLine(links, clock, self.facts)
  const asker = openAsker(ports, line)
  const service = serve(ports, line, {
    served: (to, tokens) => events.served?.(to, tokens),
    orphaned({ kind: _, adapter: adapterHash, ...question }, said) {
      events.orphaned?.({ question: { ...question, adapterHash }, said })
    },
  })
  const lacks = (mode: Mode): string | null => mode.lacks(links.members(), ports)

  async function gathered(signal: AbortSignal): Promise<Heard> {
    const beganAtMs = clock.now()
    await links.gather(signal)
    const milliseconds = clock.now() - beganAtMs
    return { said: { kind: 'note', note: { kind: 'gathered', milliseconds } }, answer: null }
  }

  /** A small part of the time that an answer by this tab alone takes. */
  const patience = (tokens: number): Promise<null> => {
    const aloneMs = tokens * self.facts.layers * self.arithmetic.millisecondsPerLayer
    return new Promise((resolve) => void clock.after(lookingShare * aloneMs, () => resolve(null)))
  }

  return {
    lacks: (name) => lacks(modes[name]),
    others: (adapter) =>
      links.members().flatMap(({ id, hello }) => {
        const { mostLayers, fingerprint } = hello
        return misfit(self.facts, hello, adapter) === null ? [{ id, mostLayers, fingerprint }] : []
      }),
    forget: () => asker.close(),
    async *ask({ mode: name, ...wish }, signal) {
      const mode = modes[name]
      if (mode.others !== 'unneeded') {
        const looking = gathered(signal)
        // Whoever can begin by itself is hardly held up: who is found later is welcome then.
        const mayBegin = mode.others === 'welcome' && lacks(mode) === null
        const first = await Promise.race(mayBegin ? [looking, patience(wish.tokens)] : [looking])
        looking.catch(() => {}) // it was stopped
        if (first) yield first
      }
      const lacking = lacks(mode)
      if (lacking) throw new Unanswerable(lacking)
      const prompt = await sessions.encode(wish.prompt)
      if (prompt.length === 0)
        throw new Unanswerable('The prompt is empty. Give the model something to continue.')
      yield* asker.ask(mode, { question: { ...wish, prompt }, signal })
    },
    async *takeOver({ question: { adapterHash, ...asked }, said }, signal) {
      const bytes = adapterHash === null ? null : ports.adapter(adapterHash)
      if (adapterHash !== null && !bytes)
        throw new Unanswerable(
          'A text of a tab that is gone cannot go on: this tab no longer holds that version of the adapter.',
        )
      const adapter = bytes && adapterHash !== null ? { hash: adapterHash, bytes } : null
      yield await gathered(signal)
      const mode = lacks(modes.pipeline) ? modes.alone : modes.pipeline
      yield* asker.ask(mode, {
        question: { ...usualWish, ...asked, adapter },
        signal,
        saidBefore: said,
      })
    },
    traffic: line.traffic,
    waitMs: queue.waitMs,
    close() {
      asker.close()
      service.close()
      line.end()
    },
  }
}
