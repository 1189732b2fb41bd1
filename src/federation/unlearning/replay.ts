/**
 * Unlearning by replay (after FedEraser, Liu et al., arXiv 2012.13891). The model goes back to where it was before anything was
 * learned, and every merge of the ledger is made again without those who are to be forgotten: whoever else took part trains a
 * fraction r of the usual E steps from the unlearned model, by the old weights, renormalised. So the price is about r / E of training
 * again. Whoever is away meanwhile, or has spent the privacy budget of its text, cannot be asked, and what it has taught goes, too.
 *
 * FedEraser trusts few steps with the direction only, and gives each new update Û the length of the old one, |U| Û / |Û|. Here steps are
 * longer the fewer they are, so that an update comes out about as long by itself, and longer where more is left to learn, which that
 * equation would cut off (measured: docs/federation.md). So the old length is a bound: nobody goes three times as far as it went then.
 *
 * It is a scheme as the others are, made of the same rounds, with two differences: nobody waits until all have loaded a
 * version that only lives until the next merge, and nobody is shown a round of the run. At the end some usual rounds follow, one
 * for every forty merges, of E steps. Then the run goes on.
 */
import { able, isAble } from '../members'
import { type DeviceKey, globalAdapter } from '../names'
import { abandon, giveUp, hear, merge, open, resume } from '../rounds/cycle'
import { type Assignments, assignmentsFor, orders } from '../rounds/orders'
import { awaits, type Cycle, isMergeOf, newCycle, underWay } from '../rounds/stage'
import type { Turn } from '../rounds/turn'
import { newest, withVersion } from '../run'
import type { Scheme, SchemeStep, StateOf } from '../schemes/scheme'
import { type Contribution, type LedgerRound, renormalised, roundsWithout } from './ledger'
import type { Subtraction } from './subtraction'
import type { Wish } from './wish'

/** E / r: with a quarter of the steps an update still says whereto. */
const quickerBy = 4
/** As far as is safe, and further: whoever orders steps stops it there (settings/derived/learningRate.ts). */
const firstStride = 10
/** Of so many merges one more is made freely; together the price stays below a third of training again. */
const mergesPerFreeOne = 40
/** An honest update of a replay is once to twice as long as its old one. */
const mostTimesOldLength = 3
const voidsUntilPassedOver = 3

interface Ahead extends LedgerRound {
  /** All steps, and as far as they lead. */
  readonly isFree: boolean
}

export interface ReplayProgress {
  readonly kind: 'replay'
  readonly wishes: readonly Wish[]
  /** Still to be made again, the one under way first. */
  readonly ahead: readonly Ahead[]
  /** Made again, as they were merged now: the ledger of the run as it has become. */
  readonly done: readonly LedgerRound[]
  readonly cycle: Cycle
  readonly beganAtMs: number
  /** Local steps of one device so far. */
  readonly steps: number
  /** The version that is to be forgotten. */
  readonly before: number
  /** Whether the last merge is made again instead of all (subtraction.ts); where that fails, all are. */
  readonly exact: 'no' | 'tried' | 'failed'
}

type State = StateOf<ReplayProgress>

export interface ReplayParts extends Pick<ReplayProgress, 'wishes' | 'before'> {
  readonly ledger: readonly LedgerRound[]
  /** For the deadline: how long rounds of this run have taken. */
  readonly roundTimesMs: readonly number[]
  readonly atMs: number
}

/** A device of which one text is forgotten takes part with what it still holds. */
export function beginReplay({ wishes, before, ledger, roundTimesMs, atMs }: ReplayParts): ReplayProgress {
  const gone = new Set(wishes.flatMap((wish) => (wish.of === 'everything' ? [wish.device] : [])))
  const again = roundsWithout(ledger, gone).map((round) => ({ ...round, isFree: false }))
  const free = Math.max(1, Math.floor(again.length / mergesPerFreeOne))
  const ahead = [...again, ...again.slice(-free).map((last) => ({ ...last, isFree: true }))]
  const cycle = { ...newCycle(globalAdapter), roundTimesMs }
  return { kind: 'replay', wishes, before, ahead, done: [], cycle, beganAtMs: atMs, steps: 0, exact: 'no' }
}

