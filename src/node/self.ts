/**
 * Who this tab is, and where it keeps what must outlive it. A device is its tab's key; a coordinator is the key of its room,
 * which links and ids name, so its room is looked for first. Settled before anything else of the tab exists: everything is
 * named by it.
 */

import type { SigningKey } from '../network/identity/identity'
import { canonicalCode } from '../network/ids'
import { ownKeyOf } from '../network/keys'
import { NetworkError } from '../network/problems'
import type { Fragment } from '../settings/reading'
import type { Settings } from '../settings/table'
import { type OwnRoom, ownRoom } from './coordinator/keptRoom'
import type { Keeping } from './stored/indexed'
import type { Storage } from './stored/storage'
import type { World } from './world'

export interface Self {
  /** What others call this tab. */
  readonly key: string
  readonly signingKey: SigningKey
  readonly storage: Storage
  readonly keeping: Keeping
  /** What could not be read of its key, in words for the person; null where all is well. */
  readonly damage: string | null
}

export interface CoordinatingSelf extends Self {
  readonly kept: OwnRoom
}

/** @throws NetworkError where the browser withholds its cryptography: nobody is anybody then */
export async function openSelf(settings: Settings, world: World): Promise<Self> {
  const { role, room, name } = settings
  assertKeys(world)
  const { storage, keeping } = await world.openStorage()
  const { signingKey, damage } = await world.tabKey([role, room, name].join(' '), storage)
  return { key: await nameOf(world, signingKey), signingKey, storage, keeping, damage }
}

/** @throws NetworkError as `openSelf` */
export async function openCoordinatingSelf(
  settings: Settings,
  fragment: Fragment,
  world: World,
): Promise<CoordinatingSelf> {
  assertKeys(world)
  const { storage, keeping } = await world.openStorage()
  const kept = await ownRoom(world, storage, settings, fragment)
  const { signingKey } = kept.room.keys
  return { key: await nameOf(world, signingKey), signingKey, storage, keeping, damage: null, kept }
}

/** Under which a device keeps what it knows of one room: its last vote, the will, what it has asked for. */
export const nameInRoom = (code: string, self: string): string => `${canonicalCode(code)} ${self}`

const nameOf = async ({ identity }: World, key: SigningKey) => (await ownKeyOf(identity, key)).name

function assertKeys({ identity }: World): void {
  if (!identity.isAvailable) throw new NetworkError('insecure-context')
}
