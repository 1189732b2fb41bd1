/**
 * The door of a coordinator's room. Whoever knocks is let in at once while the lobby is open for everybody, and else shown to
 * the teacher. A locked room lets nobody in who was not in it when it was locked, whatever they know. A device that is shut out
 * leaves and does not come back under its key before the room is unlocked; the others are told its key, so that nobody keeps a
 * link to it. Both are stored with the room. What a key is worth is the network's to know.
 */
import type { Knock, Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { Post } from '../executor/post'
import type { SavedDoor, SavedRoom } from '../stored/storage'
import type { Tab } from '../tab/tab'

export interface Door {
  /** For the network: why a device of this name is not let in, although it knows the secret. */
  whyNot(deviceKey: string): 'locked' | null
  /** Stands at it from now on. */
  open(network: Network): void
  /** Lets somebody in who knocks, or not. */
  answer(peer: string, isWelcome: boolean): void
  setLocked(isLocked: boolean): void
  shutOut(deviceKey: string): void
  /** Those who are shut out, for whoever comes. */
  readonly barred: readonly string[]
  /** As it is stored. */
  readonly kept: SavedDoor
}

export function doorOf(
  tab: Tab,
  { door: kept }: Pick<SavedRoom, 'door'>,
  keep: (change: Pick<SavedRoom, 'door'>) => void,
  tellAll: (shutOut: readonly string[]) => void,
): Door {
  const knocks = new Map<string, Knock>()
  let door: SavedDoor = kept
  let bar: (keys: readonly string[]) => void = () => {}
  const show = () => {
    tab.set({ door: { isLocked: door.isLocked, shutOut: door.shutOut } })
  }
  const become = (next: SavedDoor) => {
    door = next
    show()
    bar(door.shutOut)
    tellAll(door.shutOut)
    keep({ door })
  }
  const showKnocks = () =>
    tab.set({ knocks: [...knocks.values()].map(({ id, name, phrase }) => ({ peer: id, name, phrase })) })
  const forget = (peer: string) => {
    knocks.delete(peer)
    showKnocks()
  }
  show()

  return {
    whyNot: (deviceKey) => (door.isLocked && !door.known.includes(deviceKey) ? 'locked' : null),
    open(network) {
      bar = network.bar
      bar(door.shutOut)
      network.on('knock', (knock) => {
        const { admitAll, phase } = tab.store.getState()
        if (admitAll && phase.kind === 'lobby') return knock.admit()
        knocks.set(knock.id, knock)
        showKnocks()
      })
      network.on('knockOver', forget)
    },
    answer(peer, isWelcome) {
      const knock = knocks.get(peer)
      forget(peer)
      if (isWelcome) knock?.admit()
      else knock?.refuse()
    },
    setLocked(isLocked) {
      const known = tab.store.getState().devices.map(({ key }) => key)
      become(isLocked ? { ...door, isLocked, known } : { isLocked, known: [], shutOut: [] })
    },
    shutOut(deviceKey) {
      if (deviceKey === tab.selfKey) throw new Error('The coordinator cannot shut itself out.')
      become({ ...door, shutOut: [...new Set([...door.shutOut, deviceKey])].slice(-mostShutOut) })
    },
    get kept() {
      return door
    },
    get barred() {
      return door.shutOut
    },
  }
}

/** Of more than a room knows the oldest are forgotten. */
const mostShutOut = 64

/** Tells everybody of whoever is shut out. The numbers grow over reloads: what comes late is of no use. */
export function shutOutsTo(broadcast: Post['broadcast'], clock: Pick<Clock, 'now'>) {
  let number = 0
  return (keys: readonly string[]): void => {
    number = Math.max(number + 1, Math.floor(clock.now()))
    broadcast(() => ({ type: 'shut-out', number, keys: [...keys] }))
  }
}
