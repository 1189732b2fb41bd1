/**
 * What this browser remembers about its reader: language, light or dark, tour seen, keys on. Nothing of the run. An address may
 * wish for a language: that holds for its tab, with all panes in it, until somebody chooses one there.
 */
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
/** In what a tab stores for itself. */
const wishKey = 'gossamer.language'

export function readPreferences(stored: unknown): Preferences {
  const { data } = readBy(schema, stored)
  return data ?? schema.parse({})
}

function remembered(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    return readPreferences({}) // switched off, or no JSON
  }
}

/** What is remembered, and the wish of this tab's address above it. */
function current(): Preferences {
  const all = remembered()
  try {
    return readPreferences({ ...all, language: sessionStorage.getItem(wishKey) ?? all.language })
  } catch {
    return all
  }
}

export const usePreferences = create<Preferences>(current)

export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...remembered(), ...change }))
  } catch {
    // Private windows may refuse storage; the choice then lasts until the tab closes.
  }
}

type Language = Preferences['language']

/** Shows this tab in the language that its address wishes for. Other tabs, and this browser later, hear nothing of it. */
export function wishForLanguage(language: Language): void {
  usePreferences.setState({ language })
  try {
    sessionStorage.setItem(wishKey, language)
  } catch {
    // Without storage it lasts until the page is left.
  }
}

/** What somebody chooses is remembered, and stands above any wish: the address makes none from now on. */
export function chooseLanguage(language: Language): void {
  try {
    sessionStorage.removeItem(wishKey)
  } catch {
    // Nothing was kept.
  }
  const address = new URL(location.href)
  if (address.searchParams.has('lang')) {
    address.searchParams.delete('lang')
    history.replaceState(history.state, '', address)
  }
  prefer({ language })
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
    if (key === storageKey || key === wishKey) usePreferences.setState(current())
  })
}
