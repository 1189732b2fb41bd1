/**
 * What is being run, where nobody is in charge: of all that tabs brought along, what the first of them brought, or what
 * was changed since. A tab that comes later takes it over, unless its own address says otherwise about something that all
 * must agree on.
 */
import { incompatibility } from '../../../federation/compatibility'
import type { DeviceKey } from '../../../federation/types'
import { agreed } from '../../../settings/ownership'
import { readSettings } from '../../../settings/reading'
import type { Settings } from '../../../settings/table'

export interface Agreement {
  readonly settings: Settings
  readonly stamp: number
  readonly openedAtMs: number
  readonly by: DeviceKey
}

/** Of two that differ, this one stands. */
export function outranks(a: Omit<Agreement, 'settings'>, b: Omit<Agreement, 'settings'>): boolean {
  if (a.stamp !== b.stamp) return a.stamp > b.stamp
  if (a.openedAtMs !== b.openedAtMs) return a.openedAtMs < b.openedAtMs
  return a.by < b.by
}

/** Whether tabs can gossip by these settings at all. */
export const isOfGossip = (settings: Settings): boolean =>
  settings.scheme === 'gossip' && incompatibility(settings) === null

/** What stands where a gossiping tab's address says nothing. */
const { settings: unsaid } = readSettings(new URL('http://localhost/?scheme=gossip'))

/** Why a tab that was opened with `own` cannot take part, in words for its person; null: it can. */
export function agreementComplaint(own: Settings, room: Settings): string | null {
  const differing = agreed.filter((name) => {
    const value = String(own[name])
    return value !== String(unsaid[name]) && value !== String(room[name])
  })
  if (differing.length === 0) return null
  const said = (settings: Settings) => differing.map((name) => `${name}=${settings[name]}`).join(', ')
  return `This tab was opened with ${said(own)}, and the tabs of this room learn with ${said(room)}: adapters of such different kinds cannot be mixed. Open the room’s link without these values, or open another room.`
}
