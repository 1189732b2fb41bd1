import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import type { TensorMap } from '../../model/safetensors'
import { updateAttackNames, updateAttacks } from './attacks'

const of = (...values: number[]): TensorMap =>
  new Map([['w.lora_B.weight', { shape: [values.length, 1], data: Float32Array.from(values) }]])
const values = (update: TensorMap): number[] => [...update.get('w.lora_B.weight')!.data]
const length = (update: TensorMap): number => Math.hypot(...values(update))

const honest = of(1, -2, 3)
const lie = (name: (typeof updateAttackNames)[number], earlier: readonly TensorMap[] = [], from = honest) =>
  updateAttacks[name](from, { draw: random(1, 'lie'), earlier })

describe('what liars send', () => {
  it.each(updateAttackNames)(
    '%s has the names and shapes of an update, and leaves the honest one as it was',
    (name) => {
      const sent = lie(name, [of(2, 2, 2), of(4, 0, -1)])
      expect([...sent.keys()]).toEqual([...honest.keys()])
      expect(sent.get('w.lora_B.weight')!.shape).toEqual([3, 1])
      expect(values(sent).every(Number.isFinite)).toBe(true)
      expect(values(honest)).toEqual([1, -2, 3])
      expect(values(sent)).not.toEqual(values(honest))
    },
  )

  it('points the other way, or is far too long', () => {
    expect(values(lie('sign-flip'))).toEqual([-3, 6, -9])
    expect(values(lie('scaling'))).toEqual([10, -20, 30])
  })

  it('is noise of three times the length, the same from the same seed', () => {
    const long = of(...Array.from({ length: 4000 }, (_, at) => Math.sin(at)))
    const sent = lie('random', [], long)
    expect(length(sent) / length(long)).toBeCloseTo(3, 0)
    expect(sent).toEqual(lie('random', [], long))
  })

  it('is what was sent at first', () => {
    expect(lie('lazy')).toBe(honest)
    expect(values(lie('lazy', [of(7, 7, 7), of(8, 8, 8)]))).toEqual([7, 7, 7])
  })

  it('stays within what was usual, against what was learned', () => {
    // Of 1 and 3 the mean is 2, the deviation 1; of -2 and -2 there is none to hide in.
    expect(values(lie('a-little', [of(3, -2, 3)]))).toEqual([0.5, -2, 3])
  })
})
