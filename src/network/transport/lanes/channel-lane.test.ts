import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../time/virtual-clock'
import { highWaterBytes, lowWaterBytes, stallLimitMs } from '../transport'
import { channelLane } from './channel-lane'
import { creditChannel } from './credit-channel'

const message = new Uint8Array(65_536)

function scene() {
  const clock = virtualClock()
  const sent: Uint8Array[] = []
  const channel = creditChannel((bytes) => sent.push(bytes))
  return { clock, sent, channel, lane: channelLane(channel, clock) }
}
/** Sends until the lane makes us wait. */
async function fill({ lane, clock }: ReturnType<typeof scene>) {
  for (;;) {
    let isThrough = false
    const sending = lane.send(message).then(() => {
      isThrough = true
    })
    sending.catch(() => {})
    await clock.advance(0)
    if (!isThrough) return { sending, isThrough: () => isThrough }
  }
}

describe('a lane', () => {
  it('makes its sender wait above the high mark, until the low mark is reached', async () => {
    const full = scene()
    const waiting = await fill(full)
    expect(full.channel.bufferedAmount).toBeGreaterThan(highWaterBytes)
    expect(full.channel.bufferedAmount).toBeLessThanOrEqual(highWaterBytes + message.length)
    full.channel.acknowledged(full.channel.bufferedAmount - lowWaterBytes - 1)
    await full.clock.advance(0)
    expect(waiting.isThrough()).toBe(false)
    full.channel.acknowledged(1)
    await waiting.sending
  })

  it('never resolves a send that was cut short by a close', async () => {
    const full = scene()
    const waiting = await fill(full)
    full.channel.end()
    await expect(waiting.sending).rejects.toThrow('closed')
    await expect(full.lane.send(message)).rejects.toThrow('closed')
  })

  it('gives up when nothing has moved for ten seconds', async () => {
    const full = scene()
    const waiting = await fill(full)
    await full.clock.advance(stallLimitMs + 1_000)
    await expect(waiting.sending).rejects.toThrow('moved')
  })

  it('goes on for as long as it takes while something moves', async () => {
    const full = scene()
    const waiting = await fill(full)
    for (let seconds = 0; seconds < 100; seconds += 5) {
      full.channel.acknowledged(1_000)
      await full.clock.advance(5_000)
    }
    expect(waiting.isThrough()).toBe(false)
    full.channel.acknowledged(highWaterBytes)
    await waiting.sending
  })

  it('tells when everything has left', async () => {
    const { lane, channel, clock } = scene()
    await lane.send(message)
    let isDrained = false
    void lane.drained().then(() => {
      isDrained = true
    })
    channel.acknowledged(message.length - 1)
    await clock.advance(0)
    expect(isDrained).toBe(false)
    channel.acknowledged(1)
    await clock.advance(0)
    expect(isDrained).toBe(true)
  })
})
