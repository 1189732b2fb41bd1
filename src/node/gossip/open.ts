/**
 * Opening a gossiping tab. Who opens the room only makes its code and secret, and is then a tab like the others: it holds
 * text and trains. With the same room and secret a tab finds the others by itself, and a reload goes on where it was.
 */
import { commonOf, settledIn } from '../../settings/ownership'
import { type Fragment, settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { Part } from '../part'
import type { Router } from '../router'
import type { Self } from '../self'
import { showNetwork, showTraffic } from '../tab/showNetwork'
import type { Engine, Tab } from '../tab/tab'
import { ofNeighbours } from '../wire/letters'
import type { World } from '../world'
import { GossipRoom } from './gossipRoom'

/** Who opens a room of equals makes what is missing of its code and secret, before anything else is named by them. */
export async function foundRoom(
  { settings, secret }: { readonly settings: Settings; readonly secret: string | null },
  world: World,
): Promise<{ readonly settings: Settings; readonly secret: string | null }> {
  if (settings.scheme !== 'gossip' || settings.role !== 'coordinator') return { settings, secret }
  const keys = await world.makeRoomKeys(settings.room, secret)
  const room = { ...settings, room: keys.code }
  world.showAddress(settingsToSearch(room), `s=${keys.secret}`)
  return { settings: room, secret: keys.secret }
}

export async function openGossip(
  tab: Tab,
  router: Router,
  world: World,
  { secret }: Fragment,
  { storage, signingKey }: Self,
): Promise<Part> {
  const { selfKey } = tab
  const { settings: asOpened, devices } = tab.store.getState()
  const { room: code, role } = asOpened
  if (!code || !secret)
    throw new Error(
      'A room without a coordinator is entered by its whole link: the code alone is not enough, for nobody is there who could let you in.',
    )
  const { value: saved, damage } = await storage.loadPeer(selfKey)
  if (damage !== null) tab.problem('part-damaged', damage)
  const openedAtMs = saved?.openedAtMs ?? world.clock.now()
  const agreement = saved?.agreement ?? {
    settings: commonOf(asOpened),
    stamp: role === 'coordinator' ? 1 : 0,
    openedAtMs,
    by: selfKey,
  }
  const name = devices.find(({ isSelf }) => isSelf)?.name ?? ''
  const settledHere = (ofRoom: Settings): Settings => ({
    ...settledIn(ofRoom, asOpened),
    // Whole adapters are pulled.
    compression: 'none',
  })
  tab.set({ settings: settledHere(agreement.settings), role: 'device', room: code })
  tab.setDevice(selfKey, { role: 'device', name })

  let engine: () => Engine | null = () => null
  const fromNeighbours = router.understand(ofNeighbours(() => engine()?.opened.initialAdapter.length ?? null))
  const network = await world.joinEquals({
    code,
    name,
    signingKey,
    secret,
    understood: router.understood,
  })
  showNetwork(tab, network)
  showTraffic(tab, network)
  const room = new GossipRoom({
    tab,
    world,
    network,
    fromNeighbours,
    storage,
    saved,
    code,
    secret,
    name,
    openedAtMs,
    agreement,
    settledHere,
  })
  engine = () => room.engine()
  router.listen(network)
  if (role === 'coordinator') await room.invite()
  await room.getReady()
  return room
}
