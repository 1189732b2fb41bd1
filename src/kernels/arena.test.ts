import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planArena, programBytes } from './arena'
import type { Kernel } from './kernel'
import { type Operands, type Program, ProgramBuilder, rootOf, sizeOf, type Value } from './program'

/** Planning looks at shapes alone, so this kernel need not compute anything. */
const kernel = (inPlace: boolean): Kernel<Operands, { readonly y: Value }, number> => ({
  name: 'any',
  outputs: (_, size) => ({ y: { shape: [size], type: 'float32' } }),
  ...(inPlace ? { inPlace: { y: 'x' } } : {}),
  composite: () => ({ y: tf.tensor([]) }),
  shader: () => ({ code: '', bindings: [], groups: [1, 1, 1] }),
  simd: () => {},
})
const fresh = kernel(false)

describe('a plan of slots', () => {
  it('gives a chain of values two slots, whatever its length', () => {
    const p = new ProgramBuilder()
    let x: Value = p.input('x', [64])
    for (let line = 0; line < 20; line++) x = p.call(fresh, { x }, 64).y
    p.result('y', x)
    const plan = planArena(p.build('chain'))
    expect(plan.slots).toEqual([256, 256])
    expect(programBytes(p.build('chain'), plan)).toBe(3 * 256)
  })

  it('keeps what a backward pass comes back to', () => {
    const p = new ProgramBuilder()
    const kept: Value[] = [p.input('x', [64])]
    for (let line = 0; line < 5; line++) kept.push(p.call(fresh, { x: kept.at(-1) }, 64).y)
    let dy = p.call(fresh, { x: kept.at(-1) }, 64).y
    for (const x of kept.toReversed()) dy = p.call(fresh, { x, dy }, 64).y
    p.result('dy', dy)
    // Five kept, and two that alternate. The last of the five is free again when the second of the two is needed.
    expect(planArena(p.build('there and back')).slots.length).toBeLessThanOrEqual(7)
  })

  it('overwrites in place, and knows parts by their whole', () => {
    const p = new ProgramBuilder()
    const room = p.room([128])
    const x = p.input('x', [64])
    p.call(fresh, { x }, 64, { y: p.part(room, 0, [64]) })
    p.call(fresh, { x }, 64, { y: p.part(room, 64, [64]) })
    const { y } = p.call(kernel(true), { x: room }, 128)
    p.result('y', y)
    expect(planArena(p.build('in place')).slots).toEqual([512])
  })

  it('finds room for what a line needs beside its values', () => {
    const p = new ProgramBuilder()
    let x: Value = p.input('x', [64])
    for (let line = 0; line < 4; line++) x = p.call(fresh, { x }, 64).y
    p.result('y', x)
    const { slots, slotOf, ownSlotOf } = planArena(p.build('chain'), [0, 128, 0, 512])
    expect(slots).toEqual([512, 256, 256]) // the last line's room, and two values that alternate around it
    expect(slotOf.size).toBe(4)
    expect([...ownSlotOf.keys()]).toEqual([3, 1])
  })

  it('never gives one slot to two values that are needed at the same time', () => {
    const lines = fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.integer({ min: 1, max: 5 })), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(lines, (wishes) => {
        const p = new ProgramBuilder()
        const values: Value[] = [p.input('x', [1])]
        for (const [one, other, size] of wishes)
          values.push(
            p.call(fresh, { x: values[one % values.length], z: values[other % values.length] }, size).y,
          )
        p.result('y', values.at(-1)!)
        return isSound(p.build('random'))
      }),
    )
  })
})

/** Plays the program: every read must find the value that was written last into its slot. */
function isSound(program: Program): boolean {
  const { slots, slotOf } = planArena(program)
  const holder = new Map<number, number>()
  const holds = (value: Value): boolean => {
    const { root } = rootOf(value)
    return root.source.kind !== 'computed' || holder.get(slotOf.get(root.id)!) === root.id
  }
  for (const { inputs, outputs } of program.calls) {
    if (!Object.values(inputs).every((value) => !value || holds(value))) return false
    for (const value of Object.values(outputs)) {
      const { root } = rootOf(value!)
      if (slots[slotOf.get(root.id)!] < 4 * sizeOf(root)) return false
      holder.set(slotOf.get(root.id)!, root.id)
      if (Object.values(inputs).some((input) => input && !holds(input))) return false
    }
  }
  return [...program.results.values()].every(holds)
}

describe('parts', () => {
  it('lie inside their value and begin where a binding may', () => {
    const p = new ProgramBuilder()
    const x = p.input('x', [4, 64])
    expect(rootOf(p.part(p.rows(x, 1, 3), 64, [64]))).toEqual({ root: x, offset: 128 })
    expect(() => p.part(x, 3, [64])).toThrow(/multiple of 64/)
    expect(() => p.rows(x, 3, 5)).toThrow(/does not fit/)
    expect(() => p.input('x', [5])).toThrow(/already/)
  })
})
