/** The presets as the first page offers them: what each stands for is written beside the other settings. */
import { type PresetName, presetNames } from '../../settings/presets'
import { readSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'

export { type PresetName, presetNames }

export const settingsOf = (preset: PresetName): Settings =>
  readSettings(new URL(`/?role=coordinator&preset=${preset}`, location.origin)).settings

/** What this page's address says already; of everything else what the first example has. */
export function openingSettings(address: URL): Settings {
  const said = Object.fromEntries(address.searchParams)
  const search = new URLSearchParams({ preset: 'facts', ...said, role: 'coordinator' })
  return readSettings(new URL(`/?${search}`, address)).settings
}
