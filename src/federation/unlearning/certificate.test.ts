import { describe, expect, it } from 'vitest'
import { membershipAuc } from '../analysis/membership'
import { type Certificate, isForgotten, traceOf } from './certificate'

const certificate = (auc: number | null, change: Partial<Certificate> = {}): Certificate => ({
  room: 'ROOM',
  device: 'Otter',
  of: 'everything',
  unlearned: { kind: 'replayed', rounds: 3, steps: 12, retrainingSteps: 16, tookMs: 5 },
  versions: { before: 2, after: 6 },
  forgotten: { texts: 2, before: null, after: { loss: 2, auc } },
  kept: { before: 1, after: 1 },
  ...change,
})

describe('membership', () => {
  it('is told by losses as often as members lie below others; ties count half', () => {
    expect(membershipAuc([1, 2], [3, 4])).toBe(1)
    expect(membershipAuc([3, 4], [1, 2])).toBe(0)
    expect(membershipAuc([1, 3], [2, 3])).toBe(0.625)
    expect(traceOf([1, 3], [])).toEqual({ loss: 2, auc: null })
  })
})

describe('a certificate', () => {
  it('says that a text is forgotten where its loss tells nothing of it', () => {
    expect(isForgotten(certificate(0.51))).toBe(true)
    expect(isForgotten(certificate(0.9))).toBe(false)
    expect(isForgotten(certificate(null))).toBeNull()
    expect(isForgotten(certificate(null, { forgotten: null }))).toBeNull()
  })

  it('says so of what was never merged, and never of a room that kept no ledger', () => {
    expect(isForgotten(certificate(0.9, { unlearned: { kind: 'never-merged' } }))).toBe(true)
    expect(isForgotten(certificate(0.5, { unlearned: { kind: 'not-kept' } }))).toBe(false)
  })
})
