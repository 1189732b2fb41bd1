import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Note, Said } from '../../reasoning/mode'
import {
  type Asking,
  after,
  begun,
  inPieces,
  isLossless,
  type ModeName,
  modeNames,
  recoveriesOf,
  rolesIn,
  type ShownToken,
} from './view'

const token = (piece = ''): ShownToken => ({ id: 1, by: 'a', gap: 1, piece })
const said = (id: number) => ({ kind: 'token', id, by: 'a', gap: 1, computeMs: 2, travelMs: 3 }) as const
const joined = (tokens: readonly ShownToken[]) => tokens.map(({ piece }) => piece).join('')
/** What an answer is after its text was each of these in turn, a token at a time. */
const grown = (...texts: string[]): Asking =>
  texts.reduce<Asking>((asking, text, at) => after(asking, said(at), text), begun(1, 'alone', 'x', 4))

describe('the pieces of a text', () => {
  it('are what each token has added', () => {
    expect(grown(' the', ' the sea', ' the sea').tokens.map(({ piece }) => piece)).toEqual([
      ' the',
      ' sea',
      '',
    ])
  })

  it('give a letter of two tokens to the second', () => {
    expect(grown('caf\uFFFD', 'café', 'café!').tokens.map(({ piece }) => piece)).toEqual(['caf', 'é', '!'])
  })

  it('lose what a stop word cuts off', () => {
    expect(grown(' one', ' one\n', ' one').tokens.map(({ piece }) => piece)).toEqual([' one', '', ''])
  })

  it('go with tokens that were wrong', () => {
    const { tokens, text } = after(grown(' a', ' a b', ' a b c'), { kind: 'retract', from: 5 }, ' a')
    expect([tokens.length, joined(tokens), text]).toEqual([1, ' a', ' a'])
  })

  it('together are always the text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\uFFFD'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), letters, (pieces, text) => {
        expect(joined(inPieces(pieces.map(token), text))).toBe(text)
      }),
      { seed: 3 },
    )
  })
})

describe('the weights', () => {
  it('are kept for a small picture: the newest 256', () => {
    const noted = (asking: Asking, weight: number) =>
      after(asking, {
        kind: 'note',
        note: { kind: 'weights', members: [{ id: 'a', weight, answered: true }] },
      })
    const asking = Array.from({ length: 300 }, (_, at) => at).reduce(noted, begun(1, 'ensemble', 'x', 4))
    expect(asking.pastWeights.map(([{ weight }]) => weight)).toEqual(
      Array.from({ length: 256 }, (_, at) => at + 44),
    )
    expect(asking.weights).toBe(asking.pastWeights.at(-1))
  })
})

const hear = (asking: Asking, one: Said): Asking => after(asking, one, 'a')
const noted = (asking: Asking, note: Note): Asking => hear(asking, { kind: 'note', note })
const judged = (accepted: number): Note => ({
  kind: 'judged',
  by: 'e',
  drafted: 2,
  accepted,
  refused: 'x',
  isHedged: false,
})

describe('judged guesses', () => {
  it('stand before the tokens that they led to, and go with those that were wrong', () => {
    const round: readonly Said[] = [{ kind: 'note', note: judged(1) }, said(1), said(2)]
    const whole = [...round, ...round, ...round].reduce(hear, begun(1, 'speculative', 'x', 4))
    const places = (asking: Asking) => asking.judged.map((one) => one.after)
    expect(places(whole)).toEqual([0, 2, 4])
    const retracted = hear(whole, { kind: 'retract', from: 7 })
    expect(retracted.tokens).toHaveLength(3)
    expect(places(retracted)).toEqual([0])
  })
})

describe('what happened', () => {
  it('is bounded, and no loss is forgotten for handovers', () => {
    let asking = noted(begun(1, 'multi-access', 'x', 4), { kind: 'lost', id: 'a', why: '', detectedMs: 1 })
    for (let round = 0; round < 300; round++) asking = noted(asking, { kind: 'handover', from: 'a', to: 'b' })
    expect([asking.incidents.length, recoveriesOf(asking)]).toEqual([100, 1])
  })
})

describe('the roles', () => {
  const roles = (mode: ModeName, ...ids: string[]) =>
    rolesIn({ mode, stages: ids.map((id) => ({ id, layers: [0, 1] })) }, 'me')
  it('are those of a pipeline, or of a device and its edges', () => {
    expect(roles('pipeline', 'me', 'a')).toEqual(['asker', 'stage'])
    expect(roles('split', 'me', 'a')).toEqual(['device', 'edge'])
    expect(roles('multi-access', 'me', 'a', 'b')).toEqual(['device', 'edge', 'edge'])
    expect(roles('speculative', 'me', 'me'), 'its own judge').toEqual(['device', 'edge'])
    expect(roles('split', 'a'), 'nothing of it here').toEqual(['edge'])
  })
})

describe('the promise to say what one tab would say', () => {
  it('is that of the mode, and broken by short rows', () => {
    const lossless = modeNames.filter((mode) => isLossless(mode, 'float32'))
    expect(lossless).toEqual(['alone', 'pipeline', 'speculative', 'split', 'multi-access'])
    expect([isLossless('split', 'float16'), isLossless('split', 'int8')]).toEqual([false, false])
  })
})