/** Of one merge, which is under way at once: its updates are here. */
export function beginSubtraction(parts: ReplayParts, { merge, rounds }: Subtraction): ReplayProgress {
  const { round, from, updates } = merge
  const again = { ...parts.ledger.at(-1)!, isFree: true }
  const contributors = updates.map(({ device }) => device)
  const stage = { kind: 'merging', round, openedAtMs: parts.atMs, from, claims: [], contributors } as const
  const begun = beginReplay(parts)
  return { ...begun, ahead: [again], done: rounds, cycle: { ...begun.cycle, stage }, exact: 'tried' }
}

export const replay: Omit<Scheme<ReplayProgress>, 'config'> = {
  name: 'replay',
  mergedBy: 'coordinator',
  comparesDevices: false,
  hasRounds: true,

  begin: () => {
    throw new RangeError('A replay begins where somebody is to be forgotten.')
  },

  step(state, event) {
    const { cycle } = state.progress
    switch (event.type) {
      case 'coordinator-resumed':
        return state.progress.exact === 'tried' ? failed(state) : follow(state, resume(cycle))
      case 'command':
        // A stop ends all timers, so what is under way begins anew; a run that is over may still be unlearned from.
        if (event.command !== 'stop') return [state, []]
        return state.progress.exact === 'tried' ? failed(state) : [place(state, abandon(cycle)), []]
      case 'merge-failed':
        return state.progress.exact === 'tried' ? failed(state) : follow(state, hear(cycle, event))
      case 'device-joined':
        return [state, [{ type: 'announce', to: [event.device], ...newest(state, globalAdapter) }]]
      case 'merged':
        return isMergeOf(cycle, event)
          ? [withVersion(merged(state, event.contributions ?? []), event), []]
          : [state, []]
      default:
        return follow(state, hear(cycle, event))
    }
  },

  proceed(state, atMs) {
    const { config, members, progress } = state
    const [next, ...later] = progress.ahead
    if (progress.exact !== 'no' || !next || progress.cycle.stage.kind !== 'between' || state.returning)
      return [state, []]
    const cohort = able(members).filter((key) => next.contributions.some(({ device }) => device === key))
    if (cohort.length === 0) {
      // Of those who took part then nobody is here. Where others are, the run goes on without that merge.
      const isPassedOver = members.some((member) => isAble(member) && tookPart(progress.ahead, member.key))
      const passed = { ...state, progress: { ...progress, ahead: later } }
      return isPassedOver ? replay.proceed(passed, atMs) : [state, []]
    }
    const from = newest(state, globalAdapter)
    const { round } = next
    const plan = {
      round,
      cohort,
      wanted: cohort.length,
      from,
      deadlineMs: null,
      waitsForAll: config.waitsForAll,
    }
    const turn = open(progress.cycle, plan, atMs)
    const { proximal } = config
    const order = {
      ...from,
      round,
      steps: stepsOf(next, config.localSteps),
      proximal,
      ...(!next.isFree && { stride: strideOf(progress) }),
    }
    const ordered = orders(members, cohort, order, given(next, assignmentsFor(state, cohort)))
    return [place(state, turn.cycle), [...ordered, ...turn.effects]]
  },

  isIdle: () => false,
  learned: (state) => [{ ...newest(state, globalAdapter), weight: 1 }],
  awaits: ({ progress }, device, round) => awaits(progress.cycle, device, round),
  cycles: ({ cycle }) => [cycle],
  worksTowards: () => null,
  roundUnderWay: ({ progress }) => underWay([progress.cycle]),
}

/** Everything is made again, as far as those who are left can: who wants to be forgotten too, or has spent its budget, never will. */
export const isOver = ({ members, progress: { ahead, cycle } }: State): boolean =>
  cycle.stage.kind === 'between' &&
  !members.some((member) => !member.isForgotten && !member.isSpent && tookPart(ahead, member.key))

