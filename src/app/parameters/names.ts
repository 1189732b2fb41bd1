/** What settings and their values are called. */
import { pastedTitle } from '../../node/local/ownText'
import { expectationOf } from '../../settings/kinds'
import type { SettingProblem } from '../../settings/reading'
import type { Words } from '../words/en'

export const settingLabel = (words: Words, name: string): string => {
  const names: Readonly<Record<string, string>> = words.parameters.names
  return names[name] ?? name
}

export const choiceName = (words: Words, name: string, value: string): string => {
  const { choices } = words.parameters
  const domains: Readonly<Record<string, string>> = words.domains
  return choices[`${name} ${value}`] ?? choices[value] ?? domains[value] ?? value
}

/** What a tab learns from, in words: a corpus of ours by its name, a person's own text by that of its file. */
export function textName(words: Words, title: string): string {
  if (title === pastedTitle) return words.own.pasted
  const { mixed, things } = words.own
  const longer: Readonly<Record<string, string>> = { mixed, things }
  return longer[title] ?? choiceName(words, 'corpus', title)
}

/** What is wrong with an address, in the language of the page. */
export function problemIn(words: Words, { message, unusable }: SettingProblem): string {
  if (!unusable) return words.said(message)
  const { name, text, kind, instead } = unusable
  const { terms } = words.parameters
  return terms.unusable(`${name}=${text}`, expectationOf(kind, terms), instead)
}
