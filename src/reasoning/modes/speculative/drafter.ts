/**
 * Whoever guesses how a text goes on: the first layers of the model, left early through its last norm and head. It chooses as the
 * whole model would, with the same noise for the same position (model/sampling.ts), so the two mostly choose the same token at any
 * temperature. Where a room has trained an adapter for its first layers, it guesses with that. It may guess on while others still
 * judge what it guessed before (guessing.ts).
 */
import type { Choice } from '../../../model/sampling'
import { drawAt } from '../../../model/sampling'
import type { Stretch } from '../../../model/stretch'
import { choicesOf, type ModelFacts } from '../../../training/session'
import type { Question } from '../../mode'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { type Guessing, openGuessing } from './guessing'

/** So many first layers guess: half of them, as far as this tab may hold them. */
export const draftLayers = ({ layers }: Pick<ModelFacts, 'layers'>, mostLayers = layers): number =>
  Math.min(mostLayers, Math.ceil(layers / 2))

export const exitStretch = (layers: number): Stretch => ({
  layers: { from: 0, to: layers },
  reads: 'ids',
  gives: 'logits',
})

export interface Drafter extends Guessing {
  readonly layers: number
  /** What it would choose after each token of a text but the last. */
  recite(ids: readonly number[], question: Question): Promise<readonly Choice[]>
  close(): void
}

/** Throws a RangeError where this tab may not hold as many layers as the draft's adapter was trained on. */
export function openDrafter(
  { sessions, self }: Ports,
  { adapter: merged, draftAdapter }: Pick<Question, 'adapter' | 'draftAdapter'>,
): Drafter {
  const layers = draftAdapter?.layers ?? draftLayers(self.facts, self.mostLayers)
  if (layers > self.mostLayers)
    throw new RangeError(
      `This draft adapter was trained on the first ${layers} layers, and this tab may hold ${self.mostLayers}. Let it hold more, or guess without the adapter.`,
    )
  const adapter = (draftAdapter ?? merged)?.bytes ?? null
  const reader = openReader(sessions, adapter, exitStretch(layers))
  const guessing = openGuessing(async ({ start, window }, question) => {
    const wanted = { kind: 'choices', draw: drawAt(question, start + window.length) } as const
    const passed = await reader.read(window, wanted)
    return [{ ...choicesOf(passed)[0], milliseconds: passed.milliseconds }]
  })

  return Object.assign(guessing, {
    layers,
    async recite(ids: readonly number[], question: Question) {
      const own = openReader(sessions, adapter, exitStretch(layers))
      try {
        return choicesOf(await own.read(ids.slice(0, -1), { kind: 'choices', draw: drawAt(question, 1) }, 0))
      } finally {
        own.close()
      }
    },
    close: () => reader.close(),
  })
}
