import { describe, expect, it } from 'vitest'
import { begun } from '../view/answer'
import { closesAfter, type RowName, rowNames, type Surroundings, whomToClose, whyNot } from './rows'

const others = (...layers: number[]) =>
  layers.map((mostLayers, at) => ({ id: `t${at}`, mostLayers, fingerprint: 'a' }))
const around = (change: Partial<Surroundings>): Surroundings => ({
  self: 'self',
  layers: 6,
  mostLayers: 6,
  fingerprint: 'a',
  others: others(6, 6, 6),
  arriving: 0,
  lacks: () => null,
  ...change,
})
const why = (name: RowName, change: Partial<Surroundings>) => whyNot(name, around(change), 'yes')

describe('a row', () => {
  it('can run where there are tabs enough', () => {
    for (const name of rowNames) expect(why(name, {}), name).toBeNull()
  })

  it('is split over three tabs, of which the first keeps the words alone where there are two layers, or over two', () => {
    expect(why('split', { others: others(6) })).toEqual({ kind: 'tabs', there: 1, needed: 2 })
    expect(why('closed', { others: others(6, 0) })).toEqual({ kind: 'tabs', there: 1, needed: 2 })
    expect(why('split', { layers: 2, others: others(2) })).toEqual({ kind: 'tabs', there: 1, needed: 2 })
    expect(why('split', { layers: 2, others: others(2, 2) })).toBeNull()
    expect(why('split', { layers: 1, others: others(1) })).toBeNull()
  })

  it('needs somebody who judges, and a second one where the first is closed', () => {
    expect(why('judged', { others: others(3, 3) })).toEqual({ kind: 'judges', there: 0, needed: 1 })
    expect(why('switched', { others: others(6, 3) })).toEqual({ kind: 'judges', there: 1, needed: 2 })
  })

  it('closes tabs only where this tab may', () => {
    for (const name of rowNames) {
      const closes = name === 'closed' || name === 'switched'
      for (const right of ['coordinator-only', 'nobody'] as const)
        expect(whyNot(name, around({}), right)).toEqual(closes ? { kind: right } : null)
    }
  })

  it('says what its mode lacks', () => {
    const lacks = (mode: string) => (mode === 'alone' ? 'It may hold 3 of 6 layers.' : null)
    expect(why('alone', { lacks, mostLayers: 3 })).toEqual({
      kind: 'lacking',
      why: 'It may hold 3 of 6 layers.',
    })
    expect(why('split', { lacks, mostLayers: 3 })).toBeNull()
  })
})

describe('the middle of a sentence', () => {
  it('is after a third of the tokens, by count', () => {
    expect([2, 3, 8, 32].map(closesAfter)).toEqual([null, 1, 2, 10])
  })

  it('closes whoever holds the last layers that are not this tab’s, or judged last', () => {
    const asking = begun(1, 'pipeline', 'x', 1)
    const stages = ['self', 'a', 'b', 'self'].map((id) => ({ id, layers: [0, 1] as const }))
    expect(whomToClose('layers', { ...asking, stages }, 'self')).toBe('b')
    const judged = ['a', 'c'].map((by) => ({
      kind: 'judged' as const,
      by,
      drafted: 1,
      accepted: 1,
      refused: null,
      isHedged: false,
      after: 1,
    }))
    expect(whomToClose('judging', { ...asking, judged }, 'self')).toBe('c')
    expect(whomToClose('judging', { ...asking, judged: judged.slice(0, 1) }, 'a')).toBeNull()
  })
})
