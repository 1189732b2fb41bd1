/** Which settings a page shows: those that have a place there, mean something beside the others, and may be changed now. */
import { type Moment, mayChange, unfitting } from '../../settings/changing'
import type { PageGroup, Setting, Table } from '../../settings/setting'
import { type Settings, table } from '../../settings/table'

interface ShownSetting {
  readonly name: string
  readonly setting: Setting<unknown>
  /** Values that cannot be chosen now. */
  readonly without: readonly string[]
}

/**
 * What the adapter is made from stands once a lobby is open: every tab has made it already. And a room is opened with or
 * without a coordinator, and stays so.
 */
export function shownIn(
  group: PageGroup,
  settings: Settings,
  moment: Moment,
  rows: Table = table,
): ShownSetting[] {
  const isOpening = moment === 'opening'
  return Object.entries(rows).flatMap(([name, setting]) => {
    const isPlaced = setting.page === group && setting.isMeant(settings) && mayChange(setting, moment)
    if (!isPlaced || (!isOpening && setting.makes.includes('engine'))) return []
    if (!isOpening && name === 'scheme')
      return settings.scheme === 'gossip' ? [] : [{ name, setting, without: ['gossip'] }]
    return [{ name, setting, without: unfitting(settings, name) }]
  })
}
