/**
 * A meeting under way: what is heard while devices train to be compared (a survey) or try adapters (a trial), and what the
 * answers come to. When clusters meet, and what a division does to their adapters, is meeting.ts.
 */
import { landmarksOf, type Regrouped, regroupByLoss } from '../../clustering/regroup'
import type { StopTimersEffect } from '../../effects'
import type { ClusteringEvent, SchemeEvent } from '../../events'
import { globalAdapter } from '../../names'
import { hear } from '../../rounds/cycle'
import { leastTogether } from '../../secure/graph'
import { dividedInto } from './meeting'
import type { ClusteredProgress, ClusteredState, ClusteredStep, Trial } from './state'

export function atMeeting(state: ClusteredState, event: SchemeEvent): ClusteredStep {
  const { progress } = state
  const { meeting } = progress
  if (meeting?.kind === 'trial' && event.type === 'device-left')
    return closeTrial(state, { ...meeting, awaited: meeting.awaited.filter((key) => key !== event.device) })
  if (meeting?.kind === 'trial' && event.type === 'timer-fired' && event.timer.round === meeting.round)
    return closeTrial(state, { ...meeting, awaited: [] })
  if (meeting?.kind !== 'survey') return [state, []]
  const { cycle, verdict, effects } = hear(meeting.cycle, event)
  const stop: StopTimersEffect = { type: 'stop-timers', adapter: globalAdapter }
  if (verdict.kind === 'void')
    return [withProgress(state, { ...progress, meeting: null }), [...effects, stop]]
  if (verdict.kind !== 'gathered' || cycle.stage.kind !== 'training')
    return [withProgress(state, { ...progress, meeting: { kind: 'survey', cycle } }), effects]
  const came = new Set(cycle.stage.arrived.map(({ device }) => device))
  const devices = state.members.map(({ key }) => key).filter((key) => came.has(key))
  const { round } = cycle.stage
  const landmarks = landmarksOf(devices, state.config.seed, round)
  return [
    withProgress(state, { ...progress, meeting: { kind: 'comparing', round } }),
    [...effects, stop, { type: 'compare', round, devices, landmarks }],
  ]
}

export function tried(state: ClusteredState, event: ClusteringEvent & { type: 'tried' }): ClusteredStep {
  const { meeting } = state.progress
  const { device, losses, round } = event
  if (meeting?.kind !== 'trial' || meeting.round !== round || !meeting.awaited.includes(device))
    return [state, []]
  return closeTrial(state, {
    ...meeting,
    awaited: meeting.awaited.filter((key) => key !== device),
    losses: { ...meeting.losses, [device]: losses },
  })
}

function closeTrial(state: ClusteredState, meeting: Trial): ClusteredStep {
  const { progress } = state
  if (meeting.awaited.length > 0) return [withProgress(state, { ...progress, meeting }), []]
  const assignment = regroupByLoss(
    meeting.losses,
    progress.assignment,
    state.config.secure ? leastTogether : undefined,
  )
  const { silhouette, named } = progress
  const [next, effects] = regrouped(state, { assignment, silhouette, named })
  return [next, [{ type: 'stop-timers', adapter: globalAdapter }, ...effects]]
}

export function regrouped(state: ClusteredState, result: Regrouped): ClusteredStep {
  const keepsEmpty = state.config.clustered.by === 'loss'
  const [next, progress, effects] = dividedInto(state, state.progress, result, keepsEmpty)
  return [withProgress(next, progress), effects]
}

export const withProgress = (state: ClusteredState, progress: ClusteredProgress): ClusteredState => ({
  ...state,
  progress,
})
