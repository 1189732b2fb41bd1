/** Which language the page speaks, and its words as a hook. */
import { english, type TextSentences } from '../../node/local/ownText'
import { usePreferences } from '../preferences'
import { de } from './de'
import { en, type Words } from './en'
import { germanSentences } from './text/de-sentences'

export const languages = { en, de } as const
export type Language = keyof typeof languages

/** Names with commas between them; of many, the first few and how many more there are. */
export const listed = (words: Words, names: readonly string[], most = 6): string =>
  names.length > most
    ? words.andMore(names.slice(0, most - 1).join(', '), names.length - most + 1)
    : names.join(', ')

/** Outside of what is drawn. */
export const wordsOf = (): Words => languages[usePreferences.getState().language]

export const useWords = (): Words => languages[usePreferences((preferences) => preferences.language)]
const sentences: Readonly<Record<Language, TextSentences>> = { en: english, de: germanSentences }

/** What is said of a person's own text. */
export const useSentences = (): TextSentences => sentences[useLanguage()]

export const useLanguage = (): Language => usePreferences((preferences) => preferences.language)
