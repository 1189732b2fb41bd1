/**
 * From a wish to be forgotten to its fulfilment, around whatever scheme runs. A wish stands at once: nothing new is ordered of
 * that device, an update of it that waits to be merged is not merged, and no further round begins. Once what was begun is
 * merged, so that nothing of the device is on its way any more, the run is replayed without it (replay.ts) where a ledger was
 * kept, and the scheme goes on from what came out; where none was, the device hears which version is the last with it. Wishes
 * that come together are fulfilled by one replay; one that comes in the middle of a replay waits for its end.
 */
import type { CoordinatorEffect } from '../effects'
import type { SchemeEvent } from '../events'
import { memberOf, notContributing, present } from '../members'
import { globalAdapter, initialAdapter } from '../names'
import type { Cycle } from '../rounds/stage'
import { newest, type Run, withVersion } from '../run'
import type { AnyScheme } from '../schemes/registry'
import type { Progress } from '../schemes/scheme'
import { emptyLedger, holds, type Ledger, withMerge } from './ledger'
import { beginReplay, beginSubtraction, isOver, type ReplayProgress } from './replay'
import { type LastMerge, lastMergeIn, subtraction } from './subtraction'
import type { Unlearned, Wish } from './wish'

export interface Remembering {
  /** Empty where nobody wants it kept. */
  readonly ledger: Ledger
  /** Null: the newest version was not made by a round of this tab's life, or other settings would make another one of it now. */
  readonly lastMerge: LastMerge | null
}

type State = Run & Remembering & { readonly progress: Progress }

export const nothingRemembered: Remembering = { ledger: emptyLedger, lastMerge: null }

export const isReplay = (progress: Progress): progress is ReplayProgress => progress.kind === 'replay'

/** Whether this wish was heard and is not fulfilled yet. */
export const isWished = ({ wishes, progress }: Pick<State, 'wishes' | 'progress'>, wish: Wish) =>
  [...wishes, ...(isReplay(progress) ? progress.wishes : [])].some(
    ({ device, of }) => device === wish.device && of === wish.of,
  )

/** What an event means to memory. `before`: as the scheme heard of it; a merge that it did not take is not remembered. */
export function remember<Own extends State>(
  before: Own,
  state: Own,
  event: SchemeEvent,
  scheme: Pick<AnyScheme, 'cycles'>,
): Own {
  switch (event.type) {
    case 'forget-asked': {
      const { device, of } = event
      if (!memberOf(state.members, device)) return state
      const others = state.wishes.filter((wish) => wish.device !== device || wish.of !== of)
      return { ...state, wishes: [...others, { device, of }] }
    }
    case 'merged': {
      const { adapter, round, contributions } = event
      const isTaken = newest(before, adapter).version < newest(state, adapter).version
      // A replay keeps its own.
      if (!state.config.ledger || !contributions || !isTaken || isReplay(state.progress)) return state
      const lastMerge = lastMergeIn(scheme.cycles(before.progress), event)
      return { ...state, lastMerge, ledger: withMerge(state.ledger, { round, contributions }) }
    }
    // Updates are in this tab's memory.
    case 'coordinator-resumed':
      return { ...state, lastMerge: null }
    default:
      return state
  }
}

/** A part of the past is lost: what is wished from now on stands for the future only. */
export const withBrokenLedger = ({ ledger, wishes, progress }: State): Remembering & Pick<Run, 'wishes'> => ({
  ledger: { ...ledger, rounds: [], isBroken: true },
  lastMerge: null,
  wishes: [...(isReplay(progress) ? progress.wishes : []), ...wishes],
})

interface Around<Own> {
  /** Nothing is being trained, merged or loaded that would be lost. */
  readonly isIdle: boolean
  readonly cycles: readonly Cycle[]
  /** The same with its scheme at its start. */
  readonly begun: (state: Own) => Own
}

