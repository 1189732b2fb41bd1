import { describe, expect, it } from 'vitest'
import { hashOfIds } from '../../../reasoning/ask'
import { begun } from '../view/answer'
import type { Asking, ShownToken } from '../view/view'
import { plans, type RowName, rowNames } from './rows'
import { judgementOf, type Proof, type Row, verdictOf } from './verdict'

const words = [' the', ' boats', ' come', ' home']
const ids = [40, 41, 42, 43]

interface Said {
  readonly ids?: readonly number[]
  readonly gap?: number
  readonly by?: string
  readonly fingerprints?: readonly string[]
}

function text({ ids: said = ids, gap = 0.5, by = 'other' }: Said, name: RowName): Asking {
  const tokens = said.map(
    (id, at): ShownToken => ({ id, by: [by], gap, gains: [], piece: id === ids[at] ? words[at] : ' sea' }),
  )
  return { ...begun(1, plans[name].mode, 'Where', 2), isRunning: false, tokens, hash: hashOfIds(said) }
}

const done = (name: RowName, said: Said = {}): Row => ({
  name,
  state: { kind: 'done' },
  asking: text(said, name),
  closed: null,
  fingerprints: said.fingerprints ?? ['a'],
  adapterHash: '',
})
const unproven = (name: RowName): Row => ({
  ...done(name),
  state: { kind: 'unproven', why: { kind: 'tabs', there: 0, needed: 2 } },
})

function proofOf(changed: Partial<Record<RowName, Row>> = {}, more: Partial<Proof> = {}): Proof {
  const rows = rowNames.map((name) => changed[name] ?? done(name))
  const wish = { prompt: 'Where', tokens: 4, temperature: 0.5, seed: 7 }
  return { ...wish, self: 'self', isRunning: false, rows, ...more }
}
const kindsIn = (proof: Proof) => proof.rows.map((row) => judgementOf(proof, row)?.kind ?? null)
const other = [40, 41, 99, 43]

describe('five rows that say the same', () => {
  it('are proven, with the one hash of them all', () => {
    const proof = proofOf()
    expect(kindsIn(proof)).toEqual(['first', 'same', 'same', 'same', 'same'])
    expect(verdictOf(proof)).toEqual({ kind: 'proven', hash: hashOfIds(ids) })
  })

  it('are nothing yet while one is being made', () => {
    expect(verdictOf(proofOf({}, { isRunning: true }))).toEqual({ kind: 'open' })
  })
})

describe('a row that says something else', () => {
  const proof = proofOf({ split: done('split', { ids: other, gap: 0.25 }) })

  it('is told from the first one by the place, both words and both gaps', () => {
    expect(judgementOf(proof, proof.rows[1])).toEqual({
      kind: 'differs',
      at: 2,
      first: { word: 'come', gap: 0.5 },
      here: { word: 'sea', gap: 0.25 },
      roundOtherwise: false,
      isExcused: false,
    })
    expect(verdictOf(proof)).toEqual({ kind: 'differs', same: 4, of: 5, isExcused: false })
  })

  it('also differs where it only ends earlier, or goes on', () => {
    const short = proofOf({ split: done('split', { ids: ids.slice(0, 3) }) })
    expect(judgementOf(short, short.rows[1])).toMatchObject({
      at: 3,
      first: { word: 'home' },
      here: { word: null, gap: null },
    })
    const long = proofOf({ alone: done('alone', { ids: [40] }) })
    expect(judgementOf(long, long.rows[4])).toMatchObject({ at: 1, first: { word: null } })
  })

  it('differs by its ids, also where they read alike', () => {
    const row = done('split', { ids: other })
    const tokens = row.asking!.tokens.map((token, at) => ({ ...token, piece: words[at] }))
    const alike = proofOf({ split: { ...row, asking: { ...row.asking!, tokens } } })
    expect(judgementOf(alike, alike.rows[1])).toMatchObject({ kind: 'differs', at: 2 })
  })

  it('has no gap of its own where a guess was found right: its judge tells none', () => {
    const guessed = proofOf({ judged: done('judged', { ids: other, by: 'self' }) })
    expect(judgementOf(guessed, guessed.rows[3])).toMatchObject({ here: { word: 'sea', gap: null } })
  })
})

describe('a near tie', () => {
  // Half of a ten-thousandth of a logit at temperature 0.5 is a gap just below 1e-4 / 0.5.
  const near = 1.9e-4
  const parted = (said: Said, there: number = near) =>
    proofOf({ alone: done('alone', { gap: there }), split: done('split', { ids: other, ...said }) })
  const unlike = ['a', 'b']
  const rowOf = (proof: Proof) => judgementOf(proof, proof.rows[1])

  it('is excused between machines that round otherwise, and is not the same for all that', () => {
    const proof = parted({ gap: near, fingerprints: unlike })
    expect(rowOf(proof)).toMatchObject({ kind: 'differs', roundOtherwise: true, isExcused: true })
    expect(verdictOf(proof)).toEqual({ kind: 'differs', same: 4, of: 5, isExcused: true })
  })

  it('is not between machines that compute the same bits', () => {
    expect(rowOf(parted({ gap: near }))).toMatchObject({ roundOtherwise: false, isExcused: false })
  })

  it('is none where only one of the two found it so', () => {
    for (const proof of [
      parted({ gap: near, fingerprints: unlike }, 0.01),
      parted({ gap: 0.01, fingerprints: unlike }),
      parted({ gap: 2.1e-4, fingerprints: unlike }),
    ])
      expect(rowOf(proof)).toMatchObject({ roundOtherwise: true, isExcused: false })
  })

  it('excuses no other row', () => {
    const both = parted({ gap: near, fingerprints: unlike })
    const rows = both.rows.with(4, done('switched', { ids: [1, 2], gap: 3 }))
    expect(verdictOf({ ...both, rows })).toMatchObject({ kind: 'differs', same: 3, isExcused: false })
  })
})

describe('rows that did not run', () => {
  it('are never counted, also where all others say the same', () => {
    const proof = proofOf({ closed: unproven('closed') })
    expect(kindsIn(proof)).toEqual(['first', 'same', null, 'same', 'same'])
    expect(verdictOf(proof)).toMatchObject({ kind: 'partly', same: 4, of: 5 })
  })

  it('leave it to the first that ran to be compared with', () => {
    const proof = proofOf({ alone: unproven('alone'), judged: done('judged', { ids: other }) })
    expect(kindsIn(proof)).toEqual([null, 'first', 'same', 'differs', 'same'])
    expect(verdictOf(proof)).toMatchObject({ kind: 'differs', same: 3 })
  })

  it('prove nothing where there is no other', () => {
    const nothing = Object.fromEntries(rowNames.map((name) => [name, unproven(name)]))
    expect(verdictOf(proofOf(nothing))).toEqual({ kind: 'open' })
    expect(verdictOf(proofOf({ ...nothing, alone: done('alone') }))).toMatchObject({
      kind: 'partly',
      same: 1,
    })
  })
})
