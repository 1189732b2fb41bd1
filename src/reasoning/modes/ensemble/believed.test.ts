import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import { logProbabilityIn, type Masses, massesOf } from '../../../model/masses'
import { afterToken, evenWeights } from '../../core/laws/posterior'
import { beliefIn } from './believed'

const vocabulary = 12
const members = 3
const { next } = random(4)
const text = Array.from({ length: 9 }, () => Math.floor(vocabulary * next()))
/** What each member thinks of each token, by place. */
const thoughts: readonly (readonly Masses[])[] = Array.from({ length: members }, () =>
  text.map(() =>
    massesOf(
      Float32Array.from({ length: vocabulary }, () => 3 * next()),
      5,
    ),
  ),
)
const found = (member: number, at: number) => logProbabilityIn(thoughts[member][at], vocabulary, text[at])
const plain = (logs: readonly number[]) => logs.map((log) => Math.exp(log))

describe('what members are believed', () => {
  it('follows from every token, told one by one or all at once', () => {
    let expected = evenWeights(members)
    for (const at of text.keys())
      expected = afterToken(
        expected,
        thoughts.map((_, member) => found(member, at)),
      )
    const [oneByOne, atOnce] = [beliefIn(members, vocabulary), beliefIn(members, vocabulary)]
    for (const at of text.keys()) {
      for (let member = 0; member < members; member++) oneByOne.heard(member, at, thoughts[member][at], [])
      oneByOne.weights(text.slice(0, at))
    }
    for (let member = 0; member < members; member++) {
      atOnce.heard(member, 0, thoughts[member][0], [])
      const likelihoods = text.slice(1).map((_, index) => found(member, index + 1))
      atOnce.heard(member, text.length, thoughts[member][0], likelihoods)
    }
    for (const belief of [oneByOne, atOnce])
      plain(belief.weights(text)).forEach(
        (weight, member) => void expect(weight).toBeCloseTo(Math.exp(expected[member]), 9),
      )
  })

  it('of a member that says late what it found is nearly what it would have been', () => {
    const [timely, late] = [beliefIn(members, vocabulary), beliefIn(members, vocabulary)]
    for (const at of text.keys())
      for (let member = 0; member < members; member++) {
        timely.heard(member, at, thoughts[member][at], [])
        if (member < 2) late.heard(member, at, thoughts[member][at], [])
      }
    timely.weights(text)
    const meanwhile = plain(late.weights(text))
    expect(meanwhile[2]).toBeCloseTo(1 / 3, 1) // what is not known of it leaves it where it stood
    late.heard(
      2,
      text.length,
      thoughts[2][0],
      text.map((_, at) => found(2, at)),
    )
    plain(late.weights(text)).forEach(
      (weight, member) =>
        void expect(Math.abs(weight - plain(timely.weights(text))[member])).toBeLessThan(0.08),
    )
  })

  it('begins anew where a text was another, and stands still for a member that says nothing', () => {
    const belief = beliefIn(members, vocabulary, [2, 1, 1])
    expect(plain(belief.weights([]))[0]).toBeCloseTo(0.5, 9)
    belief.heard(0, 0, thoughts[0][0], [])
    belief.weights(text.slice(0, 1))
    belief.trim(0)
    expect(plain(belief.weights([]))).toEqual(plain(beliefIn(members, vocabulary, [2, 1, 1]).weights([])))
    expect(belief.opinions(0)).toEqual([null, null, null])
  })

  it('is doubted evenly', () => {
    const belief = beliefIn(2, vocabulary, [0.9, 0.1])
    belief.doubt([], 0.5)
    expect(plain(belief.weights([])).map((weight) => weight.toFixed(6))).toEqual(['0.700000', '0.300000'])
  })
})
