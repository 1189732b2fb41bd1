/**
 * What of a model lies in a tab's memory. Usually all of it. A tab that may hold only so many layers holds none when it is
 * opened, then those that somebody asks it for, and lets them go for others once no text needs them.
 */
import { oneByOne } from '../lib/async'
import type { LanguageModel } from '../model/languageModel'
import { type HeldPart, lacksFor, type Stretch, wholePart } from '../model/stretch'
import type { OpenRequest } from './compute'
import type { PartOf } from './loadModel'

/** No layers and no ends: configuration, tokenizer and the hash of the weights. */
const nothing: HeldPart = { layers: { from: 0, to: 0 }, ends: false }

/** What is loaded at once, at the beginning. */
export const openingPart =
  ({ mostLayers }: Pick<OpenRequest, 'mostLayers'>): PartOf =>
  (config) =>
    mostLayers === undefined || mostLayers >= config.layers ? wholePart(config) : nothing

export type LoadPart = (request: OpenRequest, part: HeldPart) => Promise<LanguageModel>

export interface Parts {
  /**
   * The opened model where it holds this stretch; otherwise as much of it as the stretch needs. Throws a RangeError where this
   * tab would hold more layers than it may.
   */
  modelFor(
    opened: { readonly model: LanguageModel; readonly request: OpenRequest },
    stretch: Stretch,
    inUse: () => ReadonlySet<LanguageModel>,
  ): Promise<LanguageModel>
  /** Another model was opened, or the machine is gone. */
  forget(): void
}

export function openParts(load: LoadPart): Parts {
  let loaded: LanguageModel[] = []
  /** One after the other, so that two callers never load more than fits. */
  const inTurn = oneByOne()

  async function find(
    { model, request }: Parameters<Parts['modelFor']>[0],
    stretch: Stretch,
    inUse: () => ReadonlySet<LanguageModel>,
  ): Promise<LanguageModel> {
    const known = [model, ...loaded].find(({ part }) => lacksFor(part, stretch) === null)
    if (known) return known
    const { from, to } = stretch.layers
    const most = request.mostLayers ?? model.config.layers
    // Asked now, when it is this one's turn: whoever was before it holds a part by now.
    const needed = inUse()
    const kept = loaded.filter((some) => needed.has(some))
    const held = kept.reduce((sum, { part: { layers } }) => sum + layers.to - layers.from, 0)
    if (held + to - from > most)
      throw new RangeError(
        `This tab may hold ${most} layers. ${to - from} more beside ${held} that texts still need are too many.`,
      )
    for (const some of loaded) if (!needed.has(some)) some.dispose()
    loaded = kept
    const ends = stretch.reads === 'ids' || stretch.gives === 'logits'
    const part = await load(request, { layers: stretch.layers, ends })
    loaded = [...loaded, part]
    return part
  }

  return {
    modelFor: (...question) => inTurn(() => find(...question)),
    forget() {
      for (const some of loaded) some.dispose()
      loaded = []
    },
  }
}
