/**
 * One data channel as a lane with back-pressure. PeerJS would queue without limit and poll; this writes to the channel
 * itself and waits for `bufferedamountlow`. A wait also ends when the channel closes or nothing moved for ten seconds:
 * never after a fixed total time, since the first megabytes of a fresh connection may take long.
 */
import type { Clock } from '../../time/clock'
import { highWaterBytes, LinkClosed, lowWaterBytes, stallLimitMs } from '../transport'

/** The part of RTCDataChannel that is needed here. */
export interface Channel {
  readonly readyState: RTCDataChannelState
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  send(data: Uint8Array<ArrayBuffer>): void
  addEventListener(type: 'bufferedamountlow' | 'close', listener: () => void): void
  removeEventListener(type: 'bufferedamountlow' | 'close', listener: () => void): void
}

export interface ChannelLane {
  send(message: Uint8Array): Promise<void>
  drained(): Promise<void>
  bufferedBytes(): number
}

const checkPeriodMs = 1_000

export function channelLane(channel: Channel, clock: Clock): ChannelLane {
  const assertOpen = () => {
    if (channel.readyState !== 'open') throw new LinkClosed('The connection is closed.')
  }
  return {
    async send(message) {
      assertOpen()
      channel.send(message as Uint8Array<ArrayBuffer>)
      if (channel.bufferedAmount > highWaterBytes) await fallenTo(lowWaterBytes, channel, clock)
    },
    async drained() {
      assertOpen()
      await fallenTo(0, channel, clock)
    },
    bufferedBytes: () => channel.bufferedAmount,
  }
}

/** Resolves when no more than so much is buffered; rejects when the channel closed, or nothing moved for too long. */
function fallenTo(limitBytes: number, channel: Channel, clock: Clock): Promise<void> {
  if (channel.bufferedAmount <= limitBytes) return Promise.resolve()
  return new Promise((resolve, reject) => {
    channel.bufferedAmountLowThreshold = limitBytes
    let lowestBytes = channel.bufferedAmount
    let movedAtMs = clock.now()
    const wait = {
      cancel: () => {},
      end(why: string | null) {
        wait.cancel()
        channel.removeEventListener('bufferedamountlow', wait.low)
        channel.removeEventListener('close', wait.closed)
        if (why === null) resolve()
        else reject(new LinkClosed(why))
      },
      low() {
        wait.end(null)
      },
      closed() {
        wait.end('The connection closed while sending.')
      },
      look() {
        if (channel.readyState !== 'open') return wait.closed()
        if (channel.bufferedAmount <= limitBytes) return wait.low()
        if (channel.bufferedAmount < lowestBytes) {
          lowestBytes = channel.bufferedAmount
          movedAtMs = clock.now()
        }
        if (clock.now() - movedAtMs >= stallLimitMs) return wait.end('Nothing has moved for ten seconds.')
        wait.cancel = clock.after(checkPeriodMs, wait.look)
      },
    }
    wait.cancel = clock.after(checkPeriodMs, wait.look)
    channel.addEventListener('bufferedamountlow', wait.low)
    channel.addEventListener('close', wait.closed)
  })
}
