/** What this browser remembers about its reader: language, light or dark, tour seen, keys on. Nothing of the run. */
import { z } from 'zod'
import { create } from 'zustand'
import { readBy } from '../lib/schema'

const spoken = globalThis.navigator?.language?.startsWith('de') ? 'de' : 'en'

/** Storage may hold an older shape, or anything: what does not fit is the default. */
const schema = z
  .object({
    language: z.enum(['en', 'de']).catch(spoken),
    theme: z.enum(['auto', 'light', 'dark']).catch('auto'),
    tourSeen: z.boolean().catch(false),
    keys: z.boolean().catch(true),
  })
  .readonly()

type Preferences = z.output<typeof schema>
export type Theme = Preferences['theme']

const storageKey = 'gossamer.preferences'

export function readPreferences(stored: unknown): Preferences {
  const { data } = readBy(schema, stored)
  return data ?? schema.parse({})
}

function current(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    return readPreferences({}) // switched off, or no JSON
  }
}

export const usePreferences = create<Preferences>(current)

export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  try {
    localStorage.setItem(storageKey, JSON.stringify(usePreferences.getState()))
  } catch {
    // Private windows may refuse storage; the choice then lasts until the tab closes.
  }
}

/**
 * Keeps the document in step: `lang` for screen readers and hyphenation, `data-theme` for the colours. What is chosen in
 * one tab, or around the panes of a wall, holds in all.
 */
export function followPreferences(): void {
  const apply = ({ language, theme }: Preferences) => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = theme
  }
  apply(usePreferences.getState())
  usePreferences.subscribe(apply)
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) usePreferences.setState(current())
  })
}
