/**
 * An heir that was elected takes the room over: it stores what it was given as a coordinator stores its room, and opens it as a
 * coordinator that was loaded anew does, with the same events and the same adapters, in a node of its own beside the device's.
 * So its tab goes on learning from its text. After a reload it only coordinates.
 */
import type { Succession } from '../../federation/succession/succession'
import type { Identity, SigningKey } from '../../network/identity/identity'
import { hashOfPublicKey } from '../../network/keys'
import type { RoomKeys } from '../../network/network'
import { placeOf } from '../coordinator/keptRoom'
import type { Estate, SavedRoom } from '../stored/storage'
import type { Tab } from '../tab/tab'

/** The keys of a room in new hands. */
export async function keysOf(
  identity: Identity,
  { code, secret }: Pick<RoomKeys, 'code' | 'secret'>,
  signingKey: SigningKey,
): Promise<RoomKeys> {
  return {
    code,
    secret,
    signingKey,
    publicKeyHash: hashOfPublicKey(await identity.publicKeyOf(signingKey)),
  }
}

/** The room as its coordinator would find it after a reload. Curves and traffic are this tab's, since each tab has its own. */
export function inheritedRoom(
  tab: Tab,
  keys: RoomKeys,
  { settings, begunWith, startedAtMs, door, forgotten, adapters }: Estate,
  papers: Succession,
): SavedRoom {
  const { history, lossPoints, baseLoss, baseRecall, devices } = tab.store.getState()
  const others = devices.filter(({ role }) => role !== 'coordinator')
  return {
    code: placeOf(keys.code, keys.publicKeyHash),
    keys,
    settings: { ...settings, room: keys.code },
    begunWith,
    adapters,
    history,
    unpublished: [],
    seen: {
      lossPoints,
      baseLoss,
      baseRecall,
      traffic: { sent: 0, received: 0, byKind: {} },
      devices: others.map((device) => ({ ...device, isSelf: false })),
    },
    startedAtMs,
    door,
    forgotten,
    succession: papers,
    will: null,
  }
}
