/** What this browser remembers about its reader: language, light or dark, tour seen, keys on. Nothing of the run. */
import { create } from 'zustand'

export type Theme = 'auto' | 'light' | 'dark'

interface Preferences {
  readonly language: 'en' | 'de'
  readonly theme: Theme
  readonly tourSeen: boolean
  readonly keys: boolean
}

const storageKey = 'gossamer.preferences'

/** Storage may be switched off, or hold an older shape: then the defaults stand. */
function remembered(): Partial<Preferences> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof stored === 'object' && stored !== null ? stored : {}
  } catch {
    return {}
  }
}

const spoken = globalThis.navigator?.language?.startsWith('de') ? 'de' : 'en'

function current(): Preferences {
  const { language, theme, tourSeen, keys } = remembered()
  return {
    language: language === 'de' || language === 'en' ? language : spoken,
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    tourSeen: tourSeen === true,
    keys: keys !== false,
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
