import { describe, expect, it } from 'vitest'
import type { Clock } from '../time/clock'
import { virtualClock } from '../time/virtual-clock'
import { presence, usualPace } from './presence'

const { pingPeriodMs, roundTripEveryMs, suspectAfterMs, goneAfterMs, hintGraceMs } = usualPace

const peer = 'TEST-d-1'

/** One watched peer that answers pings after 10 ms while `answers` is true. */
function scene(clock = virtualClock()) {
  const log: string[] = []
  const roundTrips: (number | null)[] = []
  const state = { answers: true, pings: 0 }
  const watch = presence({
    clock,
    pace: usualPace,
    ping(id, sentAtMs) {
      state.pings++
      if (!state.answers) return
      clock.after(10, () => {
        watch.heard(id)
        watch.answered(id, sentAtMs)
      })
    },
    onChange: (_id, liveness, roundTripMs) => {
      if (log.at(-1) !== liveness) log.push(liveness)
      roundTrips.push(roundTripMs)
    },
    onGone: (_id, why) => log.push(`gone: ${why}`),
  })
  watch.watch(peer)
  return { watch, log, roundTrips, state, clock }
}

describe('presence', () => {
  it('takes a peer that answers for alive', async () => {
    const { log, clock } = scene()
    await clock.advance(10 * 60_000)
    expect(log).toEqual(['live'])
  })

  it('measures the round trip', async () => {
    const { roundTrips, clock } = scene()
    await clock.advance(5_000)
    expect(roundTrips).toEqual([10, 10])
  })

  it('asks a peer that says nothing every other period, and one that speaks only for its round trip', async () => {
    const idle = scene()
    await idle.clock.advance(60_000)
    expect(idle.state.pings).toBe(1 + 60_000 / (2 * pingPeriodMs))
    const busy = scene()
    for (let passedMs = 0; passedMs < 60_000; passedMs += 500) {
      await busy.clock.advance(500)
      busy.watch.heard(peer)
    }
    expect(busy.state.pings).toBe(1 + Math.floor(60_000 / (roundTripEveryMs + pingPeriodMs)))
  })

  it('costs two ends of an idle link twenty pings a minute together: who has just been asked need not ask', async () => {
    const clock = virtualClock()
    let pings = 0
    const end = (other: () => ReturnType<typeof presence>): ReturnType<typeof presence> => {
      const watch = presence({
        clock,
        pace: usualPace,
        ping(_, sentAtMs) {
          pings++
          clock.after(5, () => other().heard(peer))
          clock.after(10, () => {
            watch.heard(peer)
            watch.answered(peer, sentAtMs)
          })
        },
        onChange() {},
        onGone() {},
      })
      return watch
    }
    const first: ReturnType<typeof presence> = end(() => second)
    await clock.advance(700)
    const second = end(() => first)
    for (const watch of [first, second]) watch.watch(peer)
    const begun = pings
    await clock.advance(60_000)
    expect(pings - begun).toBe(20)
  })

  it('suspects a silent peer after six seconds and gives it up after twenty', async () => {
    const { log, state, clock } = scene()
    await clock.advance(100)
    state.answers = false
    await clock.advance(suspectAfterMs - 200)
    expect(log).toEqual(['live'])
    await clock.advance(pingPeriodMs + 200)
    expect(log).toEqual(['live', 'suspect'])
    await clock.advance(goneAfterMs)
    expect(log).toEqual(['live', 'suspect', 'gone: silent'])
  })

  it('forgives a peer that speaks again in time', async () => {
    const { log, state, clock } = scene()
    await clock.advance(100)
    state.answers = false
    await clock.advance(15_000)
    state.answers = true
    await clock.advance(10_000)
    expect(log).toEqual(['live', 'suspect', 'live'])
  })

  it('takes the server at its word only when the peer does not answer either', async () => {
    const { log, watch, state, clock } = scene()
    await clock.advance(100)
    watch.vanished(peer)
    expect(log).toEqual(['live', 'suspect'])
    await clock.advance(hintGraceMs)
    expect(log, 'its connection lives on').toEqual(['live', 'suspect', 'live'])
    state.answers = false
    watch.vanished(peer)
    await clock.advance(hintGraceMs)
    expect(log.at(-1)).toBe('gone: disconnected')
  })

  it('is not fooled by an answer to a ping from before', async () => {
    const { log, watch, state, clock } = scene()
    await clock.advance(100)
    state.answers = false
    const before = clock.now()
    await clock.advance(50)
    watch.vanished(peer)
    watch.answered(peer, before)
    await clock.advance(hintGraceMs)
    expect(log.at(-1)).toBe('gone: disconnected')
  })

  it('suspects a peer as long as its connection trembles', async () => {
    const { log, watch, clock } = scene()
    await clock.advance(100)
    watch.trembling(peer, true)
    watch.trembling(peer, false)
    expect(log).toEqual(['live', 'suspect', 'live'])
  })

  it('blames nobody when it was late itself', async () => {
    const hands = virtualClock()
    let sleptMs = 0
    const sleepy: Clock = { now: () => hands.now() + sleptMs, after: hands.after }
    const { log, state } = scene({ ...hands, ...sleepy })
    await hands.advance(100)
    state.answers = false
    sleptMs = 10 * 60_000 // the lid was closed
    await hands.advance(pingPeriodMs)
    expect(log).toEqual(['live'])
    await hands.advance(goneAfterMs + pingPeriodMs)
    expect(log, 'a new window, not a pardon').toEqual(['live', 'suspect', 'gone: silent'])
  })

  it('does not believe an answer from the future or from long ago', () => {
    const { watch, log } = scene()
    watch.answered(peer, 1_000_000)
    watch.answered(peer, Number.NaN)
    watch.answered(peer, -1_000_000)
    expect(log).toEqual([])
  })

  it('says nothing more about a peer that it has forgotten', async () => {
    const { watch, log, state, clock } = scene()
    state.answers = false
    watch.vanished(peer)
    watch.forget(peer)
    await clock.advance(60_000)
    expect(log).toEqual(['suspect'])
  })
})
