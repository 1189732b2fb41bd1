import { describe, expect, it } from 'vitest'
import type { Ballot, Candidacy } from '../../federation/succession/election'
import { isValid } from '../../federation/succession/succession'
import { electorate } from './fixtures/electorate'
import { notaryOfKeys } from './lineage'
import { voterOf } from './votes'

async function scene() {
  const { identity, keyOf, publicKeyOf, will } = electorate()
  const kept: Ballot[] = []
  const stands: Candidacy = {
    will: await will('founder'),
    term: 1,
    heir: 'ada',
    coordinator: publicKeyOf('key of ada'),
  }
  /** Another life of the same tab each time. */
  const voter = (word: string, kept: Ballot[], coordinator: string | null = 'founder') =>
    voterOf({
      identity,
      signingKey: keyOf(word),
      elector: () => ({ self: word, term: 0, will: stands.will, version: 2, hasLost: true }),
      testator: () => coordinator && publicKeyOf(coordinator),
      load: async () => kept.at(-1) ?? null,
      save: async (ballot) => void kept.push(ballot),
    })
  return { identity, publicKeyOf, will, kept, stands, voter }
}

describe('a vote', () => {
  it('counts in a certificate, and is kept before it is told', async () => {
    const { identity, kept, stands, voter } = await scene()
    const votes = [await voter('ada', []).answer(stands), await voter('eve', kept).answer(stands)]
    expect(kept).toEqual([{ term: 1, coordinator: stands.coordinator }])
    const certificate = {
      ...stands,
      votes: votes.flatMap((vote) => (typeof vote === 'string' ? [] : [vote])),
    }
    expect(await isValid(notaryOfKeys(identity), certificate)).toBe(true)
  })

  it('is given once in a term, also by a tab that is loaded anew, and also where two ask at once', async () => {
    const { publicKeyOf, kept, stands, voter } = await scene()
    const other: Candidacy = { ...stands, heir: 'bob', coordinator: publicKeyOf('key of bob') }
    const eve = voter('eve', kept)
    const [first, second] = await Promise.all([eve.answer(stands), eve.answer(other)])
    expect([typeof first, second]).toEqual(['object', 'voted'])
    expect(await voter('eve', kept).answer(other)).toBe('voted')
    expect(await voter('eve', kept).answer(stands)).toEqual(first)
  })

  it('is given to no will of somebody else, nor to one that was changed', async () => {
    const { will, kept, stands, voter } = await scene()
    expect(await voter('eve', kept, 'somebody').answer(stands)).toBe('late-term')
    expect(await voter('eve', kept, null).answer(stands)).toBe('late-term')
    const changed = { ...stands, will: { ...stands.will, version: 9 } }
    expect(await voter('eve', kept).answer(changed)).toBe('late-term')
    const forged = { ...stands, will: { ...(await will('mallory')), by: stands.will.by } }
    expect(await voter('eve', kept).answer(forged)).toBe('late-term')
    expect(kept).toEqual([])
  })
})
