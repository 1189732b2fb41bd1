/**
 * Adapter mixture: the asker borrows what other tabs have learned alone, puts all of it into one adapter, each with a weight, and
 * says everything itself: one forward pass a token, and nothing travels any more. Cheaper than an ensemble for long answers (an
 * adapter is as many bytes as some thousand opinions), but the adapters leave their tabs.
 *
 * The weights follow from the prompt, as an ensemble's do: whose adapter finds it likely counts for more. They are fixed from then
 * on. Sources: LoraHub, arXiv 2307.13269, without its merge (model/concatenation.ts).
 */
import { exp } from '../../../lib/portable'
import { concatenatedBytes } from '../../../model/concatenation'
import { drawAt } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { choicesOf } from '../../../training/session'
import { windowStart } from '../../core/window'
import type { Line } from '../../line'
import {
  type Chooser,
  type Drawn,
  type Mode,
  type Note,
  type Question,
  type Said,
  Unanswerable,
} from '../../mode'
import type { Ports } from '../../ports'
import { openReader, type Reader } from '../../reader'
import { beliefIn } from '../ensemble/believed'
import { ensemble, willing } from '../ensemble/ensemble'
import { judged, type Lent, type Sound, tamed } from './lent'

const borrowingMs = 30_000
/** Of an ensemble's question and answer for one token. */
const bytesAToken = 149

export const mixture: Mode = {
  name: 'mixture',
  isLossless: false,
  others: 'needed',
  lacks: ensemble.lacks,
  open: openMixture,
}

function openMixture(ports: Ports, line: Line, { adapter, tokens, weights: fixed }: Question): Chooser {
  const { links, sessions, self } = ports
  const { capacity } = self.facts
  const whole = wholeStretch(self.facts)
  let lent: readonly Lent[] | null = null
  let reader: Reader | null = null
  let mixedFor: readonly number[] | null = null

  async function borrow(signal: AbortSignal): Promise<readonly Lent[]> {
    const own = ports.ownAdapter() ?? adapter?.bytes
    const asked = willing(links.members(), self.facts).map(async ({ id }) => ({
      id,
      adapter: await line.borrow(id, { forMs: borrowingMs, signal }),
    }))
    const borrowed = await Promise.allSettled(asked)
    signal.throwIfAborted()
    const others = borrowed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    if (others.length === 0) throw new Unanswerable(nobodyLent)
    return own ? [{ id: links.self, adapter: own }, ...others] : others
  }

  /** How likely each adapter finds the prompt decides its weight. */
  function weightsFor(prompt: readonly number[], all: readonly Sound[]): readonly number[] {
    const belief = beliefIn(all.length, self.facts.vocabulary)
    for (const [index, { opinion }] of all.entries())
      belief.heard(index, prompt.length, opinion.masses, opinion.likelihoods)
    return belief.weights(prompt).map(exp)
  }

  async function mix(prompt: readonly number[], signal: AbortSignal): Promise<readonly Note[]> {
    const isNew = lent === null
    const all = lent ?? (await borrow(signal))
    const read = prompt.slice(-capacity)
    const { sound, unsound } = await judged(ports, all, read)
    lent = sound
    if (sound.every(({ id }) => id === links.self)) throw new Unanswerable(nobodyLent)
    const weights = fixed?.length === sound.length ? fixed : weightsFor(read, sound)
    const mixed = concatenatedBytes(
      sound.map((one) => one.adapter),
      tamed(
        weights,
        sound.map(({ length }) => length),
      ),
    )
    reader?.close()
    reader = openReader(sessions, mixed, whole)
    mixedFor = prompt
    const bytes = all.reduce((sum, one) => sum + (one.id === links.self ? 0 : one.adapter.length), 0)
    const shipped = { kind: 'shipped', bytes, masses: tokens * (sound.length - 1) * bytesAToken } as const
    return [
      ...unsound.map((id) => ({ kind: 'liar', id }) as const),
      {
        kind: 'weights',
        members: sound.map(({ id }, index) => ({ id, weight: weights[index], answered: true })),
      },
      ...(isNew ? [shipped] : []),
    ]
  }

  return {
    async *next({ text, promptLength, question, signal }: Drawn): AsyncGenerator<Said> {
      if (mixedFor !== question.prompt)
        for (const note of await mix(question.prompt, signal)) yield { kind: 'note', note }
      const window = text.slice(windowStart(text.length, promptLength, capacity))
      const draw = drawAt(question, text.length)
      const passed = await reader!.read(window, { kind: 'choices', draw })
      const [{ id, gap }] = choicesOf(passed)
      yield { kind: 'token', id, gap, by: links.self, computeMs: passed.milliseconds, travelMs: 0 }
    },
    rest() {},
    close: () => reader?.close(),
  }
}

const nobodyLent = 'No other tab lent what it has learned. Ask again, or ask alone.'
