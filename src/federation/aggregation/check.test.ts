import { describe, expect, it } from 'vitest'
import { type Manifest, manifestComplaint, updateComplaint } from './check'
import { randomRound } from './rules/testing'

const manifest: Manifest = {
  baseHash: 'a'.repeat(64),
  config: { rank: 8, alpha: 16, targets: ['c_attn', 'c_fc'] },
  dtype: 'F32',
}
const { config } = manifest

describe('an update of another kind', () => {
  it.each([
    ['another base', { baseHash: 'b'.repeat(64) }, /another base model \(bbbbbbbb instead of aaaaaaaa\)/],
    ['another rank', { config: { ...config, rank: 4 } }, /rank is 4, and it was given rank 8/],
    ['another alpha', { config: { ...config, alpha: 8 } }, /alpha is 8 instead of 16/],
    [
      'other targets',
      { config: { ...config, targets: ['c_proj'] } },
      /adapts c_proj instead of c_attn, c_fc/,
    ],
    ['another type of number', { dtype: 'BF16' }, /BF16/],
  ])('with %s is refused', (_, change, complaint) => {
    expect(manifestComplaint(manifest, { ...manifest, ...change })).toMatch(complaint)
  })

  it('is not one that names its targets in another order', () => {
    const offered = { ...manifest, config: { ...config, targets: ['c_fc', 'c_attn'] } }
    expect(manifestComplaint(manifest, offered)).toBeNull()
  })
})

describe('an update of one factor', () => {
  const { current, updates } = randomRound(1, 1, undefined, { a: false, b: true })
  const { tensors } = current.adapter
  it('is complete where only that is trained', () => {
    expect(updateComplaint(tensors, updates[0].delta, 9, { a: false, b: true })).toBeNull()
    expect(updateComplaint(tensors, updates[0].delta, 9)).toMatch(/lora_A.weight is missing/)
  })

  it('is refused where the other one is trained', () => {
    expect(updateComplaint(tensors, updates[0].delta, 9, { a: true, b: false })).toMatch(
      /not trained in this round/,
    )
  })
})
