import { describe, expect, it } from 'vitest'
import type { MergeEffect } from '../../federation/effects'
import { virtualClock } from '../../network/time/virtual-clock'
import type { IssuedVersion } from '../merging/merging'
import type { ToDevice } from '../wire/messages'
import { votesOf } from './votes'

const merge = { adapter: 'global', version: 4 }
const effect: MergeEffect = {
  type: 'merge',
  ...merge,
  round: 4,
  from: { adapter: 'global', version: 3 },
  relativeTo: 'start',
  updates: ['a', 'b', 'c', 'gone'].map((device) => ({ device, round: 4, weight: 1 / 4 })),
}
const bytes = Uint8Array.of(1, 2, 3)
const made = { ...merge, whole: { bytes } } as unknown as IssuedVersion
const answer = (after: number) => ({ type: 'judged', ...merge, round: 4, before: 1, after }) as const

/** A vote on one merge, of three that are here and one that is not. */
function vote(robust: readonly ('norm-bound' | 'gate')[] = ['norm-bound', 'gate']) {
  const clock = virtualClock()
  const asked: [string, ToDevice, Uint8Array | undefined][] = []
  const votes = votesOf({
    settings: () => ({ robust }),
    clock,
    send: (to, message, attachment) => void asked.push([to, message, attachment]),
    members: () => effect.updates.map(({ device }) => ({ key: device, present: device !== 'gone' })),
  })
  return { clock, asked, votes, verdict: votes.on(made, effect) }
}

describe('a vote on a merge', () => {
  it('is asked of those who contributed and are here, with the whole merge', async () => {
    const { asked, votes, verdict } = vote()
    const question = { type: 'judge', ...merge, round: 4 }
    expect(asked).toEqual(['a', 'b', 'c'].map((device) => [device, question, bytes]))
    votes.hear('a', answer(2))
    votes.hear('b', answer(2))
    votes.hear('c', answer(0.5))
    expect(await verdict).toMatch(/^2 of 3 devices found the merge worse/)
  })

  it('counts each of them once, and nobody else, and nothing about another merge', async () => {
    const { votes, verdict } = vote()
    for (const device of ['a', 'a', 'a', 'gone', 'stranger']) votes.hear(device, answer(2))
    votes.hear('b', { ...answer(2), version: 3 })
    votes.hear('b', answer(0.5))
    votes.hear('c', answer(0.5))
    expect(await verdict).toBeNull()
  })

  it('does not wait for who leaves, nor longer than a minute for who is silent', async () => {
    const { clock, votes, verdict } = vote()
    votes.left('a')
    votes.hear('b', answer(2))
    await clock.advance(60_000)
    // One of three has voted: nobody has decided anything.
    expect(await verdict).toBeNull()
  })

  it('is over once all have gone, and is held only where the room has a gate', async () => {
    const { votes, verdict } = vote()
    for (const device of ['a', 'b', 'c']) votes.left(device)
    expect(await verdict).toBeNull()
    const open = vote(['norm-bound'])
    expect(await open.verdict).toBeNull()
    expect(open.asked).toEqual([])
  })
})
