/** Numbers that a member says are added up and told to everybody: what they come to must still be a number that is understood. */
import { describe, expect, it } from 'vitest'
import { record } from './parts'
import { lanBytes } from './values'

const spoken = {
  round: 1,
  version: 1,
  seconds: 1,
  bytes: 1,
  heldOut: 1,
  train: 1,
  alone: 1,
  contributors: 1,
  trainByDevice: {},
  aloneByDevice: {},
  recall: null,
  distortion: null,
  staleness: null,
}

describe('what an edge says of the bytes between it and its devices', () => {
  it('is no more than a record can hold of all edges and their reloads together', () => {
    const most = 1e12
    expect(lanBytes.safeParse(most).success).toBe(true)
    for (const tooMuch of [most + 1, Number.MAX_SAFE_INTEGER])
      expect(lanBytes.safeParse(tooMuch).success).toBe(false)
    expect(record.safeParse({ ...spoken, lanBytes: 9_000 * most }).success).toBe(true)
    expect(record.safeParse({ ...spoken, lanBytes: 2 * Number.MAX_SAFE_INTEGER }).success).toBe(false)
  })
})
