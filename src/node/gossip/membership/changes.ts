/** What the reducer hears of the roster: who has come, with how many examples, and who has gone. A reload is both. */
import type { DeviceKey, PeerHappening } from '../../../federation/types'
import { isSeated, type Roster } from './roster'

export interface MembershipChanges {
  follow(roster: Roster): void
  /** Its link was lost, perhaps, and is there again: what was said meanwhile has to be said once more. */
  met(key: DeviceKey): void
}

export function membershipChanges(
  happen: (event: PeerHappening) => void,
  left: (key: DeviceKey) => void,
): MembershipChanges {
  /** Who the reducer has been told is here. */
  const told = new Map<DeviceKey, { readonly peer: string; readonly examples: number }>()
  function join(key: DeviceKey, examples: number): void {
    happen({ type: 'device-joined', device: key })
    happen({ type: 'text-held', device: key, examples })
  }

  return {
    met(key) {
      const known = told.get(key)
      if (known) join(key, known.examples)
    },
    follow(roster) {
      for (const entry of roster.values()) {
        const { key, peer, examples } = entry
        const known = told.get(key)
        if (known && (!entry.isPresent || known.peer !== peer)) {
          told.delete(key)
          left(key)
          happen({ type: 'device-left', device: key })
        }
        // A clash of places does not send anybody away who takes part: one of the two takes other text.
        if (!entry.isPresent || !(told.has(key) || isSeated(roster, entry))) continue
        const before = told.get(key)
        told.set(key, { peer, examples })
        if (!before) join(key, examples)
        else if (before.examples !== examples) happen({ type: 'text-held', device: key, examples })
      }
    },
  }
}
