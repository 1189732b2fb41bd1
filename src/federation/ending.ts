/**
 * How a run ends before its rounds are done: by hand, or because nobody may learn more from what it holds (privacy/budget.ts). Whoever has
 * not got the newest version by then would get it by no order any more.
 */
import { type Control, isRunning } from './control'
import type { AnnounceEffect } from './effects'
import { present } from './members'
import { type AdapterName, globalAdapter } from './names'
import { lacking } from './rounds/orders'
import type { Run } from './run'

/** Nobody who is here may learn more from what it holds, nothing is under way and nobody is waited for: the run is over. */
export function afterBudgets({ control, members, returning }: Run, isIdle: boolean): Control {
  const here = members.filter((member) => member.present)
  const isOver =
    isRunning(control) &&
    returning === null &&
    here.some(({ isSpent }) => isSpent) &&
    here.every(({ isSpent, examples }) => isSpent || examples === 0) &&
    isIdle
  return isOver ? { kind: 'finished', why: 'The privacy budget of every text here is spent.' } : control
}

/** What brings the newest version, where all share one, to those who lack it in a run that has just ended. */
export function lastVersion(
  before: Control,
  { control, completedRounds, config, members }: Run,
  [learned, ...others]: readonly AdapterName[],
): readonly AnnounceEffect[] {
  const isOver = control.kind === 'finished' && before.kind !== 'finished'
  const isShared = others.length === 0 && learned.adapter === globalAdapter
  return isOver && isShared && completedRounds < config.rounds
    ? lacking(members, present(members), learned)
    : []
}
