/**
 * Waiting for those who were there. When a coordinator's tab is reloaded, or all links break at once, devices come back one
 * after the other; whoever is first must not train a round by itself while the others are still on their way. So no work
 * begins until everybody who was able to train before is able again, or has come back without being able, or the first
 * has waited long enough. Devices that leave one by one are no such case: a round goes on without them.
 */
import type { CoordinatorEffect } from './effects'
import type { SchemeEvent, Timer } from './events'
import { able, isAble, type Member } from './members'
import type { DeviceKey } from './names'
import type { Returning, Run } from './run'

/** How long the first device that is back waits for the others. */
export const returnMs = 8_000
/** Links that are cut together are noticed one by one, the last after the time for silence. */
const togetherMs = 30_000

/** Belongs to no adapter, so no round stops it. */
const timer: Timer = { name: 'return', adapter: 'room', round: 0 }

/** Who is waited for after an event that has turned `before` into `members`. */
export function stepReturning(before: Run, members: readonly Member[], event: SchemeEvent): Returning | null {
  const { returning, control } = before
  if (control.kind === 'lobby' || control.kind === 'finished') return null
  const devices = new Set([...(returning?.devices ?? []), ...missing(before.members, members, event)])
  // After every event: nearly always nobody is waited for.
  if (devices.size === 0) return null
  const away = new Set(members.filter((member) => isStillAway(member, event)).map(({ key }) => key))
  const left = [...devices].filter((device) => away.has(device))
  if (left.length === 0) return null
  // A timer of the life before rings no more.
  const agreed = event.type === 'coordinator-resumed' ? null : returning?.untilMs
  const untilMs = agreed ?? (members.some(isBack) ? event.atMs + returnMs : null)
  const isOver = event.type === 'timer-fired' && event.timer.name === timer.name && untilMs !== null
  return isOver && event.atMs >= untilMs ? null : { devices: left, untilMs }
}

/** The timer, where waiting has an end since this event, or all timers were stopped by it. */
export function returningEffects(
  before: Run,
  { returning }: Run,
  effects: readonly CoordinatorEffect[],
  atMs: number,
): CoordinatorEffect[] {
  if (returning?.untilMs == null) return []
  const isNew = before.returning?.untilMs !== returning.untilMs
  const wasStopped = effects.some((effect) => effect.type === 'stop-timers' && effect.adapter === null)
  return isNew || wasStopped ? [{ type: 'start-timer', timer, afterMs: returning.untilMs - atMs }] : []
}

/** Those whom this event has taken away together. */
function missing(
  before: readonly Member[],
  members: readonly Member[],
  event: SchemeEvent,
): readonly DeviceKey[] {
  if (event.type === 'coordinator-resumed') return before.filter(takesPart).map(({ key }) => key)
  if (event.type !== 'device-left' || able(before).length === 0 || able(members).length > 0) return []
  return members
    .filter((member) => takesPart({ ...member, present: true }))
    .filter(({ leftAtMs }) => leftAtMs !== null && event.atMs - leftAtMs <= togetherMs)
    .map(({ key }) => key)
}

/** Waits for the others: it can train, or could until its budget was spent. */
const isBack = (member: Member): boolean => isAble(member) || (member.present && member.isSpent)

/** Trains, or merges for those who do. */
const takesPart = (member: Member): boolean =>
  isAble(member) || (member.present && !member.paused && (member.isEdge || member.volunteers))

/** Back is who can train, and who has said that it cannot: it sleeps, holds no text that may be learned from any more, or wanted to be forgotten. */
function isStillAway(member: Member, event: SchemeEvent): boolean {
  const saysNothing =
    event.type === 'text-held' && event.device === member.key && (event.examples === 0 || event.isSpent)
  return !member.isForgotten && !takesPart(member) && !(member.present && (member.paused || saysNothing))
}
