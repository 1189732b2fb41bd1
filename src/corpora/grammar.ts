/**
 * A small grammar that writes paragraphs. A template is plain English with two kinds of holes: `[early|late]` draws one
 * of the alternatives, and `{dish}` is filled by whatever the name is bound to, or else by a fresh draw from the rule of
 * that name. `{guest=person}` draws and remembers for the rest of the paragraph, so that characters continue; `{guest.she}`,
 * `{guest.her}` and `{guest.him}` are that person's pronouns; `{a dish}` puts the indefinite article in front. All
 * values are strings, and all randomness comes from the stream that is passed in.
 */
import type { Random } from '../lib/rng'
import { isWoman } from './names'

/** For every name the templates that may stand for it. */
export type Rules = Readonly<Record<string, readonly string[]>>

/** Names that have a value: the roles of a town, and what a paragraph has remembered so far. */
export type Bindings = Readonly<Record<string, string>>

/** Decides whether a sentence may be written; see `split.ts`. */
export type Accept = (sentence: string) => boolean

const choice = /\[([^[\]]*)\]/g
const hole = /\{(a )?(?:(\w+)=)?(\w+)(?:\.(she|her|him))?\}/g
const maxDraws = 400

/** One expansion of a template, and the bindings after it. Alternatives nest one inside the other at most. */
export function expand(
  template: string,
  rules: Rules,
  bindings: Bindings,
  draw: Random,
): { text: string; bindings: Bindings } {
  let bound = bindings
  const withoutChoices = template.replace(choice, (_, options: string) => draw.pick(options.split('|')))
  const text = withoutChoices.replace(hole, (_, article, remember, name, pronoun) => {
    let value = bound[remember] ?? bound[name]
    if (value === undefined) {
      const inner = expand(draw.pick(unusedOptions(name, rules, bound)), rules, bound, draw)
      bound = inner.bindings
      value = inner.text
    }
    if (remember) bound = { ...bound, [remember]: value }
    if (pronoun) return pronounOf(value, pronoun)
    return article ? `${articleOf(value)} ${value}` : value
  })
  return { text, bindings: bound }
}

/**
 * Writes a paragraph: one sentence (or two) for each step of the plot. A sentence that is not accepted is drawn again;
 * a step for which no acceptable sentence turns up is left out.
 */
export function paragraph(
  plot: readonly string[],
  rules: Rules,
  bindings: Bindings,
  draw: Random,
  accept: Accept = () => true,
): string {
  const written: string[] = []
  let bound = bindings
  for (const step of plot)
    for (let draws = 0; draws < maxDraws; draws++) {
      const { text, bindings: after } = expand(`{${step}}`, rules, bound, draw)
      const sentences = sentencesOf(punctuated(capitalised(text)))
      if (!sentences.every((sentence) => accept(sentence) && !written.includes(sentence))) continue
      for (const sentence of sentences) written.push(sentence)
      bound = after
      break
    }
  return written.join(' ')
}

/** The finest split into sentences: after every full stop, question or exclamation mark, with its closing quote. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]"?)\s+/).filter((sentence) => sentence !== '')
}

/** The options of a rule that no name is bound to yet, so that two characters of one paragraph differ. */
function unusedOptions(name: string, rules: Rules, bound: Bindings): readonly string[] {
  const options = rules[name]
  if (!options) throw new Error(`The grammar has no rule and no binding called "${name}".`)
  const taken = new Set(Object.values(bound))
  const unused = options.filter((option) => !taken.has(option))
  return unused.length > 0 ? unused : options
}

/** Capitals at the start, after a finished sentence, and after the full stop that ends a quotation. */
function capitalised(text: string): string {
  return text.replace(/(^"?|[.!?] "?|\." "?)([a-z])/g, (_, before, letter) => before + letter.toUpperCase())
}

function punctuated(text: string): string {
  return /[.!?]"?$/.test(text) ? text : `${text}.`
}

function pronounOf(name: string, form: string): string {
  if (isWoman(name)) return form === 'him' ? 'her' : form
  return { she: 'he', her: 'his', him: 'him' }[form] ?? form
}

function articleOf(word: string): string {
  return /^[aeiou]/i.test(word) ? 'an' : 'a'
}
