/** The presets as the first page offers them: what each stands for is written in node/, beside the other settings. */
import { type PresetName, presetNames } from '../../node/presets'
import { readSettings, type Settings } from '../../node/settings'

export { type PresetName, presetNames }

export const settingsOf = (preset: PresetName): Settings =>
  readSettings(new URL(`/?role=coordinator&preset=${preset}`, location.origin)).settings
