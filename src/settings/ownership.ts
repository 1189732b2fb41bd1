/** Whose word stands: what a tab decides for itself, what it takes from its room, and what all tabs of a room must share. */
import { defaultSettings, settingsToSearch } from './reading'
import type { Owner } from './setting'
import { type SettingName, type Settings, settingNames, table } from './table'

const ownedBy = (...owners: readonly Owner[]): readonly SettingName[] =>
  settingNames.filter((name) => owners.includes(table[name].owner))

const pick = (settings: Settings, names: readonly SettingName[]): Partial<Settings> =>
  Object.fromEntries(names.map((name) => [name, settings[name]]))

const own = ownedBy('tab')
const ownIfSaid = ownedBy('tab-else-room')
/** What must be the same in all tabs where nobody coordinates: adapters of other kinds cannot be mixed. */
export const agreed = ownedBy('agreed')

export const isSame = (a: Settings, b: Settings, names: readonly SettingName[]): boolean =>
  names.every((name) => String(a[name]) === String(b[name]))

/** The room's settings as they stand in a tab that was opened with `opened`. */
export const settledIn = (room: Settings, opened: Settings): Settings => ({
  ...room,
  ...pick(opened, own),
  ...pick(
    opened,
    ownIfSaid.filter((name) => opened[name] !== table[name].usual),
  ),
})

/** What of a change a tab may decide for itself while its room runs; null where it holds anything else. */
export function ownDecision(before: Settings, next: Settings): Partial<Settings> | null {
  const changed = settingNames.filter((name) => !isSame(before, next, [name]))
  const isOwn = (name: SettingName) => ownIfSaid.includes(name) && table[name].changes === 'running'
  return changed.every(isOwn) ? pick(next, changed) : null
}

/** Without what is a tab's own business: what travels, and what is compared. */
export const commonOf = (settings: Settings): Settings => ({ ...settings, ...pick(defaultSettings, own) })

/** Whether tabs with these settings run the same. */
export const isSameAgreement = (a: Settings, b: Settings): boolean =>
  settingsToSearch(commonOf(a)) === settingsToSearch(commonOf(b))
