/** Which language the page speaks, and its words as a hook. */
import { usePreferences } from '../preferences'
import { de } from './de'
import { en, type Words } from './en'

export const languages = { en, de } as const
export type Language = keyof typeof languages

/** Outside of what is drawn. */
export const wordsOf = (): Words => languages[usePreferences.getState().language]

export const useWords = (): Words => languages[usePreferences((preferences) => preferences.language)]
export const useLanguage = (): Language => usePreferences((preferences) => preferences.language)
