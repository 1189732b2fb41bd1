import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asking, after, begun, inPieces, type ShownToken } from './view'

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
