/**
 * The part that a tab takes with the engine that it has now: what it is, what it says of itself, whom it serves. Before the model
 * is loaded there is none, and another model is another part.
 */
import { isBase, unreadTexts } from '../../corpora/pretraining'
import type { DraftAdapter } from '../../reasoning/mode'
import { type Orphan, type Participant, takePart } from '../../reasoning/participant'
import type { Self } from '../../reasoning/ports'
import type { Hello } from '../../reasoning/wire/letters'
import { seesPictures } from '../../settings/text'
import type { Compute } from '../../training/compute'
import type { Part } from '../part'
import type { Storage } from '../stored/storage'
import { mostLayersOf, type Tab } from '../tab/tab'
import { openDrafts } from './drafts'
import type { TabLinks } from './links'
import type { Past } from './past'
import type { WatchedTab } from './strain'
import { type AskOptions, servedAfter } from './view/view'

export interface Taking {
  readonly compute: Compute
  readonly self: Self
  /** Whether pictures are among the words of its model. */
  readonly seesPictures: boolean
  readonly participant: Participant
}

export interface TakingParts {
  readonly tab: Tab
  readonly part: Part
  readonly storage: Storage
  readonly past: Past
  links(): TabLinks
  readonly watched: WatchedTab
  view(): string | null
  orphaned(text: Orphan): void
}

export interface PartTaken {
  /** Throws where there is no engine yet. */
  now(): Promise<Taking>
  /** What this tab says of itself; null while it does not know. */
  /** @param to who is told */
  hello(to: string): Hello | null
  newest(): Taking | null
  /** What it guesses with, as in drafts.ts. Throws where there is no engine yet. */
  draftAdapter(asked?: AskOptions['draftAdapter']): Promise<DraftAdapter | null>
  close(): void
}

/** Of a model that this repository made, its own; of others, English all the same. */
const heldOutOf = (model: string): readonly string[] => unreadTexts(isBase(model) ? model : 'seedling')

export function partTaken(parts: TakingParts): PartTaken {
  const { tab, part, storage, past, links, watched, view, orphaned } = parts
  const drafts = openDrafts(tab, part, storage)
  let taking: { readonly compute: Compute; readonly taken: Promise<Taking> } | null = null
  let taken: Taking | null = null
  const state = () => tab.store.getState()

  function noteServed(to: string, tokens: number): void {
    const name = part.network.peers.get(to)?.name ?? to
    const { reasoning } = state()
    tab.set({ reasoning: { ...reasoning, served: servedAfter(reasoning.served, name, tokens) } })
  }

  async function take(compute: Compute): Promise<Taking> {
    const { sessions } = compute
    const facts = await sessions.facts()
    const mostLayers = Math.min(facts.layers, mostLayersOf(state().settings) ?? facts.layers)
    const self = { facts, arithmetic: await sessions.arithmetic(), mostLayers }
    const sees = await seesPictures(sessions.encode)
    const ports = {
      self,
      sessions,
      links: links(),
      clock: tab.clock,
      adapter: past.adapter,
      heldOut: async () => heldOutOf(state().settings.model),
      view,
      strain: watched.strain,
      ownAdapter: () => part.alone(),
      lentAdapter: () => (state().reasoning.offersOwn ? part.alone() : null),
    }
    const participant = takePart(ports, { orphaned, served: noteServed })
    return { compute, self, seesPictures: sees, participant }
  }

  async function now(): Promise<Taking> {
    const compute = part.engine()?.compute
    if (!compute) throw new Error('This tab’s model is still loading. Try again in a moment.')
    if (taking?.compute !== compute) {
      taken?.participant.close()
      taken = null
      const begun = { compute, taken: take(compute) }
      taking = begun
      begun.taken.catch(() => {
        if (taking === begun) taking = null
      })
    }
    const isNew = taken === null
    taken = await taking!.taken
    if (isNew) links().introduce()
    return taken
  }

  return {
    now,
    newest: () => taken,
    draftAdapter: async (asked) => drafts.adapterFor((await now()).self, asked),
    hello(to) {
      if (!taken || part.engine()?.compute !== taken.compute) {
        // Whoever asked is answered as soon as that is known.
        if (part.engine()) now().catch(() => {})
        return null
      }
      const { facts, arithmetic, mostLayers } = taken.self
      const { reasoning, adapterHash } = state()
      return {
        type: 'reason-hello',
        facts,
        ...arithmetic,
        mostLayers,
        adapter: adapterHash,
        offersOwn: reasoning.offersOwn && part.alone() !== null,
        hasView: view() !== null,
        waitMs: taken.participant.waitMs(to),
        isVisible: watched.isInSight(),
      }
    },
    close() {
      drafts.close()
      taken?.participant.close()
    },
  }
}
