/** The presets as the first page offers them: what each stands for is written beside the other settings. */
import { type PresetName, presetNames } from '../../settings/presets'
import { readSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'

export { type PresetName, presetNames }

export const settingsOf = (preset: PresetName): Settings =>
  readSettings(new URL(`/?role=coordinator&preset=${preset}`, location.origin)).settings
