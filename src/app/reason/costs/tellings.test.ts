import { describe, expect, it } from 'vitest'
import type { Incident } from '../../../node/reasoning/view/view'
import { en } from '../../words/en'
import { tellingsOf } from './tellings'

const lost = (id: string, after: number): Incident => ({
  kind: 'lost',
  id,
  why: 'gone',
  detectedMs: 94,
  after,
})
const recovered = (after: number): Incident => ({
  kind: 'recovered',
  milliseconds: 287,
  replayedTokens: 24,
  after,
})
const checked = (after: number): Incident => ({ kind: 'checked', id: 'a', by: 'b', after })

describe('what happened', () => {
  it('tells a loss and its recovery as one', () => {
    const [telling, ...more] = tellingsOf([lost('a', 7), recovered(7)])
    expect(telling).toMatchObject({
      kind: 'lost',
      id: 'a',
      after: 7,
      recovery: { milliseconds: 287, replayedTokens: 24 },
    })
    expect(more).toEqual([])
    expect(en.reason.recovered('Otter', 94, 287, 24)).toBe(
      'Otter was lost, noticed after 94 ms, replaced within 0.29 s, 24 tokens read again.',
    )
  })

  it('leaves a loss open until somebody has taken over, and closes all that were open then', () => {
    expect(tellingsOf([lost('a', 7)])).toMatchObject([{ recovery: null }])
    const twice = tellingsOf([lost('a', 3), recovered(3), lost('b', 7), lost('c', 7), recovered(9)])
    expect(twice.map((one) => one.kind === 'lost' && one.recovery !== null)).toEqual([true, true, true])
  })

  it('counts the same check instead of telling it again', () => {
    expect(tellingsOf([checked(9), lost('c', 10), checked(18)])).toMatchObject([
      { kind: 'checked', times: 2, after: 9 },
      { kind: 'lost' },
    ])
  })

  it('counts the same handover, and tells the way back apart', () => {
    const handover = (from: string, to: string, after: number): Incident => ({
      kind: 'handover',
      from,
      to,
      after,
    })
    expect(tellingsOf([handover('a', 'b', 2), handover('b', 'a', 4), handover('a', 'b', 6)])).toMatchObject([
      { kind: 'handover', to: 'b', times: 2, after: 2 },
      { kind: 'handover', to: 'a', times: 1, after: 4 },
    ])
    expect(en.reason.handover('Otter', 'Wren', 2)).toBe('Wren judges from here on, not Otter (2 times).')
  })

  it('tells of liars, of what was shipped, and of how sure one must be, as it is', () => {
    const others: Incident[] = [
      { kind: 'liar', id: 'a', after: 2 },
      { kind: 'shipped', bytes: 5, masses: 6, after: 0 },
      { kind: 'threshold', doubt: 0.4, offload: 0.3, risk: 0.03, compared: 1024, after: 0 },
    ]
    expect(tellingsOf(others)).toEqual(others)
  })
})