/**
 * Fewer steps must each go further to see as much of the way, and late in a run large ones only wander about: from the first merge
 * to the last they fall along a cosine to the usual length (Loshchilov and Hutter, arXiv 1608.03983).
 */
function strideOf({ ahead, done }: ReplayProgress): number {
  const left = ahead.filter(({ isFree }) => !isFree).length
  const share = done.length / (done.length + left)
  return 1 + (firstStride - 1) * 0.5 * (1 + Math.cos(Math.PI * share))
}

const stepsOf = ({ isFree }: Ahead, usual: number): number =>
  isFree ? usual : Math.max(1, Math.round(usual / quickerBy))

/** What each device is given, of the steps its share. */
const given = (ahead: Ahead, assigned: Assignments | null): Assignments | null =>
  assigned &&
  Object.fromEntries(
    Object.entries(assigned).map(([device, own]) => [device, { ...own, steps: stepsOf(ahead, own.steps) }]),
  )

/** Updates that it needs are gone: whoever wants to be forgotten is taken out otherwise. */
const failed = ({ progress, ...run }: State): SchemeStep<ReplayProgress> => [
  { ...run, progress: { ...progress, cycle: abandon(progress.cycle), exact: 'failed' } },
  [],
]

const tookPart = (rounds: readonly LedgerRound[], key: DeviceKey): boolean =>
  rounds.some(({ contributions }) => contributions.some(({ device }) => device === key))

const place = (state: State, cycle: Cycle): State => ({ ...state, progress: { ...state.progress, cycle } })

/** What follows from an event to the round under way. */
function follow(state: State, turn: Turn): SchemeStep<ReplayProgress> {
  const next = place(state, turn.cycle)
  switch (turn.verdict.kind) {
    case 'goes-on':
    case 'loaded':
      return [next, turn.effects]
    case 'gathered': {
      const { cycle, effects } = merge(turn.cycle, state.members, newest(state, globalAdapter).version + 1)
      const bounded = effects.map((effect) =>
        effect.type === 'merge' ? { ...effect, ...asThen(state.progress.ahead[0], effect.updates) } : effect,
      )
      return [place(state, cycle), [...turn.effects, ...bounded]]
    }
    case 'void': {
      const { cycle, effects } = giveUp(turn.cycle, turn.verdict.why)
      const isPassedOver = cycle.voidsInARow >= voidsUntilPassedOver
      const tried = place(state, isPassedOver ? { ...cycle, voidsInARow: 0 } : cycle)
      const { progress } = tried
      const ahead = isPassedOver ? progress.ahead.slice(1) : progress.ahead
      return [{ ...tried, progress: { ...progress, ahead } }, [...turn.effects, ...effects]]
    }
  }
}

const longestOf = ({ device, length }: Contribution) => [device, mostTimesOldLength * length] as const

/** The old weights of those who have answered, and how far their updates may go. */
function asThen(
  { contributions, isFree }: Ahead,
  updates: readonly { readonly device: DeviceKey; readonly round: number }[],
) {
  const answered = new Map(updates.map((update) => [update.device, update]))
  const counted = renormalised(contributions.filter(({ device }) => answered.has(device)))
  const weights = new Map(counted.map(({ device, weight }) => [device, weight]))
  return {
    updates: updates.map((update) => ({ ...update, weight: weights.get(update.device)! })),
    ...(!isFree && { longest: Object.fromEntries(counted.map(longestOf)) }),
  }
}

function merged(state: State, contributions: readonly Contribution[]): State {
  const { progress } = state
  const [now, ...ahead] = progress.ahead
  return {
    ...state,
    progress: {
      ...progress,
      ahead,
      done: [...progress.done, { round: now.round, contributions }],
      cycle: { ...abandon(progress.cycle), voidsInARow: 0 },
      steps: progress.steps + stepsOf(now, state.config.localSteps),
    },
  }
}
