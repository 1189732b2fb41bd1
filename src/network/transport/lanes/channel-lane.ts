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
  const fallenTo = (limitBytes: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (channel.bufferedAmount <= limitBytes) return resolve()
      channel.bufferedAmountLowThreshold = limitBytes
      let lowestBytes = channel.bufferedAmount
      let movedAtMs = clock.now()
      const end = (settle: () => void) => {
        cancel()
        channel.removeEventListener('bufferedamountlow', onLow)
        channel.removeEventListener('close', onClose)
        settle()
      }
      const onLow = () => end(resolve)
      const onClose = () => end(() => reject(new LinkClosed('The connection closed while sending.')))
      const check = () => {
        if (channel.readyState !== 'open') return onClose()
        if (channel.bufferedAmount <= limitBytes) return onLow()
        if (channel.bufferedAmount < lowestBytes) {
          lowestBytes = channel.bufferedAmount
          movedAtMs = clock.now()
        }
        if (clock.now() - movedAtMs >= stallLimitMs)
          return end(() => reject(new LinkClosed('Nothing has moved for ten seconds.')))
        cancel = clock.after(checkPeriodMs, check)
      }
      let cancel = clock.after(checkPeriodMs, check)
      channel.addEventListener('bufferedamountlow', onLow)
      channel.addEventListener('close', onClose)
    })

  return {
    async send(message) {
      assertOpen()
      channel.send(message as Uint8Array<ArrayBuffer>)
      if (channel.bufferedAmount > highWaterBytes) await fallenTo(lowWaterBytes)
    },
    async drained() {
      assertOpen()
      await fallenTo(0)
    },
    bufferedBytes: () => channel.bufferedAmount,
  }
}
