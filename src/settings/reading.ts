/**
 * Settings as text. The URL is the experiment: the same address repeats the same run. A value that cannot be used is named
 * with what is possible, and what is usual stands in its place; what a message or this browser's storage holds is as foreign
 * as a link, and read in the same way.
 */
import { incompatibility, ledgerMisfit, privacyMisfit } from '../federation/compatibility'
import { readBy } from '../lib/schema'
import { givingWay } from './derived/secrecy'
import { english, expectationOf, type Kind } from './kinds'
import { presets } from './presets'
import type { Choices, Setting, Table, ValuesOf } from './setting'
import { type Settings, table } from './table'
import { whyNotSeen } from './text'

/** A value that cannot be used. */
interface Unusable {
  readonly name: string
  readonly text: string
  /** What may stand there. */
  readonly kind: Pick<Kind<unknown>, 'shape' | 'unsaid'>
  /** What stands instead, as text; null: it is as if nothing were said. */
  readonly instead: string | null
}

export interface SettingProblem {
  readonly name: string
  /** In English; whoever has other words can say it from `unusable`. */
  readonly message: string
  /** Null: the value is good, but not beside the others. */
  readonly unusable: Unusable | null
}

/** What stands in the fragment: it never reaches the server. */
export interface Fragment {
  readonly secret: string | null
  readonly keyHash: string | null
  /** The coordinator's word that whoever has it may merge for others. */
  readonly edgePass: string | null
}

/** What stands where only `given` is said. */
function standing<Rows extends Table>(rows: Rows, given: Readonly<Record<string, unknown>>): ValuesOf<Rows> {
  const values: Record<string, unknown> = {}
  for (const [name, { usual }] of Object.entries(rows)) values[name] = name in given ? given[name] : usual
  for (const [name, { usualFor }] of Object.entries(rows))
    if (!(name in given)) values[name] = usualFor(values as unknown as Choices)
  return values as ValuesOf<Rows>
}

const presetOf = (name: unknown): Readonly<Record<string, unknown>> => {
  const known = readBy(table.preset.kind.schema, name).data
  return known ? presets[known] : {}
}

/**
 * Reads what is said of each setting.
 * @param saying the text; null: nothing is said
 * @param before what stands where nothing is said, beside what is usual
 */
export function readRows<Rows extends Table>(
  rows: Rows,
  saying: (name: string) => string | null,
  before: Readonly<Record<string, unknown>> = {},
): { values: ValuesOf<Rows>; problems: SettingProblem[] } {
  const given: Record<string, unknown> = { ...before }
  const wrong: { readonly name: string; readonly text: string }[] = []
  for (const [name, { kind }] of Object.entries(rows)) {
    const text = saying(name)
    if (text === null) continue
    const parsed = readBy(kind.schema, text)
    if (parsed.success) given[name] = parsed.data
    else wrong.push({ name, text })
  }
  const values = standing(rows, given)
  const problems = wrong.map(({ name, text }) => problemOf(name, rows[name], text, values[name]))
  return { values, problems }
}

function problemOf(name: string, { kind }: Setting<unknown>, text: string, value: unknown): SettingProblem {
  const instead = kind.write(value)
  return {
    name,
    message: english.unusable(`${name}=${text}`, expectationOf(kind), instead),
    unusable: { name, text, kind, instead },
  }
}

/** Settings that do not go together lose what stands in the way. */
function reconciled(settings: Settings): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = []
  const lose = (part: Partial<Settings>, name: keyof Settings, message: string) => {
    settings = { ...settings, ...part }
    problems.push({ name, message, unusable: null })
  }
  // What was asked for to hide something is not given up for something else.
  for (const { name, why, part } of givingWay(settings))
    lose(part, name, `${why} It was read as ${Object.values(part).map(String)}.`)
  const { scheme, aggregation: chosen } = settings
  const clash = incompatibility({ scheme, aggregation: chosen })
  if (clash !== null) {
    const aggregation = table.aggregation.usualFor(settings)
    lose({ aggregation }, 'aggregation', `${clash} It was read as ${aggregation}.`)
  }
  const { usual: robust, kind } = table.robust
  const unfitting = incompatibility(settings)
  if (unfitting !== null) lose({ robust }, 'robust', `${unfitting} It was read as ${kind.write(robust)}.`)
  const unkept = ledgerMisfit(settings)
  if (unkept !== null) lose({ ledger: false }, 'ledger', `${unkept} None is kept.`)
  for (let misfit = privacyMisfit(settings); misfit; misfit = privacyMisfit(settings)) {
    const { name, why } = misfit
    lose({ [name]: table[name].usual }, name, `${why} What is usual stands instead.`)
  }
  // A device hears from its room which model it is.
  const unseen = settings.role === 'coordinator' ? whyNotSeen(settings) : null
  if (unseen !== null) lose({ corpus: null }, 'corpus', `${unseen} The usual text stands in its place.`)
  return { settings, problems }
}

/** Reads a page's URL. */
export function readSettings(url: URL): {
  settings: Settings
  fragment: Fragment
  problems: SettingProblem[]
} {
  const said = (name: string) => url.searchParams.get(name)
  const { values, problems } = readRows(table, said, presetOf(said('preset')))
  const { settings, problems: misfits } = reconciled(values)
  const fragment = new URLSearchParams(url.hash.slice(1))
  return {
    settings,
    fragment: {
      secret: fragment.get('s') || null,
      keyHash: fragment.get('k') || null,
      edgePass: fragment.get('e') || null,
    },
    problems: [...problems, ...misfits],
  }
}

/**
 * Settings as another tab sent them, or as they were stored: complete, so that a preset's values are among them and its
 * name implies nothing.
 */
export function checkSettings(stored: Readonly<Record<string, unknown>>): {
  settings: Settings
  problems: SettingProblem[]
} {
  const said = (name: string) => {
    const value = Object.hasOwn(stored, name) ? stored[name] : undefined
    if (value === null) return table[name as keyof typeof table].kind.unsaid
    return value === undefined ? null : foreignText(value).slice(0, 400)
  }
  const { values, problems } = readRows(table, (name) => (name === 'preset' ? null : said(name)))
  const { settings, problems: misfits } = reconciled(values)
  const preset = readBy(table.preset.kind.schema, stored.preset).data ?? null
  return { settings: { ...settings, preset }, problems: [...problems, ...misfits] }
}

export const parseSettings = (stored: Readonly<Record<string, unknown>>): Settings =>
  checkSettings(stored).settings

/** As the address would have it; an object is nothing that could stand there. */
function foreignText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '{}'
}

export const defaultSettings: Settings = standing(table, {})

/** A query string (without `?`) that names every value which the preset or what is usual does not imply. */
export function settingsToSearch(settings: Partial<Settings>, rows: Table = table): string {
  const search = new URLSearchParams(writtenRows(rows, settings, presetOf(settings.preset)))
  return search.toString().replaceAll('%2C', ',')
}

/** Names and texts of the values which `before` and what is usual do not imply. */
export function writtenRows(
  rows: Table,
  values: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): [string, string][] {
  const chosen = { ...standing(rows, before), ...values } as unknown as Choices
  return Object.entries(rows).flatMap(([name, { kind, usualFor }]): [string, string][] => {
    const value = values[name]
    const text = value === undefined ? null : kind.write(value)
    const implied = name in before ? before[name] : usualFor(chosen)
    return text === null || text === kind.write(implied) ? [] : [[name, text]]
  })
}
