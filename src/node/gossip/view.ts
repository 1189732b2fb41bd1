/** What a gossiping tab shows of the room: everybody it has heard of, the web between them, and where it stands itself. */
import { spectralGap } from '../../federation/analysis/topology'
import { present } from '../../federation/members'
import { neighboursIn } from '../../federation/schemes/gossip/neighbours'
import type { PeerState } from '../../federation/types'
import type { Network } from '../../network/network'
import { suggestedPrompts } from '../local/shares'
import type { WebView } from '../roundRecord'
import type { DeviceView, RoundView } from '../state'
import { distinctName } from '../tab/names'
import { phaseOf } from '../tab/phase'
import type { Tab } from '../tab/tab'
import type { Entry } from '../wire/neighbourMessages'
import type { Membership } from './membership/membership'
import { webOf } from './membership/roster'

export interface OwnStanding {
  readonly version: number
  readonly hash: string
  readonly consensus: readonly number[]
}

export function showPeer(
  tab: Tab,
  network: Network,
  membership: Membership,
  state: PeerState,
  { version, hash, consensus }: OwnStanding,
): void {
  // All tabs number those of the same name alike: by their places.
  const names = new Set<string>()
  const views = new Map<string, Partial<DeviceView>>()
  for (const entry of [...membership.roster().values()].toSorted((a, b) => seatOf(a) - seatOf(b))) {
    const name = distinctName(entry.name, names)
    names.add(name)
    views.set(entry.key, viewOf(entry, name, entry.key === tab.selfKey, network))
  }
  tab.changeDevices((device) => views.get(device.key) ?? null)
  const shown = new Set(tab.store.getState().devices.map(({ key }) => key))
  for (const [key, view] of views) if (!shown.has(key)) tab.setDevice(key, view)
  const { settings, devices } = tab.store.getState()
  tab.set({
    version,
    adapterHash: hash,
    phase: phaseOf(state),
    round: roundOf(state),
    web: webView(state, consensus),
    suggestedPrompts: suggestedPrompts(settings, devices),
  })
}

function viewOf(entry: Entry, name: string, isSelf: boolean, network: Network): Partial<DeviceView> {
  const { peer, index, examples, corpus, backend } = entry
  const known = { index: index ?? -1, name, examples, corpus }
  if (isSelf) return known
  const { activity, step, steps, trainLoss, tokensPerSecond } = entry
  const link = network.peers.get(peer)
  return {
    ...known,
    peer,
    backend,
    role: 'device',
    step,
    steps,
    trainLoss,
    tokensPerSecond,
    activity: !entry.isPresent ? 'gone' : link?.liveness === 'suspect' ? 'suspect' : activity,
    transport: link?.transport ?? null,
    roundTripMs: link?.roundTripMs ?? null,
  }
}

const seatOf = ({ index }: { readonly index: number | null }): number => index ?? Number.MAX_SAFE_INTEGER

function webView({ members, config }: PeerState, consensus: readonly number[]): WebView {
  const web = [...webOf(present(members), config.gossip, config.seed)]
  const placeOf = new Map(web.map(([key], place) => [key, place]))
  return {
    edges: web.flatMap(([key, others]) => others.filter((other) => key < other).map((other) => [key, other])),
    spectralGap:
      web.length > 1 ? spectralGap(web.map(([, others]) => others.map((key) => placeOf.get(key)!))) : null,
    consensus,
  }
}

/** Where this tab stands in its own round. Nobody closes it but the tab itself. */
function roundOf(state: PeerState): RoundView {
  const { progress, config, completedRounds } = state
  const stages = { idle: null, training: 'training', merging: 'merging', listening: 'loading' } as const
  const neighbours = neighboursIn(state)
  return {
    number: Math.max(progress.round, completedRounds),
    of: config.rounds,
    stage: stages[progress.phase],
    cohort: neighbours.length,
    arrived: progress.heard.filter(({ device, isHere }) => isHere && neighbours.includes(device)).length,
    startedAtMs: 0,
    deadlineAtMs: null,
  }
}
