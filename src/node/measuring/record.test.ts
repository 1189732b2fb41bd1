import { describe, expect, it } from 'vitest'
import type { Report } from '../wire/messages'
import { type CompletedRound, type PartMeasured, recordOf } from './record'

const completed: CompletedRound = {
  round: 1,
  version: 1,
  seconds: 1,
  bytes: 1,
  parts: [],
  trained: new Map(),
  distortion: null,
  staleness: null,
  lanBytes: null,
  waits: true,
}
const measured = (general: PartMeasured['general'], sharedBy: number): PartMeasured => ({
  base: { loss: null, recall: null },
  probes: 0,
  unseenProbes: 0,
  merged: null,
  recall: null,
  unseen: null,
  general,
  sharedBy,
})
const generalOf = (...parts: PartMeasured[]) => recordOf(completed, parts, new Map()).record.general

it('of several shared adapters, each device’s counts the same in what the model still knows', () => {
  expect(generalOf(measured({ merged: 1.5, base: 1 }, 3), measured({ merged: 1.1, base: 1 }, 1))).toEqual({
    merged: expect.closeTo(1.4),
    base: 1,
  })
  expect(generalOf(measured({ merged: 1.5, base: 1 }, 3), measured(null, 5))).toEqual({
    merged: 1.5,
    base: 1,
  })
  expect(generalOf()).toBeNull()
  expect(generalOf(measured(null, 3))).toBeNull()
})

describe('of facts, what was not measured', () => {
  const asked: PartMeasured = {
    ...measured(null, 2),
    base: { loss: null, recall: 0 },
    probes: 4,
    recall: 0.75,
  }
  const report = (aloneRecall: number | null): Report => ({
    type: 'report',
    round: 1,
    alone: null,
    aloneRecall,
    own: null,
  })

  it('is no 0, neither of devices that do not train alone nor of wordings that nobody asked for', () => {
    expect(recordOf(completed, [asked], new Map()).record.recall).toEqual({
      merged: 0.75,
      alone: null,
      base: 0,
      unseen: null,
    })
  })

  it('is left out of the mean of those that have', () => {
    const reports = new Map([
      ['a', report(0.2)],
      ['b', report(null)],
    ])
    expect(recordOf(completed, [asked], reports).record.recall?.alone).toBeCloseTo(0.2)
  })
})
