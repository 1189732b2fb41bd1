/**
 * The room that this tab coordinates: the one of before a reload, where the address names its key, or a new one, which is made
 * and stored here. It is asked for before anything else of the tab exists, because the room's key is who the tab is.
 */
import type { RoomKeys } from '../../network/network'
import type { Fragment } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { type Found, type KeptRoom, openDoor, type SavedRoom, type Storage } from '../stored/storage'
import type { World } from '../world'

export interface OwnRoom extends KeptRoom {
  /** It was here before a reload, if only in part. */
  readonly isOld: boolean
  /** What could not be read of it, in words for the person; null where all is well. */
  readonly damage: string | null
}

export async function ownRoom(
  world: World,
  storage: Storage,
  settings: Settings,
  fragment: Fragment,
): Promise<OwnRoom> {
  const { value, damage } = await reopen(storage, settings, fragment)
  if (value) return { ...value, isOld: true, damage }
  return { room: await newRoom(world, storage, settings, fragment), log: [], isOld: false, damage }
}

const nothing: Found<KeptRoom> = { value: null, damage: null }

/** The room of before a reload: the address names its key. A link without the key opens a new room. */
async function reopen(
  storage: Storage,
  { room }: Settings,
  { secret, keyHash }: Fragment,
): Promise<Found<KeptRoom>> {
  if (!room || !keyHash) return nothing
  const inherited = await storage.loadRoom(placeOf(room, keyHash))
  const found = inherited.value ? inherited : await storage.loadRoom(room)
  if (!found.value) return found
  const { keys } = found.value.room
  return keys.publicKeyHash === keyHash && keys.secret === secret ? found : nothing
}

/** Where a room is kept that this browser has taken over: whoever opened it may have been in the same browser. */
export const placeOf = (code: string, publicKeyHash: string): string => `${code} ${publicKeyHash}`

async function newRoom(
  world: World,
  storage: Storage,
  settings: Settings,
  fragment: Fragment,
): Promise<SavedRoom> {
  const keys: RoomKeys = await world.makeRoomKeys(settings.room, fragment.secret)
  const empty = {
    adapters: [],
    history: [],
    unpublished: [],
    seen: null,
    startedAtMs: null,
    begunWith: null,
    door: openDoor,
    forgotten: [],
    succession: [],
    will: null,
  }
  const room: SavedRoom = { code: keys.code, keys, settings: { ...settings, room: keys.code }, ...empty }
  await storage.createRoom(room)
  return room
}
