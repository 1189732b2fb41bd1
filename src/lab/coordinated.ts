/**
 * A federation with a coordinator under a virtual clock: it drives the very reducer that a coordinator's tab drives, and
 * one per edge, and does what they ask for with simulated links and devices. Nothing is decided here.
 */
import { initialState, step } from '../federation/federation'
import { globalAdapter } from '../federation/names'
import { type EdgeState, initialEdge, stepEdge } from '../federation/schemes/hierarchical/edge'
import type {
  AdapterName,
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorHappening,
  DeviceKey,
  EdgeEffect,
  EdgeEvent,
  EdgeHappening,
  Effect,
  FederationConfig,
  FederationState,
} from '../federation/types'
import { clusterOfEach } from '../federation/view'
import type { Cancel } from '../network/time/clock'
import { acting, mergeMs } from './acting'
import { fleetOf } from './fleet'
import type { LogEntry, Scene } from './scene'
import { frameBytes } from './simulation/traffic'
import { coordinatorKey, tokensPerStep } from './simulation/world'

export interface Coordinated {
  readonly state: FederationState
  readonly log: readonly LogEntry[]
  happen(event: CoordinatorHappening): void
  /** Which adapter each device works with. */
  holdings(): readonly { readonly name: AdapterName; readonly devices: readonly DeviceKey[] }[]
}

