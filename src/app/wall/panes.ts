/** Addresses of a wall's panes. The room is named here, before any pane is open, and kept in the wall's own address. */
import { makeInviteParts } from '../../node/browser/wall'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'

export interface WallRoom {
  readonly code: string
  readonly secret: string
}

/** Panes share one tab's storage: each needs a name of its own, to find its own key again after a reload. */
const names = ['Otter', 'Wren', 'Lynx', 'Heron', 'Marten', 'Swift', 'Ibex', 'Newt']

export async function openWall(settings: Settings): Promise<WallRoom> {
  const secret = new URLSearchParams(location.hash.slice(1)).get('s')
  if (settings.room && secret) return { code: settings.room, secret }
  const made = await makeInviteParts()
  const search = settingsToSearch({ ...settings, room: made.code })
  history.replaceState(null, '', `/?${search}#${fragment(made)}`)
  return made
}

export function paneAddresses(settings: Settings, room: WallRoom, count: number) {
  const isProof = settings.view === 'proof'
  // Panes speak as their tab does.
  const shared = { ...settings, wall: null, lang: null, room: room.code, view: 'pane' as const }
  const at = (part: Partial<Settings>) => `/?${settingsToSearch({ ...shared, ...part })}#${fragment(room)}`
  return {
    coordinator: at({ role: 'coordinator', name: null, view: isProof ? 'pane-proof' : 'pane' }),
    devices: Array.from({ length: count }, (_, index) =>
      at({ role: 'device', name: names[index % names.length], autostart: null }),
    ),
  }
}

const fragment = ({ secret }: WallRoom): string => new URLSearchParams({ s: secret }).toString()
