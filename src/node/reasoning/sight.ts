/**
 * What this tab alone sees, as its person says it. It stays in this tab: others are told that there is something, never what, and
 * may ask about it (reasoning/modes/fusion). Kept like the person's own text, so that a reload finds it; taken back, it is deleted.
 */
import { messageOf } from '../../lib/messageOf'
import { encodedView } from '../../reasoning/sight'
import { whyBlind } from '../../settings/text'
import type { Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import type { Taking } from './taking'

export interface Sight {
  text(): string | null
  /** Null: nothing any more. Throws an error in plain words where it is empty or too long, and before there is an engine. */
  see(text: string | null): Promise<void>
}

interface SightParts {
  readonly tab: Tab
  readonly storage: Storage
  now(): Promise<Pick<Taking, 'self' | 'compute' | 'seesPictures'>>
  /** Others must be told that there is something, or no longer. */
  changed(): void
}

export function openSight({ tab, storage, now, changed }: SightParts): Sight {
  const { selfKey } = tab
  const text = () => tab.store.getState().reasoning.sees?.text ?? null
  const show = (sees: { readonly text: string; readonly tokens: number | null } | null): void => {
    const had = text() !== null
    tab.set({ reasoning: { ...tab.store.getState().reasoning, sees } })
    if (had !== (sees !== null)) changed()
  }

  void storage.loadView(selfKey).then(({ value, damage }) => {
    if (damage !== null) tab.problem('damaged-view', damage)
    if (value !== null && text() === null) show({ text: value, tokens: null })
  })

  return {
    text,
    async see(given) {
      const trimmed = given?.trim() ?? null
      const { self, compute, seesPictures } = await now()
      const blind = trimmed === null ? null : whyBlind(trimmed, seesPictures)
      if (blind !== null) throw new RangeError(blind)
      const seen = trimmed === null ? null : await encodedView(trimmed, { self, sessions: compute.sessions })
      show(trimmed === null || !seen ? null : { text: trimmed, tokens: seen.length })
      await storage
        .saveView(selfKey, trimmed)
        .catch((problem: unknown) => tab.problem('view-not-kept', `${notKept}: ${messageOf(problem)}`))
    },
  }
}

const notKept = 'What this tab sees cannot be kept in this browser, so a reload loses it'
