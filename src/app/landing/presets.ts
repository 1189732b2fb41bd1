/** Starting points for an experiment, as the settings that the preset's name stands for in an address. */
import type { PresetName } from '../../node/presets'
import { readSettings, type Settings } from '../../node/settings'

export { type PresetName, presetNames } from '../../node/presets'

export const settingsOf = (preset: PresetName): Settings =>
  readSettings(new URL(`http://localhost/?role=coordinator&preset=${preset}`)).settings
