/** Who is believed to have taken a coordinator's place; and that of two halves of a room one at most can elect in a term. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ballot, type Candidacy, whyNoVote } from './election'
import { plainNotary, signedWill, usualWill, voteOf } from './fixtures/signatures'
import { type Certificate, compare, followedBy, isValid, successorOf } from './succession'
import { heirsOf, majorityOf, nextRoster, type Will } from './will'

const candidacy: Candidacy = {
  will: signedWill('founder', usualWill),
  term: 1,
  heir: 'ada',
  coordinator: 'key 1',
}
const elected = (asked: Candidacy, ...voters: string[]): Certificate => ({
  ...asked,
  votes: voters.map((voter) => voteOf(voter, asked)),
})
const certificate = elected(candidacy, 'ada', 'eve')
const holds = (change: Partial<Certificate>) => isValid(plainNotary, { ...certificate, ...change })

describe('a certificate', () => {
  it('holds with the votes of more than half of the roster', async () => {
    expect(await holds({})).toBe(true)
    expect(await holds({ votes: certificate.votes.slice(1) })).toBe(false)
  })

  it('counts nobody twice, and no stranger', async () => {
    const [one] = certificate.votes
    expect(await holds({ votes: [one, one] })).toBe(false)
    expect(await holds({ votes: [one, voteOf('mallory', candidacy)] })).toBe(false)
  })

  it('counts no vote for somebody else, for another key, in another term, or under another will', async () => {
    const others: Partial<Candidacy>[] = [
      { heir: 'bob' },
      { coordinator: 'key 2' },
      { term: 2 },
      { will: signedWill('founder', { ...usualWill, serial: 6 }) },
    ]
    for (const other of others) {
      const votes = [certificate.votes[0], voteOf('eve', { ...candidacy, ...other })]
      expect(await holds({ votes })).toBe(false)
    }
  })

  it('needs a will that its coordinator has signed, for somebody who is an heir in it', async () => {
    expect(await holds({ will: { ...candidacy.will, version: 9 } })).toBe(false)
    expect(await isValid(plainNotary, elected({ ...candidacy, heir: 'eve' }, 'ada', 'eve'))).toBe(false)
    const small = signedWill('founder', { ...usualWill, roster: ['ada'], heirs: ['ada'] })
    expect(await isValid(plainNotary, elected({ ...candidacy, will: small }, 'ada'))).toBe(false)
    expect(await isValid(plainNotary, elected({ ...candidacy, term: 0 }, 'ada', 'eve'))).toBe(false)
  })
})

describe('a list of certificates', () => {
  const later = elected(
    { ...candidacy, will: signedWill('key 1', { ...usualWill, term: 1 }), term: 3, coordinator: 'key 3' },
    'bob',
    'eve',
  )
  const both = [certificate, later]
  const from = (key: string, list: readonly Certificate[], code = 'ROOM') =>
    successorOf(plainNotary, code, `hash of ${key}`, list)

  it('leads from every coordinator of before to the last', async () => {
    expect(await from('founder', both)).toBe(later)
    expect(await from('key 1', both)).toBe(later)
    expect(await from('founder', [certificate])).toBe(certificate)
  })

  it('leads nowhere from somebody who is not in it, or in another room', async () => {
    expect(await from('mallory', both)).toBe(null)
    expect(await from('key 3', both)).toBe(null)
    expect(await from('founder', both, 'OTHER')).toBe(null)
    expect(await from('founder', [])).toBe(null)
  })

  it('leads past a coordinator that went before it had made a will: its predecessor’s elects once more', async () => {
    const again = elected({ ...candidacy, term: 2, heir: 'bob', coordinator: 'key 2' }, 'bob', 'eve')
    expect(await from('founder', followedBy([certificate], again))).toBe(again)
    const third = elected({ ...later, term: 4, coordinator: 'key 4' }, 'ada', 'eve')
    expect(await from('founder', followedBy([certificate, later], third))).toBe(third)
    const beyond = elected(
      { ...candidacy, will: signedWill('key 3', { ...usualWill, term: 3 }), term: 4, coordinator: 'key 5' },
      'ada',
      'eve',
    )
    expect(followedBy([certificate, later], beyond)).toEqual([certificate, later, beyond])
    expect(await from('founder', followedBy([certificate, later], beyond))).toBe(beyond)
  })

  it('must hold together', async () => {
    expect(await from('founder', [certificate, certificate])).toBe(null)
    const otherTerm = elected(
      { ...later, will: signedWill('key 1', { ...usualWill, term: 2 }) },
      'bob',
      'eve',
    )
    expect(await from('founder', [certificate, otherTerm])).toBe(null)
    expect(
      await from(
        'founder',
        Array.from({ length: 20 }, () => certificate),
      ),
    ).toBe(null)
  })
})

describe('of two that both hold', () => {
  it('the later election is right, then the later will, then more votes, then the smaller key', () => {
    const ranked = [
      elected({ ...candidacy, term: 2, coordinator: 'z' }, 'ada', 'eve'),
      elected({ ...candidacy, will: signedWill('founder', { ...usualWill, serial: 6 }) }, 'ada', 'eve'),
      elected(candidacy, 'ada', 'eve', 'bob'),
      elected(candidacy, 'ada', 'eve'),
      elected({ ...candidacy, coordinator: 'key 2' }, 'ada', 'eve'),
    ]
    const shuffled = [3, 0, 4, 2, 1].map((at) => ranked[at])
    expect(shuffled.toSorted((a, b) => compare(b, a))).toEqual(ranked)
    expect(compare(certificate, certificate)).toBe(0)
  })
})

/** What may happen to a room: who hears the newest will, who comes and goes, and who asks whom for votes. */
const names = ['a', 'b', 'c', 'd', 'e']
/** Where the room falls into halves, each is by itself. */
const half = fc.constantFrom(names, ['a', 'b'], ['c', 'd', 'e'])
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('will' as const), present: half, heard: half }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('election' as const),
      heir: fc.constantFrom(...names),
      term: fc.constantFrom(1, 1, 2),
      asked: half,
    }),
  },
)

