/**
 * What coordinator and device have in common: the state they show, the engine they compute with, and the words in which
 * they report trouble.
 */

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Example } from '../../corpora/example'
import type { Role } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { adapterConfigOf } from '../../settings/derived/adapter'
import type { Settings } from '../../settings/table'
import type { Compute, LoadProgress, OpenedModel } from '../../training/compute'
import { nothingAsked } from '../reasoning/view/view'
import type { DeviceView, NodeState, Problem } from '../state'

export interface Tab {
  readonly store: StoreApi<NodeState>
  readonly selfKey: string
  readonly clock: Clock
  set(change: Partial<NodeState>): void
  /** Changes a device's view; one that is not there yet is made from `blankDevice`. */
  setDevice(key: string, change: Partial<DeviceView>): void
  /** Changes many at once; null leaves a view as it is. */
  changeDevices(changeOf: (device: DeviceView) => Partial<DeviceView> | null): void
  problem(code: string, message: string): void
  /** Takes back a problem that no longer stands. */
  solved(code: string): void
  /** This tab cannot take part, and why. */
  fail(code: string, message: string): void
}

const changes = (device: DeviceView, change: Partial<DeviceView>): boolean =>
  Object.entries(change).some(([name, value]) => !Object.is(device[name as keyof DeviceView], value))

/** The room's model cannot be loaded here, or what was loaded is another one. */
export class ModelUnavailable extends Error {
  override name = 'ModelUnavailable'
}

export const blankDevice = (key: string, role: Role, name: string): DeviceView => ({
  key,
  peer: '',
  index: -1,
  name,
  role,
  isSelf: false,
  activity: 'joining',
  transport: null,
  backend: null,
  step: 0,
  steps: 0,
  trainLoss: null,
  tokensPerSecond: null,
  roundTripMs: null,
  bytesSent: 0,
  bytesReceived: 0,
  examples: 0,
  refused: null,
  corpus: null,
  cluster: null,
  volunteers: false,
  isEdge: false,
  edge: null,
  assigned: null,
})

export function makeTab(settings: Settings, selfKey: string, name: string, clock: Clock): Tab {
  const role: Role = settings.role ?? 'device'
  const self: DeviceView = { ...blankDevice(selfKey, role, name), isSelf: true }
  const store = createStore<NodeState>(() => ({
    settings,
    phase: { kind: 'starting', stage: 'connecting', done: 0, total: 0 },
    role,
    selfKey,
    room: settings.room ?? '',
    invite: null,
    edgeInvite: null,
    transport: null,
    backend: null,
    model: { name: settings.model, hash: null, parameters: 0 },
    text: { title: null, examples: 0, keptBack: 0, tokens: 0, sample: [], prompt: null },
    devices: [self],
    knocks: [],
    admitAll: settings.admitAll,
    door: { isLocked: false, shutOut: [] },
    succession: { term: 0, heirs: [], isElecting: false },
    phrases: {},
    transfers: [],
    round: {
      number: 0,
      of: settings.rounds,
      stage: null,
      cohort: 0,
      arrived: 0,
      startedAtMs: 0,
      deadlineAtMs: null,
    },
    web: null,
    startedAtMs: null,
    version: 0,
    adapterHash: null,
    history: [],
    lossPoints: {},
    baseLoss: null,
    baseRecall: null,
    suggestedPrompts: [],
    bytes: { sent: 0, received: 0, byKind: {} },
    departed: {},
    tokensPerSecond: null,
    accounts: {},
    audit: null,
    problems: [],
    reasoning: nothingAsked,
    proof: null,
    forgetting: null,
    certificates: [],
  }))
  const { getState } = store
  /** A whole new state: to merge is zustand's business too, but field by field, which a thousand tabs in one process feel. */
  const setState = (change: Partial<NodeState>) => store.setState({ ...getState(), ...change }, true)
  const problem: Tab['problem'] = (code, message) => {
    const newest: Problem = { code, message, atMs: clock.now() }
    const others = getState().problems.filter((other) => other.code !== code || other.message !== message)
    setState({ problems: [...others, newest].slice(-20) })
  }
  return {
    store,
    selfKey,
    clock,
    problem,
    set: (change) => setState(change),
    setDevice(key, change) {
      const { devices } = getState()
      const place = devices.findIndex((device) => device.key === key)
      if (place < 0)
        return setState({ devices: [...devices, { ...blankDevice(key, 'device', 'a device'), ...change }] })
      if (changes(devices[place], change))
        setState({ devices: devices.with(place, { ...devices[place], ...change }) })
    },
    changeDevices(changeOf) {
      const { devices } = getState()
      const changed = devices.map((device) => {
        const change = changeOf(device)
        return change ? { ...device, ...change } : device
      })
      if (changed.some((device, place) => device !== devices[place])) setState({ devices: changed })
    },
    solved: (code) => setState({ problems: getState().problems.filter((other) => other.code !== code) }),
    fail(code, message) {
      problem(code, message)
      setState({ phase: { kind: 'failed' } })
    },
  }
}

/** A running engine, or its replacement after settings changed that it is built from. */
export interface Engine {
  readonly compute: Compute
  readonly opened: OpenedModel
  close(): void
}

export type OpenCompute = () => { compute: Compute; close(): void }

const shownStages = {
  downloading: 'downloading-model',
  waiting: 'waiting-for-tab',
  reading: 'reading-model',
  tokenising: 'reading-text',
  compiling: 'compiling',
} as const

/** Shows how far loading is, as long as the tab is still starting, and what was done in another way than usual. */
export const showLoading =
  (tab: Tab) =>
  (progress: LoadProgress): void => {
    if (progress.stage === 'otherwise') return tab.problem('loaded-otherwise', progress.why)
    if (tab.store.getState().phase.kind !== 'starting') return
    const { stage, done, total } = progress
    tab.set({ phase: { kind: 'starting', stage: shownStages[stage], done, total } })
  }

/**
 * How many layers a tab may hold that trains nothing; undefined: all. Whoever coordinates or gossips needs all; and where a room
 * trains only so many first layers, whoever may hold those holds all that there is.
 */
export const mostLayersOf = ({ role, scheme, layers, depth }: Settings): number | undefined =>
  role === 'device' && scheme !== 'gossip' && layers !== null && (depth === null || layers < depth)
    ? layers
    : undefined

/**
 * Loads the room's model into a fresh worker and shows its progress. Throws a `ModelUnavailable`.
 * @param first of what this tab will train on, as many as one step reads: a GPU compiles for them while the weights arrive
 */
export async function openEngine(
  tab: Tab,
  openCompute: OpenCompute,
  settings: Settings,
  first: readonly Example[] = [],
): Promise<Engine> {
  tab.solved('loaded-otherwise')
  const { compute, close } = openCompute()
  const onProgress = showLoading(tab)
  try {
    const { model, depth, backend, precision, batch, seed } = settings
    const adapter = adapterConfigOf(settings)
    const how = { depth, backend, precision, mostLayers: mostLayersOf(settings) }
    const request = { model, ...how, batch, examples: first, seed, adapter }
    const opened = await compute.open(request, onProgress)
    tab.set({
      backend: { name: opened.backend, device: opened.device, speaksOn: opened.speaksOn },
      model: { name: settings.model, hash: opened.modelHash, parameters: opened.parameters },
    })
    tab.setDevice(tab.selfKey, { backend: opened.backend })
    return { compute, opened, close }
  } catch (error) {
    close()
    throw new ModelUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
