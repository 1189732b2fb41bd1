import { describe, expect, it } from 'vitest'
import { type Candidacy, type Elector, nextTerm, waitOf, whyNoVote } from './election'
import { signedWill, usualWill } from './fixtures/signatures'

const candidacy: Candidacy = {
  will: signedWill('founder', usualWill),
  term: 1,
  heir: 'ada',
  coordinator: 'new key of ada',
}
const elector: Elector = { self: 'eve', term: 0, will: usualWill, version: 2, hasLost: true, ballot: null }

describe('a device', () => {
  it('votes for an heir of the will that it knows, once it has lost its coordinator', () => {
    expect(whyNoVote(candidacy, elector)).toBe(null)
    expect(whyNoVote(candidacy, { ...elector, hasLost: false })).toBe('not-lost')
  })

  it('votes only where it stands on the roster, and only for who stands among the heirs', () => {
    expect(whyNoVote(candidacy, { ...elector, self: 'mallory' })).toBe('not-asked')
    expect(whyNoVote({ ...candidacy, heir: 'eve' }, elector)).toBe('no-heir')
    expect(whyNoVote(candidacy, { ...elector, will: { ...usualWill, code: 'OTHER' } })).toBe('other-room')
  })

  it('gives no vote to who knows less than itself', () => {
    expect(whyNoVote(candidacy, { ...elector, will: { ...usualWill, serial: 6 } })).toBe('older-will')
    expect(whyNoVote(candidacy, { ...elector, version: 3 })).toBe('older-version')
    expect(whyNoVote(candidacy, { ...elector, will: null, version: 0 })).toBe(null)
  })

  it('gives one vote in a term, which it may repeat', () => {
    const ballot = { term: 1, coordinator: candidacy.coordinator }
    expect(whyNoVote(candidacy, { ...elector, ballot })).toBe(null)
    expect(whyNoVote(candidacy, { ...elector, ballot: { ...ballot, coordinator: 'of bob' } })).toBe('voted')
    expect(whyNoVote({ ...candidacy, term: 2 }, { ...elector, ballot })).toBe(null)
    expect(whyNoVote(candidacy, { ...elector, ballot: { ...ballot, term: 2 } })).toBe('voted')
  })

  it('takes no part in elections that are over', () => {
    expect(whyNoVote(candidacy, { ...elector, term: 1, will: null })).toBe('late-term')
  })
})

describe('an heir', () => {
  it('asks in a term that nobody it knows of has voted in', () => {
    expect(nextTerm({ term: 2, ballot: null })).toBe(3)
    expect(nextTerm({ term: 2, ballot: { term: 4, coordinator: 'a' } })).toBe(5)
  })

  it('leaves those before it the time to be elected', () => {
    expect([0, 1, 2].map((place) => waitOf(30_000, place))).toEqual([30_000, 45_000, 60_000])
  })
})
