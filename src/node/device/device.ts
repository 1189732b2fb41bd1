/** Opening a device's tab: it finds its room, proves that it may enter or knocks, and then attends. */
import { type Fragment, settingsToSearch } from '../../settings/reading'
import type { Part } from '../part'
import type { Storage } from '../stored/storage'
import { showNetwork, type Tab } from '../tab/tab'
import { lettersToDevice } from '../wire/letters'
import type { World } from '../world'
import { attend, type Device } from './attend'

/** A device whose room is not there yet waits so long for it. */
const waitForRoomMs = 60_000

const onlyTheCoordinator = (): never => {
  throw new Error('Only the coordinator’s tab can do that.')
}

export async function openDevice(
  tab: Tab,
  world: World,
  fragment: Fragment,
  storage: Storage,
): Promise<Part> {
  const { settings, devices } = tab.store.getState()
  if (!settings.room)
    throw new Error('This link names no room. Ask the coordinator for the room’s code or link.')
  tab.set({ phase: { kind: 'waiting-for-room' } })
  let device: Device | null = null
  const network = await world.joinRoom({
    code: settings.room,
    role: settings.role === 'edge' ? 'edge' : 'device',
    name: devices.find(({ isSelf }) => isSelf)?.name ?? '',
    deviceKey: tab.selfKey,
    understood: lettersToDevice(() => device?.engine()?.opened.initialAdapter.length ?? null),
    secret: fragment.secret,
    publicKeyHash: fragment.keyHash,
    waitMs: waitForRoomMs,
    onKnocking: () => tab.set({ phase: { kind: 'knocking' } }),
    // A guest who was let in keeps the secret in its address: a reload does not knock again.
    onCredentials: ({ secret, publicKeyHash }) =>
      world.showAddress(
        settingsToSearch(settings),
        `s=${secret}&k=${publicKeyHash}${fragment.edgePass ? `&e=${fragment.edgePass}` : ''}`,
      ),
  })
  tab.set({ phase: { kind: 'starting', stage: 'starting-engine', done: 0, total: 0 } })
  const { clock, openCompute, openMerging } = world
  showNetwork(tab, network)
  const { edgePass } = fragment
  const memoryBytes = world.memoryBytes()
  const attending = attend({
    tab,
    clock,
    network,
    storage,
    openCompute,
    openMerging,
    edgePass,
    memoryBytes,
  })
  device = attending
  const sleep = world.keepAwake(attending.pause)
  return {
    engine: attending.engine,
    adapter: attending.adapter,
    alone: attending.alone,
    command: onlyTheCoordinator,
    configure: async () => onlyTheCoordinator(),
    answer: onlyTheCoordinator,
    appoint(key, isEdge) {
      if (key !== tab.selfKey) onlyTheCoordinator()
      attending.volunteer(isEdge)
    },
    assign: onlyTheCoordinator,
    use: attending.use,
    rename: attending.rename,
    async leave() {
      sleep()
      await network.leave()
      attending.engine()?.close()
    },
  }
}
