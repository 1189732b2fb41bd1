/**
 * The synchronous scheme (federated averaging, McMahan et al., arXiv 1602.05629): in each round a cohort of the able
 * devices gets the newest adapter, trains it for a number of local steps and sends back the difference; the differences
 * are averaged, weighted by examples, into the next version, which everybody loads before the next round begins. With
 * `proximal` above 0 local training is FedProx (Li et al., arXiv 1812.06127); what the server makes of the average (plain,
 * momentum, Adam) is aggregation's business.
 *
 * A late joiner gets the newest version at once and trains from the next round on. Rounds never overlap; three in a row
 * that come to nothing pause the federation and say why.
 */
import { able } from '../members'
import { globalAdapter } from '../names'
import { abandon, hear, load, open, resume } from '../rounds/cycle'
import { assignmentsFor, cohortOf, orders } from '../rounds/orders'
import { type Place, settle } from '../rounds/settle'
import { awaits, type Cycle, isMergeOf, newCycle, underWay } from '../rounds/stage'
import { securedBy } from '../rounds/together'
import { mayBegin, newest, withVersion } from '../run'
import type { Scheme, StateOf } from './scheme'

interface SynchronousProgress {
  readonly kind: 'synchronous'
  readonly cycle: Cycle
}

type State = StateOf<SynchronousProgress>

export const synchronous: Scheme<SynchronousProgress> = {
  name: 'synchronous',
  config: null,
  mergedBy: 'coordinator',
  comparesDevices: false,
  hasRounds: true,

  begin: ({ completedRounds }) => ({
    kind: 'synchronous',
    cycle: newCycle(globalAdapter, completedRounds),
  }),

  step(state, event) {
    const { cycle } = state.progress
    switch (event.type) {
      case 'coordinator-resumed':
        return settle(state, resume(cycle), place, event.atMs)
      case 'command':
        // A stop abandons the round under way; a pause lets it finish.
        return [event.command === 'stop' ? place.put(state, abandon(cycle)) : state, []]
      case 'device-joined':
        return [state, [{ type: 'announce', to: [event.device], ...newest(state, globalAdapter) }]]
      case 'merged': {
        if (!isMergeOf(cycle, event)) return [state, []]
        const turn = load(
          cycle,
          event.version,
          state.members.filter((member) => member.present),
        )
        return settle(withVersion(state, event), turn, place, event.atMs)
      }
      default:
        return settle(state, hear(cycle, event), place, event.atMs)
    }
  },

  proceed(state, atMs) {
    const { config, members, progress } = state
    const round = progress.cycle.completedRounds + 1
    const isFree = progress.cycle.stage.kind === 'between' && round <= config.rounds
    const devices = isFree && mayBegin(state) ? able(members) : []
    if (devices.length === 0) return [state, []]
    const from = newest(state, globalAdapter)
    const { localSteps: steps, proximal, waitsForAll } = config
    const asked = cohortOf(devices, config, round)
    const secure = config.secure ? securedBy(members, asked.cohort) : null
    const plan = { round, ...asked, from, deadlineMs: null, waitsForAll, secure }
    const turn = open(progress.cycle, plan, atMs)
    const order = { ...from, round, steps, proximal }
    const ordered = orders(members, asked.cohort, order, assignmentsFor(state, asked.cohort))
    return [place.put(state, turn.cycle), [...ordered, ...turn.effects]]
  },

  isIdle: ({ cycle }) => cycle.stage.kind === 'between',
  learned: (state) => [{ ...newest(state, globalAdapter), weight: 1 }],
  awaits: ({ progress }, device, round) => awaits(progress.cycle, device, round),
  cycles: ({ cycle }) => [cycle],
  worksTowards: (_, round) => round,
  roundUnderWay: ({ progress }) => underWay([progress.cycle]),
}

const place: Place<State> = {
  put: (state, cycle) => ({ ...state, progress: { kind: 'synchronous', cycle } }),
  completedRounds: ({ progress }) => progress.cycle.completedRounds,
}
