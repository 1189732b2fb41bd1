import { describe, expect, it } from 'vitest'
import { initialState, step } from '../../../federation/federation'
import type { CoordinatorEvent, CoordinatorHappening, FederationState } from '../../../federation/types'
import { virtualClock } from '../../../network/time/virtual-clock'
import { federationConfigOf } from '../../../settings/derived/federationConfig'
import { readSettings } from '../../../settings/reading'
import { deliveriesOf } from '../../executor/deliveries'
import type { Versions } from '../../executor/versions'
import { newestOf } from './newest'
import { hearOften } from './often'

const clockOf = () => virtualClock()

describe('what is said again and again', () => {
  it('is acted on at once, then in its newest form when the time has come, and not after its device has left', async () => {
    const clock = clockOf()
    const acted: [string, number][] = []
    const newest = newestOf<{ value: number }>(
      clock,
      1000,
      (device, { value }) => acted.push([device, value]) > 0,
    )
    for (let value = 0; value < 50; value++) newest.say('a', { value })
    newest.say('b', { value: 7 })
    expect(acted).toEqual([
      ['a', 0],
      ['b', 7],
    ])
    await clock.advance(1000)
    expect(acted.slice(2)).toEqual([['a', 49]])
    newest.say('a', { value: 50 })
    newest.forget('a')
    await clock.advance(5000)
    expect(acted).toHaveLength(3)
  })

  it('opens no waiting time where nothing came of it', () => {
    const acted: number[] = []
    const newest = newestOf<{ value: number }>(clockOf(), 1000, (_, { value }) => acted.push(value) > 2)
    for (const value of [1, 2, 3, 4]) newest.say('a', { value })
    expect(acted).toEqual([1, 2, 3])
  })
})

describe('a device that cannot make up its mind', () => {
  function scene() {
    const clock = clockOf()
    const { settings } = readSettings(new URL('http://localhost/'))
    let state: FederationState = initialState(federationConfigOf(settings, null))
    const log: string[] = []
    const happen = (event: CoordinatorHappening) => {
      log.push(event.type)
      state = step(state, { atMs: clock.now(), ...event } as CoordinatorEvent)[0]
    }
    const shown: string[] = []
    const often = hearOften({
      clock,
      happen,
      state: () => state,
      show: (_, { activity, loss }) => shown.push(`${activity} ${loss}`),
      volunteered: () => log.push('volunteered'),
    })
    happen({ type: 'device-joined', device: 'a' })
    log.length = 0
    const status = (activity: 'paused' | 'idle' | 'training' | 'sending', loss: number | null = null) =>
      often.status('a', {
        type: 'status',
        activity,
        round: 1,
        step: 1,
        steps: 2,
        loss,
        tokensPerSecond: null,
      })
    return { clock, log, shown, often, status, isPaused: () => state.members[0].paused }
  }

  it('falls asleep and wakes up in the log once every two seconds at most, and ends as it last said', async () => {
    const { clock, log, status, isPaused } = scene()
    status('paused')
    expect(isPaused(), 'at once').toBe(true)
    for (let second = 0; second < 60; second++) {
      for (let at = 0; at < 100; at++) status(at % 2 === 0 ? 'paused' : 'idle')
      await clock.advance(1000)
    }
    status('paused')
    await clock.advance(5000)
    expect(isPaused()).toBe(true)
    expect(log.length).toBeLessThanOrEqual(32)
  })

  it('is shown ten times a second, and the loss of its training is not lost between', async () => {
    const { clock, shown, status } = scene()
    status('training', 3)
    for (let at = 0; at < 1000; at++) status('training', 2)
    status('training', 1)
    status('sending')
    await clock.advance(100)
    expect(shown).toEqual(['training 3', 'training 1', 'sending null'])
  })

  it('holds text in the log where that is new, again in each stay', async () => {
    const { clock, log, often } = scene()
    for (let at = 0; at < 100; at++) often.textHeld('a', 4, false)
    await clock.advance(60_000)
    often.textHeld('a', 4, false)
    often.forget('a')
    often.textHeld('a', 4, false)
    expect(log).toEqual(['text-held', 'text-held'])
  })
})

describe('a device that lacks what a change begins with', () => {
  function scene() {
    const clock = clockOf()
    const sent: string[] = []
    const versions = {
      parcelFor: ({ adapter, version }, held) => ({
        message: { type: 'adapter', adapter, version, hash: '', folds: 0, change: null },
        bytes: Uint8Array.of(held ? 1 : 2),
      }),
    } satisfies Pick<Versions, 'parcelFor'>
    const deliveries = deliveriesOf(
      versions,
      (device, message, bytes) => {
        if (message.type === 'adapter')
          sent.push(
            `${device} ${message.adapter} ${message.version} ${bytes?.[0] === 2 ? 'whole' : 'change'}`,
          )
      },
      clock,
    )
    return { clock, sent, deliveries }
  }
  const version = (number: number) => ({ adapter: 'global', version: number })

  it('is sent the whole once in ten seconds, of what it was sent last and of nothing else', async () => {
    const { clock, sent, deliveries } = scene()
    deliveries.lacking('a', version(1))
    expect(sent, 'it was sent nothing yet').toEqual([])
    deliveries.deliver('a', version(1))
    deliveries.deliver('a', version(2))
    for (let at = 0; at < 1000; at++) deliveries.lacking('a', version(at % 5))
    deliveries.lacking('a', { adapter: 'cluster-9', version: 2 })
    expect(sent).toEqual(['a global 1 whole', 'a global 2 change', 'a global 2 whole'])
    await clock.advance(10_000)
    deliveries.lacking('a', version(2))
    expect(sent).toHaveLength(4)
  })

  it('may lack the next version, too, and everything after a reload', () => {
    const { sent, deliveries } = scene()
    deliveries.deliver('a', version(1))
    deliveries.lacking('a', version(1))
    deliveries.deliver('a', version(2))
    deliveries.lacking('a', version(2))
    deliveries.forget('a')
    deliveries.deliver('a', version(2))
    expect(sent.slice(1)).toEqual([
      'a global 1 whole',
      'a global 2 change',
      'a global 2 whole',
      'a global 2 whole',
    ])
  })
})