export function coordinate(config: FederationConfig, scene: Scene, edges: readonly DeviceKey[]): Coordinated {
  const { world, clock, depot, trainer, onRound, onMerge } = scene
  const { log, hear, deliver, merge } = acting(scene)
  let state = initialState(config)
  const issuerOf = new Map<DeviceKey, DeviceKey>()
  const edgeStates = new Map<DeviceKey, EdgeState>()
  const timers = new Map<string, Set<Cancel>>()

  const fleet = fleetOf({
    ...{ world, clock, trainer, depot, localSteps: config.localSteps, batch: config.allocation?.batch },
    done(device, issuer, { round, version }, bytes) {
      const examples = trainer.examplesOf(world.indexOf(device))
      deliver(device, issuer, 'update', bytes, () => {
        const event = { type: 'update-arrived', device, round, version, examples } as const
        if (issuer === coordinatorKey) happen(event)
        else if (edgeStates.has(issuer)) happenAt(issuer, event)
      })
    },
  })

  function happen(event: CoordinatorHappening): void {
    const before = state.completedRounds
    const [next, effects] = hear(coordinatorKey, event, (stamped: CoordinatorEvent) => step(state, stamped))
    state = next
    for (const effect of effects) perform(effect)
    if (state.completedRounds > before) onRound(state)
  }

  function happenAt(edge: DeviceKey, event: EdgeHappening): void {
    const [next, effects] = hear(edge, event, (stamped: EdgeEvent) =>
      stepEdge(edgeStates.get(edge) ?? initialEdge(edge), stamped),
    )
    edgeStates.set(edge, next)
    for (const effect of effects) performAt(edge, effect)
  }

  function announce(from: string, to: DeviceKey, { adapter, version }: AdapterName): void {
    const name = { adapter, version }
    deliver(from, to, 'adapter', depot.bytesDown(name, fleet.holds(to)), () => {
      if (!fleet.isHere(to)) return
      fleet.receiveAdapter(to, name)
      const isEdge = name.adapter === globalAdapter && edgeStates.has(to)
      if (isEdge) happenAt(to, { type: 'adapter-arrived', ...name })
      if (from === coordinatorKey)
        deliver(to, from, 'answer', 0, () => happen({ type: 'loaded', device: to, ...name }))
    })
  }

  function order(from: string, { to, ...what }: Effect & { type: 'order' }): void {
    for (const device of to)
      deliver(from, device, 'order', frameBytes, () => fleet.receiveOrder(device, from, what))
  }

  function startTimer(node: string, { timer, afterMs }: Effect & { type: 'start-timer' }): void {
    const key = `${node} ${timer.adapter}`
    const booked = timers.get(key) ?? new Set<Cancel>()
    timers.set(key, booked)
    const cancel = clock.after(afterMs, () => {
      booked.delete(cancel)
      if (node === coordinatorKey) happen({ type: 'timer-fired', timer })
      else if (edgeStates.has(node)) happenAt(node, { type: 'timer-fired', timer })
    })
    booked.add(cancel)
  }

  function stopTimers(node: string, adapter: string | null): void {
    for (const [key, booked] of timers) {
      if (adapter === null ? !key.startsWith(`${node} `) : key !== `${node} ${adapter}`) continue
      for (const cancel of booked) cancel()
      booked.clear()
    }
  }

  function attach(device: DeviceKey, to: DeviceKey | null): void {
    const before = issuerOf.get(device)
    if (before !== undefined && before !== to && edgeStates.has(before))
      happenAt(before, { type: 'device-left', device })
    if (to === null) return void issuerOf.delete(device)
    issuerOf.set(device, to)
    if (!fleet.isHere(device)) return
    happenAt(to, { type: 'device-joined', device })
    const held = fleet.holds(device)
    if (held) happenAt(to, { type: 'loaded', device, ...held })
  }

  function perform(effect: CoordinatorEffect): void {
    switch (effect.type) {
      case 'announce':
        for (const to of effect.to) announce(coordinatorKey, to, effect)
        return
      case 'order':
        return order(coordinatorKey, effect)
      case 'merge':
        return merge(effect, happen, (terms) => onMerge(effect.round, terms))
      case 'combine':
        return depot.combine(effect)
      case 'compare': {
        const { round } = effect
        return void clock.after(mergeMs, () => happen({ type: 'compared', round, ...depot.compare(effect) }))
      }
      case 'try':
        return tryAdapters(effect)
      case 'order-edge':
        return deliver(coordinatorKey, effect.to, 'order', frameBytes, () =>
          happenAt(effect.to, { type: 'edge-ordered', ...effect.order }),
        )
      case 'edge-devices': {
        const { to, round, devices } = effect
        return deliver(coordinatorKey, to, 'order', frameBytes, () =>
          happenAt(to, { type: 'edge-devices', round, devices }),
        )
      }
      case 'attach':
        return attach(effect.device, effect.to)
      case 'start-timer':
        return startTimer(coordinatorKey, effect)
      case 'stop-timers':
        return stopTimers(coordinatorKey, effect.adapter)
      default:
        return
    }
  }

  function performAt(edge: DeviceKey, effect: EdgeEffect): void {
    switch (effect.type) {
      case 'announce':
        for (const to of effect.to) announce(edge, to, effect)
        return
      case 'order':
        return order(edge, effect)
      case 'merge':
        return merge(effect, (event) => happenAt(edge, event))
      case 'forward': {
        const { adapter, version, round, startedFrom, examples } = effect
        const from = { adapter: globalAdapter, version: startedFrom }
        const bytes = examples > 0 ? depot.takeForward(edge, round, from, { adapter, version }) : 0
        return deliver(edge, coordinatorKey, 'update', bytes, () =>
          happen({ type: 'update-arrived', device: edge, round, version: startedFrom, examples }),
        )
      }
      case 'start-timer':
        return startTimer(edge, effect)
      case 'stop-timers':
        return stopTimers(edge, effect.adapter)
      default:
        return
    }
  }

  function tryAdapters({ to, adapters, round }: Effect & { type: 'try' }): void {
    for (const device of to) {
      const bytes = adapters.reduce((sum, name) => sum + depot.bytesDown(name, null), 0)
      const index = world.indexOf(device)
      deliver(coordinatorKey, device, 'adapter', bytes, () => {
        const losses = adapters.map((name) => trainer.fit(index, depot.heldBy(device, name)))
        clock.after(world.stepMs(device, config.localSteps) * adapters.length, () => {
          void clock.holds(Promise.all(losses)).then((known) => {
            const named = Object.fromEntries(adapters.map(({ adapter }, at) => [adapter, known[at]]))
            deliver(device, coordinatorKey, 'answer', frameBytes, () =>
              happen({ type: 'tried', device, round, losses: named }),
            )
          })
        })
      })
    }
  }

  function comesAndGoes(device: DeviceKey, turn: number): void {
    const stay = world.stayMs(device, turn)
    if (!Number.isFinite(stay)) return
    clock.after(stay, () => {
      const edge = issuerOf.get(device)
      if (turn % 2 === 0) {
        fleet.leave(device)
        if (edge !== undefined && edge !== device && edgeStates.has(edge))
          happenAt(edge, { type: 'device-left', device })
        edgeStates.delete(device)
        happen({ type: 'device-left', device })
      } else {
        fleet.comeBack(device)
        issuerOf.delete(device)
        join(device)
      }
      comesAndGoes(device, turn + 1)
    })
  }

  function join(device: DeviceKey): void {
    const roundTripTo = (edge: DeviceKey) => world.link(device, edge).roundTripMs
    happen({ type: 'device-joined', device })
    if (edges.includes(device)) happen({ type: 'edge-appointed', device, isEdge: true })
    happen({
      type: 'measured',
      device,
      capability: {
        tokensPerSecond: (1000 * tokensPerStep) / world.stepMs(device, config.localSteps),
        roundTripMs: world.link(device, coordinatorKey).roundTripMs,
        edgeRoundTripsMs: Object.fromEntries(edges.map((edge) => [edge, roundTripTo(edge)])),
      },
    })
    happen({ type: 'text-held', device, examples: trainer.examplesOf(world.indexOf(device)) })
  }

  for (const device of world.keys) {
    join(device)
    comesAndGoes(device, 0)
  }

  return {
    get state() {
      return state
    },
    log,
    happen,
    holdings() {
      const { adapters } = state
      const clusterOf = clusterOfEach(state)
      const named = new Map<string, DeviceKey[]>()
      for (const device of world.keys) {
        const adapter = clusterOf.get(device) ?? globalAdapter
        named.set(adapter, [...(named.get(adapter) ?? []), device])
      }
      return [...named].map(([adapter, devices]) => ({
        name: { adapter, version: adapters[adapter] ?? 0 },
        devices,
      }))
    },
  }
}
