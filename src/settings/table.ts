/**
 * The one table of settings. A run is described by these values and nothing else: the address, the page's controls, the
 * Lab's, the flags of `simulate`, what travels between tabs and what the reducer is told are all read from its rows.
 */
import { mergingRows } from './rows/merging'
import { modelRows } from './rows/model'
import { schemeRows } from './rows/schemes'
import { tabRows } from './rows/tab'
import { trainingRows } from './rows/training'
import { trustRows } from './rows/trust'
import type { Table, ValuesOf } from './setting'

export const table = {
  ...tabRows,
  ...schemeRows,
  ...mergingRows,
  ...modelRows,
  ...trainingRows,
  ...trustRows,
} as const satisfies Table

export type Settings = ValuesOf<typeof table>
export type SettingName = keyof Settings
export const settingNames = Object.keys(table) as readonly SettingName[]
