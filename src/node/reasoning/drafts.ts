/**
 * What rooms that trained first layers alone have made, kept on this device by its base model: a tab of a later room of the whole
 * model guesses with it by itself. Nobody else need hold it or agree, since whoever judges says the same whatever is guessed.
 */
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import { atScale, decodeAdapter, encodeAdapter } from '../../model/adapter'
import type { DraftAdapter } from '../../reasoning/mode'
import type { Self } from '../../reasoning/ports'
import type { Part } from '../part'
import type { SavedDraft, Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import type { AskOptions } from './view/view'

export interface Drafts {
  /**
   * What this tab guesses with for the model that it has open; null: nothing is kept that fits, or it is asked for `none`. The view
   * shows what is kept. Throws an error in plain words where something else is asked for.
   */
  adapterFor(self: Self, asked?: AskOptions['draftAdapter']): Promise<DraftAdapter | null>
  close(): void
}

export function openDrafts(tab: Tab, part: Part, storage: Storage): Drafts {
  let keptHash: string | null = null
  let last: Promise<unknown> = Promise.resolve()
  const show = (draft: SavedDraft | null): void => {
    const { reasoning } = tab.store.getState()
    const shown = draft && { layers: draft.layers, room: draft.room }
    if (JSON.stringify(shown) !== JSON.stringify(reasoning.keptDraft))
      tab.set({ reasoning: { ...reasoning, keptDraft: shown } })
  }

  const stopKeeping = tab.store.subscribe(({ settings, version, adapterHash, model, room }) => {
    const { depth } = settings
    if (depth === null || version === 0 || model.hash === null) return
    const [engine, bytes] = [part.engine(), part.adapter()]
    if (!engine || !bytes || adapterHash === null || adapterHash === keptHash) return
    keptHash = adapterHash
    const draft = { layers: depth, config: engine.opened.adapter, bytes, room }
    const save = () => storage.saveDraft(engine.opened.modelHash, draft)
    last = last.then(save).catch((problem) => tab.problem('draft-not-kept', whyNotKept(problem)))
  })

  return {
    async adapterFor({ facts, mostLayers }, asked = 'kept') {
      await last
      const { value, damage } = await storage.loadDraft(facts.modelHash)
      if (damage !== null) tab.problem('draft-damaged', damage)
      const engine = part.engine()
      const fits = value !== null && engine && value.layers < facts.layers && value.layers <= mostLayers
      show(fits ? value : null)
      if (!fits || asked === 'none') return null
      const { alpha, rank } = engine.opened.adapter
      const scaled = atScale(decodeAdapter(value.bytes, value.config), alpha / rank)
      return { bytes: encodeAdapter(scaled), layers: value.layers }
    },
    close: stopKeeping,
  }
}

const whyNotKept = (problem: unknown): string =>
  `${sentence(`What this room has trained for drafts cannot be kept in this browser: ${messageOf(problem)}`)} The room goes on; take its adapter home if you need it.`
