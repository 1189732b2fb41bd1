import { expect, it } from 'vitest'
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
