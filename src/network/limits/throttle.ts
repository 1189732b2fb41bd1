/**
 * The budget of one link, spent before anything is parsed. A frame for which there are tokens passes at once; one for which
 * there are none waits in its lane, in order, until there are: nothing that an honest peer sends is lost. Whoever fills
 * even the waiting room has exceeded its budget. Heartbeats do not wait: too many are dropped.
 */

import { type Bucket, bucket } from '../../lib/bucket'
import { type Frame, frameType } from '../letters/frames'
import type { Cancel, Clock } from '../time/clock'
import { type Lane, lanes } from '../transport/transport'
import {
  bulkRate,
  heartbeatRate,
  heldBytes,
  heldFrames,
  leastFrameBytes,
  letterRate,
  textRate,
  whisperRate,
} from './limits'

export interface ThrottlePorts {
  readonly clock: Clock
  pass(lane: Lane, frame: Frame): void
  /** It sends faster than it may: what it says waits. Told when that begins. */
  onHeld(): void
  /** It goes on all the same. Nothing passes any more. */
  onExceeded(): void
}

export interface Throttle {
  take(lane: Lane, frame: Frame): void
  close(): void
}

interface Cost {
  readonly of: Bucket
  readonly tokens: number
}

export function throttle({ clock, pass, onHeld, onExceeded }: ThrottlePorts): Throttle {
  const startedAtMs = clock.now()
  const letters = bucket(letterRate, startedAtMs)
  const whispers = bucket(whisperRate, startedAtMs)
  const text = bucket(textRate, startedAtMs)
  const bulk = bucket(bulkRate, startedAtMs)
  const heartbeats = bucket(heartbeatRate, startedAtMs)
  const waiting: Record<Lane, Frame[]> = { control: [], bulk: [] }
  const waitingBytes: Record<Lane, number> = { control: 0, bulk: 0 }
  const timers: Record<Lane, Cancel | null> = { control: null, bulk: null }
  let isClosed = false

  /** Every frame costs bytes, and the first of a letter and a whisper one token of their kind. */
  const bytesOf = ({ type, payload }: Frame): Cost => ({
    of: type === frameType.attachment ? bulk : text,
    tokens: Math.max(leastFrameBytes, payload.length),
  })
  const numberedBy = (frame: Frame): Bucket | null => {
    if (frame.type === frameType.whisper) return whispers
    return frame.type !== frameType.attachment && frame.offset === 0 ? letters : null
  }
  const waitFor = (frame: Frame): number => {
    const nowMs = clock.now()
    const { of, tokens } = bytesOf(frame)
    return Math.max(of.waitMs(tokens, nowMs), numberedBy(frame)?.waitMs(1, nowMs) ?? 0)
  }
  const pay = (frame: Frame) => {
    const nowMs = clock.now()
    const { of, tokens } = bytesOf(frame)
    of.take(tokens, nowMs)
    numberedBy(frame)?.take(1, nowMs)
  }

  function drain(lane: Lane): void {
    timers[lane] = null
    while (!isClosed && waiting[lane].length > 0) {
      const afterMs = waitFor(waiting[lane][0])
      if (afterMs > 0) {
        timers[lane] = clock.after(afterMs, () => drain(lane))
        return
      }
      const frame = waiting[lane].shift()!
      waitingBytes[lane] -= frame.payload.length
      pay(frame)
      pass(lane, frame)
    }
  }

  function hold(lane: Lane, frame: Frame): void {
    waiting[lane].push(frame)
    waitingBytes[lane] += frame.payload.length
    if (waiting[lane].length > heldFrames[lane] || waitingBytes[lane] > heldBytes[lane]) {
      close()
      return onExceeded()
    }
    if (timers[lane]) return
    onHeld()
    drain(lane)
  }

  function close(): void {
    isClosed = true
    for (const lane of lanes) {
      timers[lane]?.()
      waiting[lane] = []
    }
  }

  return {
    take(lane, frame) {
      if (isClosed) return
      if (frame.type === frameType.ping || frame.type === frameType.pong) {
        if (heartbeats.take(1, clock.now())) pass(lane, frame)
        return
      }
      if (waiting[lane].length > 0 || waitFor(frame) > 0) return hold(lane, frame)
      pay(frame)
      pass(lane, frame)
    },
    close,
  }
}