describe('a room of which parts know different wills', () => {
  it('elects one coordinator in a term at most, whoever hears what and whoever asks whom', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        let will: Will = { ...usualWill, serial: 0, version: 0, roster: names, heirs: ['a', 'c'] }
        const known = new Map(names.map((name) => [name, signedWill('founder', will)]))
        const ballots = new Map<string, Ballot>()
        const elections = new Map<number, Set<string>>()
        let heardOf = new Set(names)
        for (const [at, event] of happenings.entries()) {
          if (event.type === 'will') {
            const { present, heard } = event
            const gone = new Set(names.filter((name) => !present.includes(name)))
            const roster = nextRoster(will.roster, heardOf, { present, gone })
            if (roster !== will.roster) heardOf = new Set()
            will = { ...will, serial: will.serial + 1, roster, heirs: heirsOf(roster, { present }, 2) }
            for (const name of heard) known.set(name, signedWill('founder', will))
            for (const name of heard) heardOf.add(name)
            continue
          }
          const own = known.get(event.heir)
          if (!own) continue
          const asked: Candidacy = { will: own, term: event.term, heir: event.heir, coordinator: `${at}` }
          const voters = [event.heir, ...event.asked.filter((name) => name !== event.heir)].filter((self) => {
            const ballot = ballots.get(self) ?? null
            const elector = {
              self,
              term: 0,
              will: known.get(self) ?? null,
              version: 0,
              hasLost: true,
              ballot,
            }
            if (whyNoVote(asked, elector) !== null) return false
            ballots.set(self, asked)
            return true
          })
          if (voters.length < majorityOf(own.roster)) continue
          elections.set(event.term, (elections.get(event.term) ?? new Set()).add(asked.coordinator))
        }
        for (const coordinators of elections.values()) expect(coordinators.size).toBe(1)
      }),
      { numRuns: 1_000 },
    )
  })
})
