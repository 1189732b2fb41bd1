/**
 * A federation that nobody coordinates, under a virtual clock: one reducer per node, the same that a gossiping tab drives.
 * Announcements are small; an adapter crosses a link only when it is pulled, and once.
 */
import { deviceAdapter } from '../federation/names'
import { initialPeer, stepPeer } from '../federation/schemes/gossip/peer'
import type {
  DeviceKey,
  FederationConfig,
  PeerEffect,
  PeerEvent,
  PeerHappening,
  PeerState,
} from '../federation/types'
import { acting } from './acting'
import { fleetOf } from './fleet'
import type { LogEntry, Scene } from './scene'
import { frameBytes } from './simulation/traffic'

export interface Gossiping {
  readonly states: ReadonlyMap<DeviceKey, PeerState>
  readonly log: readonly LogEntry[]
  /** To every node. */
  happenEverywhere(event: PeerHappening): void
}

export function gossiping(config: FederationConfig, scene: Scene): Gossiping {
  const { world, clock, depot, trainer } = scene
  const { log, hear, deliver, merge } = acting(scene)
  const states = new Map(world.keys.map((key) => [key, initialPeer(config, key)]))
  let behind = 0

  const fleet = fleetOf({
    ...{ world, clock, trainer, depot, localSteps: config.localSteps },
    done(device, _, { round, version }) {
      // A node's own update crosses no link.
      const examples = trainer.examplesOf(world.indexOf(device))
      happen(device, { type: 'update-arrived', device, round, version, examples })
    },
  })

  function happen(node: DeviceKey, event: PeerHappening): void {
    if (!fleet.isHere(node)) return
    const [next, effects] = hear(node, event, (stamped: PeerEvent) => stepPeer(states.get(node)!, stamped))
    states.set(node, next)
    for (const effect of effects) perform(node, effect)
    const here = [...states].filter(([key]) => fleet.isHere(key))
    const least = Math.min(...here.map(([, { completedRounds }]) => completedRounds))
    if (least > behind) {
      behind = least
      scene.onRound(next)
    }
  }

  function perform(node: DeviceKey, effect: PeerEffect): void {
    switch (effect.type) {
      case 'order': {
        const { to: _, type: __, ...order } = effect
        fleet.receiveAdapter(node, order)
        return fleet.receiveOrder(node, node, order)
      }
      case 'merge':
        return merge(effect, (event) => happen(node, event))
      case 'combine':
        return depot.combine(effect)
      case 'tell': {
        const { version, adapterHash, degree, share } = effect
        for (const to of effect.to)
          deliver(node, to, 'announcement', frameBytes, () =>
            happen(to, { type: 'heard', device: node, version, adapterHash, degree, share }),
          )
        return
      }
      case 'pull': {
        const { from, version } = effect
        const bytes = depot.bytesDown({ adapter: deviceAdapter(from), version }, null)
        return void deliver(node, from, 'answer', frameBytes, () => {
          if (!fleet.isHere(from)) return
          deliver(from, node, 'adapter', bytes, () => happen(node, { type: 'pulled', device: from, version }))
        })
      }
      case 'take-share': {
        const { from, version } = effect
        return void deliver(node, from, 'answer', frameBytes, () =>
          happen(from, { type: 'share-taken', device: node, version }),
        )
      }
      case 'start-timer':
        return void clock.after(effect.afterMs, () =>
          happen(node, { type: 'timer-fired', timer: effect.timer }),
        )
      default:
        return
    }
  }

  function comesAndGoes(device: DeviceKey, turn: number): void {
    const stay = world.stayMs(device, turn)
    if (!Number.isFinite(stay)) return
    clock.after(stay, () => {
      const others = world.keys.filter((key) => key !== device)
      if (turn % 2 === 0) {
        fleet.leave(device)
        for (const other of others) happen(other, { type: 'device-left', device })
      } else {
        fleet.comeBack(device)
        happen(device, { type: 'peer-resumed' })
        meet(device, others)
      }
      comesAndGoes(device, turn + 1)
    })
  }

  /** A node and those who are here hear of each other. */
  function meet(device: DeviceKey, others: readonly DeviceKey[]): void {
    const hears = (node: DeviceKey, of: DeviceKey) => {
      happen(node, { type: 'device-joined', device: of })
      happen(node, { type: 'text-held', device: of, examples: trainer.examplesOf(world.indexOf(of)) })
    }
    hears(device, device)
    for (const other of others) {
      if (!fleet.isHere(other)) continue
      hears(device, other)
      hears(other, device)
    }
  }

  for (const [index, device] of world.keys.entries()) {
    meet(device, world.keys.slice(0, index))
    comesAndGoes(device, 0)
  }

  return {
    states,
    log,
    happenEverywhere(event) {
      for (const key of world.keys) happen(key, event)
    },
  }
}
