import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import { massesOf } from '../../../model/masses'
import { mixtureLog, overResponders } from '../../core/laws/posterior'
import { usualLeastWeight, whomToAsk } from './attention'
import { beliefIn } from './believed'

/** The token that is said, and any other. */
const vocabulary = 2
const said = 0
const rows = 40
const tokensPerRow = 60

const thought = (log: number) => massesOf(Float32Array.of(log, Math.log(1 - Math.exp(log))), vocabulary)

/**
 * Rows of text of four subjects in turn, each known to one of four members: ln p of every token by each. The one that knows the
 * subject finds a token about five times as likely as the others, as adapters of `toy` do; now and then all are surprised.
 */
function losses(leastWeight: number): { readonly nats: number; readonly asked: number } {
  const { next } = random(5, 'attention')
  let [nats, asked, counted] = [0, 0, 0]
  let weights: readonly number[] | null = null
  for (let row = 0; row < rows; row++) {
    const belief = beliefIn(4, vocabulary, weights)
    const text: number[] = []
    let surprise = 0
    /** What each has not yet been asked about. */
    const pending = [0, 1, 2, 3].map((): number[] => [])
    for (let at = 1; at <= tokensPerRow; at++) {
      const hard = next() < 0.05 ? 3 : 0
      const logs = [0, 1, 2, 3].map((member) => -(member === row % 4 ? 0.5 : 2.1) - hard - 0.8 * next())
      const chosen = whomToAsk({ weights: belief.weights(text), surprise, length: at, leastWeight })
      const answered = chosen.map((isAsked, member) => member === 0 || isAsked)
      for (const [member, isAsked] of answered.entries())
        if (isAsked) {
          // It tells how it found the tokens meanwhile.
          belief.heard(member, text.length, thought(logs[member]), pending[member])
          pending[member] = []
        }
      surprise = -mixtureLog(overResponders(belief.weights(text), answered), logs)
      nats += surprise
      asked += answered.slice(1).filter(Boolean).length
      counted++
      for (const [member, log] of logs.entries()) if (!answered[member]) pending[member].push(log)
      text.push(said)
    }
    for (const member of [0, 1, 2, 3]) belief.heard(member, text.length, thought(-1), pending[member])
    weights = belief.weights(text).map(Math.exp)
  }
  return { nats: nats / counted, asked: asked / (3 * counted) }
}

describe('O9 asking only those that may know', () => {
  const [all, some] = [losses(0), losses(usualLeastWeight)]

  it('saves at least half of the questions to three others, for at most one per cent of perplexity', () => {
    expect(all.asked).toBe(1)
    expect(some.asked).toBeLessThan(0.5)
    expect(Math.exp(some.nats - all.nats)).toBeLessThan(1.01)
  })

  it('asks everybody about a new text, and after a surprise', () => {
    const moment = { weights: [0, -20, -20], surprise: 0, length: 40, leastWeight: usualLeastWeight }
    expect(whomToAsk(moment)).toEqual([true, false, false])
    expect(whomToAsk({ ...moment, length: 12 })).toEqual([true, true, true])
    expect(whomToAsk({ ...moment, surprise: 3.1 })).toEqual([true, true, true])
  })
})
