/**
 * How long a peer is borne with that sends too much or what cannot be read: it is named, held back, and in the end sent
 * away. One of these for each link.
 */
import { clause } from '../../lib/sentence'
import type { Frame } from '../letters/frames'
import type { Dismissal, NetworkProblem } from '../network'
import type { Clock } from '../time/clock'
import type { Lane } from '../transport/transport'
import { shutOutMs } from './limits'
import { throttle } from './throttle'

export interface PatiencePorts {
  readonly clock: Clock
  /** Who it is, for people. */
  name(): string
  pass(lane: Lane, frame: Frame): void
  problem(problem: NetworkProblem): void
  /** Enough. */
  dismiss(why: Dismissal): void
}

export interface Patience {
  /** A frame of a peer that has been let in. */
  take(lane: Lane, frame: Frame): void
  badFrame(reason: string): void
  close(): void
}

const badFrameLimit = 100
const mentioned: readonly number[] = [1, 10, badFrameLimit]

export function patience({ clock, name, pass, problem, dismiss }: PatiencePorts): Patience {
  let badFrames = 0
  let toldAtMs = Number.NEGATIVE_INFINITY
  const complain = (code: NetworkProblem['code'], message: string) =>
    problem({ code, message: `${name()} ${message}`, fatal: false })
  const budget = throttle({
    clock,
    pass,
    onHeld() {
      if (clock.now() - toldAtMs < shutOutMs) return
      toldAtMs = clock.now()
      complain('too-much', 'sends more than a room can take. What it says is held back.')
    },
    onExceeded() {
      complain('too-much', 'sends more than a room can take. It was shut out for a minute.')
      dismiss('too-much')
    },
  })
  return {
    take: budget.take,
    badFrame(reason) {
      badFrames++
      const often = badFrames === 1 ? 'for the first time' : `${badFrames} times by now`
      if (mentioned.includes(badFrames))
        complain('bad-frame', `sent what cannot be read (${clause(reason)}), ${often}. It was dropped.`)
      if (badFrames === badFrameLimit) dismiss('unreadable')
    },
    close: budget.close,
  }
}
