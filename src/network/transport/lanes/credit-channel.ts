/**
 * Looks like a data channel to `channelLane`, over anything that can carry bytes and tell when they have arrived: what
 * was sent and is not acknowledged counts as its buffer.
 */
import { emitter } from '../../../lib/emitter'
import type { Channel } from './channel-lane'

export type CreditChannel = Channel & { acknowledged(byteCount: number): void; end(): void }

export function creditChannel(post: (bytes: Uint8Array) => void): CreditChannel {
  const events = emitter<{ bufferedamountlow: []; close: [] }>()
  const unsubscribe = new Map<() => void, () => void>()
  let bufferedAmount = 0
  let readyState: RTCDataChannelState = 'open'
  const channel: Channel = {
    bufferedAmountLowThreshold: 0,
    get readyState() {
      return readyState
    },
    get bufferedAmount() {
      return bufferedAmount
    },
    send(bytes) {
      bufferedAmount += bytes.length
      post(bytes)
    },
    addEventListener: (type, listener) => void unsubscribe.set(listener, events.on(type, listener)),
    removeEventListener(_type, listener) {
      unsubscribe.get(listener)?.()
      unsubscribe.delete(listener)
    },
  }
  return Object.assign(channel, {
    acknowledged(byteCount: number) {
      const before = bufferedAmount
      bufferedAmount = Math.max(0, bufferedAmount - byteCount)
      const low = channel.bufferedAmountLowThreshold
      if (before > low && bufferedAmount <= low) events.emit('bufferedamountlow')
    },
    end() {
      readyState = 'closed'
      events.emit('close')
    },
  })
}
