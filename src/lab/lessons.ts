/**
 * What each of the Lab's presets is to show: the arm that it is held against, the axis on which the difference can be seen, and
 * what the numbers come to. A verdict is computed from what was measured and may well say that the lesson does not hold.
 */
import type { SchemeName } from '../federation/config'
import type { LabPresetName } from './presets'

export type LabAxis = 'rounds' | 'seconds' | 'bytes'

export interface Lesson {
  readonly axis: LabAxis
  /** With what else the same world is run; null: it is held against the yardsticks, alone and centralised. */
  readonly beside: Beside | null
}

/** A control of the Lab, and its value as an address has it. */
export interface Beside {
  readonly control: 'scheme' | 'robust' | 'secure'
  readonly value: string
}

const scheme = (value: SchemeName): Beside => ({ control: 'scheme', value })

export const lessons: Readonly<Record<LabPresetName, Lesson>> = {
  iid: { axis: 'rounds', beside: null },
  'four-villages': { axis: 'rounds', beside: scheme('synchronous') },
  stragglers: { axis: 'seconds', beside: scheme('synchronous') },
  'edges-save-the-uplink': { axis: 'bytes', beside: scheme('synchronous') },
  'nobody-in-charge': { axis: 'seconds', beside: scheme('synchronous') },
  liars: { axis: 'rounds', beside: { control: 'robust', value: 'norm-bound' } },
  'only-sums': { axis: 'bytes', beside: { control: 'secure', value: '0' } },
}

/** One arm as it ended, means over its seeds. */
export interface Arm {
  /** Held-out, nats per token. */
  readonly loss: number
  readonly base: number
  readonly alone: number | null
  readonly centralised: number | null
  readonly wanBytes: number
  readonly clusters: { readonly count: number; readonly ari: number } | null
  /** Its course in virtual time. */
  readonly course: readonly { readonly seconds: number; readonly loss: number }[]
}

export type Verdict =
  /** `share`: of the way from alone (0) to all text in one place (1). */
  | {
      readonly kind: 'averaging'
      readonly loss: number
      readonly alone: number
      readonly centralised: number
      readonly share: number
    }
  | {
      readonly kind: 'clusters'
      readonly own: number
      readonly common: number
      readonly clusters: Arm['clusters']
    }
  /** When each had the loss that both have reached, in virtual seconds. */
  | {
      readonly kind: 'waiting'
      readonly loss: number
      readonly withoutWaiting: number
      readonly waiting: number
    }
  | {
      readonly kind: 'uplink'
      readonly bytes: number
      readonly flatBytes: number
      readonly loss: number
      readonly flatLoss: number
    }
  /** `share`: of the way from the base that a coordinator went in the same time. */
  | { readonly kind: 'leaderless'; readonly loss: number; readonly led: number; readonly share: number }
  | { readonly kind: 'doubt'; readonly loss: number; readonly trusting: number; readonly base: number }
  | {
      readonly kind: 'masks'
      readonly bytes: number
      readonly plainBytes: number
      readonly loss: number
      readonly plainLoss: number
    }

/** @returns null where an arm does not say enough */
export function verdictOf(question: LabPresetName, own: Arm, beside: Arm | null): Verdict | null {
  if (question === 'iid') {
    const { loss, alone, centralised } = own
    if (alone === null || centralised === null) return null
    return { kind: 'averaging', loss, alone, centralised, share: (alone - loss) / (alone - centralised) }
  }
  if (!beside) return null
  switch (question) {
    case 'four-villages':
      return { kind: 'clusters', own: own.loss, common: beside.loss, clusters: own.clusters }
    case 'stragglers':
      return waitingOf(own, beside)
    case 'edges-save-the-uplink':
      return {
        kind: 'uplink',
        bytes: own.wanBytes,
        flatBytes: beside.wanBytes,
        loss: own.loss,
        flatLoss: beside.loss,
      }
    case 'liars':
      return { kind: 'doubt', loss: own.loss, trusting: beside.loss, base: own.base }
    case 'only-sums':
      return {
        kind: 'masks',
        bytes: own.wanBytes,
        plainBytes: beside.wanBytes,
        loss: own.loss,
        plainLoss: beside.loss,
      }
    case 'nobody-in-charge':
      return {
        kind: 'leaderless',
        loss: own.loss,
        led: beside.loss,
        share: (own.base - own.loss) / (beside.base - beside.loss),
      }
  }
}

/** Compared at the lowest loss that both arms have been at: a later one only one of them knows. */
function waitingOf(own: Arm, beside: Arm): Verdict | null {
  const lowest = ({ course }: Arm) =>
    course.reduce((low, { loss }) => Math.min(low, loss), Number.POSITIVE_INFINITY)
  const loss = Math.max(lowest(own), lowest(beside))
  const [withoutWaiting, waiting] = [secondsUntil(own, loss), secondsUntil(beside, loss)]
  return withoutWaiting === null || waiting === null
    ? null
    : { kind: 'waiting', loss, withoutWaiting, waiting }
}

/** When a course is at a loss for the first time, on straight lines between what was measured; null: never. */
export function secondsUntil({ course }: Pick<Arm, 'course'>, loss: number): number | null {
  const at = course.findIndex((point) => point.loss <= loss)
  if (at <= 0) return course[at]?.seconds ?? null
  const [before, after] = [course[at - 1], course[at]]
  const share = (before.loss - loss) / (before.loss - after.loss)
  return before.seconds + share * (after.seconds - before.seconds)
}
