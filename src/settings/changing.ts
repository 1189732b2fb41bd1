/** What may be changed when, what a change makes anew, and what follows from it. */
import { incompatibility, ledgerMisfit, secrecyClash } from '../federation/compatibility'
import { givingWay, secretly } from './derived/secrecy'
import { isSame } from './ownership'
import type { Making, Setting } from './setting'
import { type SettingName, type Settings, settingNames, table } from './table'

/** Before a room is opened, while people gather, in the middle of a run. */
export type Moment = 'opening' | 'lobby' | 'run'

export function mayChange({ changes }: Pick<Setting<unknown>, 'changes'>, moment: Moment): boolean {
  switch (moment) {
    case 'opening':
      return true
    case 'lobby':
      return changes !== 'opening'
    case 'run':
      return changes === 'running' || changes === 'always'
  }
}

/** The first setting whose change comes too late; null: none does. */
export const tooLateOf = (before: Settings, next: Settings): SettingName | null =>
  settingNames.find((name) => !mayChange(table[name], 'run') && !isSame(before, next, [name])) ?? null

const makersOf = (making: Making): readonly SettingName[] =>
  settingNames.filter((name) => table[name].makes.includes(making))
const [makersOfEngine, makersOfText] = [makersOf('engine'), makersOf('text')]

/** Do two settings need the same engine and the same initial adapter? */
export const sameEngine = (a: Settings, b: Settings): boolean => isSame(a, b, makersOfEngine)

/** Do two settings deal out the same generated text? */
export const sameText = (a: Settings, b: Settings): boolean => isSame(a, b, makersOfText)

/** Values of a choice that cannot go with the rest: the aggregation gives way to the scheme, and all to secure aggregation. */
export function unfitting(settings: Settings, name: string): readonly string[] {
  if (!Object.hasOwn(secretly, name)) return []
  const { shape } = table[name as keyof typeof secretly].kind
  if (shape.kind !== 'choice') return []
  return shape.options.filter((option) => {
    const chosen = { ...settings, [name]: option }
    return secrecyClash(chosen)?.name === name || (name === 'aggregation' && incompatibility(chosen) !== null)
  })
}

/**
 * A change with what follows from it: what stands because it is usual becomes what is usual then, and what cannot go with the
 * change gives way.
 */
export function changeWith(before: Settings, change: Partial<Settings>, moment: Moment): Partial<Settings> {
  const { aggregation, robust, ledger } = table
  if (change.secure)
    return Object.assign({ ...change }, ...givingWay({ ...before, ...change }).map(({ part }) => part))
  if ('aggregation' in change || !mayChange(aggregation, moment)) return change
  const next: Settings = { ...before, ...change }
  const wasUsual = before.aggregation === aggregation.usualFor(before)
  const { scheme, aggregation: standing } = next
  const given =
    wasUsual || incompatibility({ scheme, aggregation: standing }) !== null
      ? { ...change, aggregation: aggregation.usualFor(next) }
      : change
  const isFitting = 'robust' in change || incompatibility({ ...next, ...given }) === null
  const fitting = isFitting ? given : { ...given, robust: robust.usual }
  const isKept = !mayChange(ledger, moment) || ledgerMisfit({ ...next, ...fitting }) === null
  return isKept ? fitting : { ...fitting, ledger: false }
}
