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
import { globalAdapter } from '../names'
import type { SynchronousProgress } from '../progress'
import { abandon, hear, load, newCycle, open } from '../rounds/cycle'
import { ableOf, assignmentsOf, cohortOf, mayBegin, orders, withVersion } from '../rounds/orders'
import { type Place, settle } from '../rounds/settle'
import type { FederationState, Scheme } from '../types'

export const synchronous: Scheme = {
  name: 'synchronous',
  begin: ({ completedRounds }) => ({
    kind: 'synchronous',
    cycle: newCycle(globalAdapter, completedRounds),
  }),

  step(state, event) {
    const { cycle } = progressOf(state)
    switch (event.type) {
      case 'coordinator-resumed':
        return [place.put(state, abandon(cycle)), []]
      case 'command':
        // A stop abandons the round under way; a pause lets it finish.
        return [event.command === 'stop' ? place.put(state, abandon(cycle)) : state, []]
      case 'device-joined':
        return [
          state,
          [{ type: 'announce', to: [event.device], adapter: globalAdapter, version: versionOf(state) }],
        ]
      case 'merged': {
        const isOurs = cycle.stage.kind === 'merging' && cycle.stage.round === event.round
        if (!isOurs || event.adapter !== globalAdapter) return [state, []]
        const turn = load(
          cycle,
          event.version,
          state.members.filter(({ present }) => present),
        )
        return settle(withVersion(state, globalAdapter, event.version), turn, place, event.atMs)
      }
      default:
        return settle(state, hear(cycle, event), place, event.atMs)
    }
  },

  proceed(state, atMs) {
    const { cycle } = progressOf(state)
    if (cycle.stage.kind !== 'between') return [state, []]
    const able = ableOf(state)
    const { localSteps, proximal, rounds, waitsForAll } = state.config
    const round = cycle.completedRounds + 1
    const mayOpen = mayBegin(state) && able.length > 0 && round <= rounds
    if (!mayOpen) return [state, []]
    const from = { adapter: globalAdapter, version: versionOf(state) }
    const asked = cohortOf(able, state.config, round)
    const turn = open(cycle, { round, ...asked, from, deadlineMs: null, waitsForAll }, atMs)
    const order = { ...from, round, steps: localSteps, proximal }
    const ordered = orders(state.members, asked.cohort, order, assignmentsOf(state, asked.cohort))
    return [place.put(state, turn.cycle), [...ordered, ...turn.effects]]
  },

  isIdle: (progress) => progress.kind === 'synchronous' && progress.cycle.stage.kind === 'between',
  learned: (state) => [{ adapter: globalAdapter, version: versionOf(state), weight: 1 }],
}

const place: Place = {
  put: (state, cycle) => ({ ...state, progress: { kind: 'synchronous', cycle } }),
  completedRounds: (state) => progressOf(state).cycle.completedRounds,
}

function progressOf({ progress }: FederationState): SynchronousProgress {
  if (progress.kind !== 'synchronous') throw new TypeError(`This is a ${progress.kind} federation.`)
  return progress
}

const versionOf = ({ adapters }: FederationState): number => adapters[globalAdapter] ?? 0
