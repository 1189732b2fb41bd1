import { expect, test } from 'vitest'
import { computedReference } from './compare'
import { references } from './references'
import { shapes } from './shapes'

test('what is stored of the smallest shape is what the oracle says', () => {
  const { loss, nanogpt, firstId } = references.S0
  expect(computedReference(shapes.S0, 'loss')).toBeCloseTo(loss, 12)
  expect(computedReference(shapes.S0, 'nanogpt')).toBeCloseTo(nanogpt!, 12)
  expect(computedReference(shapes.S0, 'firstId')).toBe(firstId)
})