/** Ends a replay that is over, and begins one where it is time. */
export function fulfil<Own extends State>(
  state: Own,
  around: Around<Own>,
  atMs: number,
): readonly [Own, readonly CoordinatorEffect[]] {
  const { progress, wishes, ledger, config, members } = state
  if (isReplay(progress)) {
    if (progress.exact === 'failed') return gone({ ...state, lastMerge: null }, progress.wishes, around, atMs)
    if (!isOver({ ...state, progress })) return [state, []]
    return further(ended(state, progress, around, atMs), around, atMs)
  }
  if (wishes.length === 0 || !around.isIdle) return [state, []]
  const before = newest(state, globalAdapter).version
  const done = (wish: Wish, unlearned: Unlearned): CoordinatorEffect => ({
    type: 'forgotten',
    wish,
    unlearned,
    before,
    version: before,
  })
  if (!config.ledger || ledger.isBroken)
    return [{ ...state, wishes: [] }, wishes.map((wish) => done(wish, { kind: 'not-kept' }))]
  const isIn = ({ device }: Wish) => holds(ledger, device, memberOf(members, device)?.contributed ?? true)
  const untold = wishes.filter((wish) => !isIn(wish)).map((wish) => done(wish, { kind: 'never-merged' }))
  const known = wishes.filter(isIn)
  if (known.length === 0) return [{ ...state, wishes: [] }, untold]
  const [next, effects] = gone({ ...state, wishes: [] }, known, around, atMs)
  return [next, [...untold, ...effects]]
}

/** Takes these out: exactly where that can be, else the run is gone through again. */
function gone<Own extends State>(
  state: Own,
  wishes: readonly Wish[],
  around: Around<Own>,
  atMs: number,
): readonly [Own, readonly CoordinatorEffect[]] {
  const { ledger, lastMerge } = state
  const before = newest(state, globalAdapter).version
  const roundTimesMs = around.cycles.flatMap((cycle) => cycle.roundTimesMs)
  const parts = { wishes, before, ledger: ledger.rounds, roundTimesMs, atMs }
  const exactly = ledger.every === 1 ? subtraction(lastMerge, ledger.rounds, wishes, before) : null
  if (exactly) return [{ ...state, progress: beginSubtraction(parts, exactly) }, [exactly.merge]]
  const first = { adapter: globalAdapter, version: before + 1 }
  const of = [{ adapter: initialAdapter, version: 0, weight: 1 }]
  const begun = withVersion({ ...state, progress: beginReplay(parts) }, first)
  return further([begun, [{ type: 'combine', ...first, of }]], around, atMs)
}

/** A replay of nothing is over at once, and after one the next wish may begin. */
function further<Own extends State>(
  [state, effects]: readonly [Own, readonly CoordinatorEffect[]],
  around: Around<Own>,
  atMs: number,
): readonly [Own, readonly CoordinatorEffect[]] {
  const [next, more] = fulfil(state, { ...around, isIdle: true }, atMs)
  return [next, [...effects, ...more]]
}

function ended<Own extends State>(
  state: Own,
  { wishes, done, steps, before, beganAtMs, exact }: ReplayProgress,
  { begun }: Around<Own>,
  atMs: number,
): readonly [Own, readonly CoordinatorEffect[]] {
  const { config, completedRounds, ledger } = state
  const name = newest(state, globalAdapter)
  // The computer's clock may be set back between two lives of the tab.
  const tookMs = Math.max(0, atMs - beganAtMs)
  const retrainingSteps = completedRounds * config.localSteps
  const unlearned: Unlearned =
    exact === 'no'
      ? { kind: 'replayed', rounds: done.length, steps, retrainingSteps, tookMs }
      : { kind: 'subtracted', tookMs }
  const out = wishes.filter(({ of }) => of === 'everything')
  const members = out.reduce((all, { device }) => notContributing(all, device), state.members)
  return [
    begun({ ...state, members, lastMerge: null, ledger: { ...ledger, rounds: done } }),
    [
      { type: 'announce', to: present(members), ...name },
      ...wishes.map(
        (wish): CoordinatorEffect => ({
          type: 'forgotten',
          wish,
          unlearned,
          before,
          version: name.version,
        }),
      ),
    ],
  ]
}
