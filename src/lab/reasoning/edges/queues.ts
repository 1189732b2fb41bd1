/**
 * Many devices and several edges as queues, to see what choosing and hedging do to the slowest answers. Devices ask at random
 * moments; each edge answers one question after the other, now and then it stalls, and what it tells of its load is old when it
 * arrives. The policies are those of the modes (reasoning/plan); only the time is drawn.
 */
import { random } from '../../../lib/rng'
import { virtualClock } from '../../../network/time/virtual-clock'
import { answered, asked, chooseEdge, type Edge, unknownEdge } from '../../../reasoning/plan/edgeChoice'
import { freshHedging, hedgeAfterMs, hedged, mayHedge, settled } from '../../../reasoning/plan/hedge'

export type Choosing = 'random' | 'round robin' | 'power of two'

export interface Traffic {
  readonly seed: number
  readonly requests: number
  readonly devices: number
  /** To answer one question, by edge. */
  readonly serviceMs: readonly number[]
  /** One way. */
  readonly delayMs: number
  /** Share of what all edges together can do. */
  readonly utilisation: number
  /** So many questions of a thousand hit an edge that stands still for so long. */
  readonly stalls: { readonly share: number; readonly milliseconds: number }
  readonly choosing: Choosing
  readonly hedges: boolean
}

export interface Tail {
  /** From question to answer. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Second questions, as a share of the first. */
  readonly extra: number
  /** How evenly edges of equal speed were used, from 1 / edges to 1 (Jain's index). */
  readonly fairness: number
}

/** Four edges, one of half the speed, one in fifty questions stalled. */
export const usualTraffic: Omit<Traffic, 'seed' | 'choosing' | 'hedges'> = {
  requests: 6000,
  devices: 8,
  serviceMs: [40, 40, 40, 80],
  delayMs: 10,
  utilisation: 0.5,
  stalls: { share: 0.02, milliseconds: 600 },
}

export async function runQueues(traffic: Traffic): Promise<Tail> {
  const { seed, requests, devices, serviceMs, delayMs, utilisation, stalls, choosing, hedges } = traffic
  const clock = virtualClock()
  const draw = random(seed, 'queues')
  const servers = serviceMs.map(() => ({ freeAtMs: 0, queued: 0, served: 0 }))
  const views = Array.from({ length: devices }, () => ({
    edges: serviceMs.map((milliseconds, index) => unknownEdge(String(index), 2 * delayMs, milliseconds)),
    hedging: freshHedging,
  }))
  const tookMs: number[] = []
  let turn = 0
  let second = 0

  /** Whatever comes of one question: `done` gets its edge's computing time and load. */
  function serve(index: number, done: (computeMs: number, load: number) => void): void {
    const server = servers[index]
    const isStalled = draw.next() < stalls.share
    const computeMs = serviceMs[index] * -Math.log(1 - draw.next()) + (isStalled ? stalls.milliseconds : 0)
    clock.after(delayMs, () => {
      server.queued++
      server.freeAtMs = Math.max(server.freeAtMs, clock.now()) + computeMs
      clock.after(server.freeAtMs - clock.now(), () => {
        server.queued--
        server.served++
        const load = server.queued
        clock.after(delayMs, () => done(computeMs, load))
      })
    })
  }

  function choose(edges: readonly Edge[], not: number | null): number {
    const others = edges.filter(({ id }) => id !== String(not))
    if (choosing === 'random') return Number(others[Math.floor(draw.next() * others.length)].id)
    if (choosing === 'round robin') return turn++ % edges.length
    const chosen = chooseEdge(others, clock.now(), [draw.next(), draw.next()])
    return Number(chosen!.id)
  }

  function ask(device: number): void {
    const view = views[device]
    const beganAtMs = clock.now()
    let isAnswered = false
    const put = (not: number | null): number => {
      const index = choose(view.edges, not)
      const askedAtMs = clock.now()
      view.edges = view.edges.with(index, asked(view.edges[index]))
      serve(index, (computeMs, load) => {
        const milliseconds = clock.now() - askedAtMs
        view.edges = view.edges.with(index, answered(view.edges[index], milliseconds, computeMs, load))
        view.hedging = settled(view.hedging, milliseconds)
        if (!isAnswered) tookMs.push(clock.now() - beganAtMs)
        isAnswered = true
      })
      return index
    }
    const first = put(null)
    const lateAfterMs = hedges ? hedgeAfterMs(view.hedging) : null
    if (lateAfterMs === null) return
    clock.after(lateAfterMs, () => {
      if (isAnswered || !mayHedge(view.hedging)) return
      view.hedging = hedged(view.hedging)
      second++
      put(first)
    })
  }

  const capacity = serviceMs.reduce((sum, milliseconds) => sum + 1 / milliseconds, 0)
  const gapMs = 1 / (capacity * utilisation)
  let atMs = 0
  for (let request = 0; request < requests; request++) {
    atMs += gapMs * -Math.log(1 - draw.next())
    clock.after(atMs, () => ask(request % devices))
  }
  await clock.run(atMs + 60_000, () => tookMs.length === requests)
  const sorted = [...tookMs].sort((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]
  const counts = servers.map(({ served }, index) => served * serviceMs[index])
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    extra: second / requests,
    fairness: sum(counts) ** 2 / (counts.length * sum(counts.map((count) => count ** 2))),
  }
}
