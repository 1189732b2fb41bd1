/** What settings and their values are called. */
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

/** What is wrong with an address, in the language of the page. */
export function problemIn(words: Words, { message, unusable }: SettingProblem): string {
  if (!unusable) return words.said(message)
  const { name, text, kind, instead } = unusable
  const { terms } = words.parameters
  return terms.unusable(`${name}=${text}`, expectationOf(kind, terms), instead)
}
