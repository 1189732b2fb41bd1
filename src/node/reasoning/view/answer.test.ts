import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim, ModeName, Note, Said } from '../../../reasoning/mode'
import { begun, after as heard, recoveriesOf } from './answer'
import { inPieces } from './pieces'
import { type Asking, mayShow, type ShownToken, servedAfter } from './view'

const token = (piece = ''): ShownToken => ({ id: 1, by: ['a'], gap: 1, gains: [], piece })
const said = (id: number) => ({ kind: 'token', id, by: 'a', gap: 1, computeMs: 2, travelMs: 3 }) as const
const joined = (tokens: readonly ShownToken[]) => tokens.map(({ piece }) => piece).join('')
/** What an answer is after its text was each of these in turn, a token at a time. */
const grown = (...texts: string[]): Asking =>
  texts.reduce<Asking>((asking, text, at) => heard(asking, said(at), text), begun(1, 'alone', 'x', 4))

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
    const { tokens, text } = heard(grown(' a', ' a b', ' a b c'), { kind: 'retract', from: 5 }, ' a')
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

describe('who said a token', () => {
  const stages = (...ids: string[]) => ({
    kind: 'note' as const,
    note: {
      kind: 'stages' as const,
      stages: ids.map((id, at) => ({ id, layers: [at, at + 1] as const })),
      epoch: 0,
    },
  })

  it('are all whose layers it went through, and others after a replacement', () => {
    const before = heard(heard(begun(1, 'pipeline', 'x', 4), stages('me', 'b', 'b')), said(1), ' a')
    const { tokens } = heard(heard(before, stages('me', 'c')), said(2), ' a b')
    expect(tokens.map(({ by }) => by)).toEqual([
      ['me', 'b'],
      ['me', 'c'],
    ])
  })
})

describe('a text that was taken over', () => {
  const own = begun(1, 'alone', 'x', 4)
  const others = begun(2, 'pipeline', 'y', 4, true)
  it('is shown, but not in the place of an answer that its person waits for', () => {
    expect(mayShow(null, others)).toBe(true)
    expect(mayShow(own, others)).toBe(false)
    expect(mayShow({ ...own, isRunning: false }, others)).toBe(true)
    expect(mayShow(others, { ...own, session: 3 })).toBe(true)
  })
})

describe('those who asked this tab', () => {
  it('are shown by their newest names, and not by ever more of them', () => {
    let served = {}
    for (let nth = 0; nth < 1000; nth++) served = servedAfter(served, `Name ${nth % 500}`, 2)
    expect(Object.keys(served)).toHaveLength(32)
    expect(servedAfter({ Otter: 3 }, 'Otter', 2)).toEqual({ Otter: 5 })
  })
})

describe('the weights', () => {
  it('go with the tokens that were taken back', () => {
    const weighed = (asking: Asking, at: number) =>
      heard(
        heard(asking, {
          kind: 'note',
          note: { kind: 'weights', members: [{ id: 'a', weight: at, answered: true }] },
        }),
        said(at),
        'x'.repeat(at + 1),
      )
    const asking = [0, 1, 2, 3].reduce(weighed, begun(1, 'ensemble', 'x', 4))
    const { pastWeights } = heard(asking, { kind: 'retract', from: 5 }, 'x')
    expect(pastWeights.map(([{ weight }]) => weight)).toEqual([0])
  })

  it('are kept for a small picture: the newest 256', () => {
    const noted = (asking: Asking, weight: number) =>
      heard(asking, {
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

const hear = (asking: Asking, one: Said): Asking => heard(asking, one, 'a')
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
  it('are the words of whoever guessed or judged, not of all that are at work', () => {
    const stages = ['me', 'e'].map((id) => ({ id, layers: [0, 6] as const }))
    const speakers = (mode: 'speculative' | 'split') =>
      noted(begun(1, mode, 'x', 4), { kind: 'stages', stages, epoch: 0 })
    expect(hear(speakers('speculative'), said(1)).tokens[0].by).toEqual(['a'])
    expect(hear(speakers('split'), said(1)).tokens[0].by).toEqual(['me', 'e'])
  })

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

describe('a way that was chosen', () => {
  it('is how the text is made from there on: who is at work stands anew, and words are of who said them', () => {
    const chosen = (mode: ModeName, from: ModeName | null): Note => ({ kind: 'mode', mode, from, why: 'So.' })
    const stages = ['me', 'e'].map((id) => ({ id, layers: [0, 6] as const }))
    const handedOn = [chosen('pipeline', null), { kind: 'stages', stages, epoch: 0 } as const].reduce(
      noted,
      begun(1, 'auto', 'x', 4),
    )
    expect([handedOn.mode, handedOn.way]).toEqual(['auto', 'pipeline'])
    expect(hear(handedOn, said(1)).tokens[0].by).toEqual(['me', 'e'])
    const alone = noted(hear(handedOn, said(1)), chosen('alone', 'pipeline'))
    expect([alone.way, alone.stages]).toEqual(['alone', []])
    expect(hear(alone, said(2)).tokens[1].by).toEqual(['a'])
    expect(alone.incidents.map((one) => [one.kind, one.after])).toEqual([
      ['mode', 0],
      ['mode', 1],
    ])
  })
})

describe('views', () => {
  it('stand with the token that they were asked about', () => {
    const seen = (nats: number): Note => ({ kind: 'views', gains: [{ id: 'a', nats }] })
    const asking = [1, 2].reduce(
      (so, nats) => hear(noted(so, seen(nats)), said(nats)),
      begun(1, 'fusion', 'x', 4),
    )
    expect(asking.tokens.map(({ gains }) => gains)).toEqual([[{ id: 'a', nats: 1 }], [{ id: 'a', nats: 2 }]])
  })

  it('that are out of reach count as losses, and are not forgotten for contradictions', () => {
    const between = ['a', 'b'].map((id) => ({ id, word: id })) as [Claim, Claim]
    let asking = noted(begun(1, 'fusion', 'x', 4), { kind: 'unseen', id: 'a' })
    for (let word = 0; word < 200; word++)
      asking = noted(asking, { kind: 'contradiction', between, chosen: 'a' })
    expect([asking.incidents.length, recoveriesOf(asking)]).toEqual([100, 1])
  })
})
