import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Heap } from './heap'

const pages = (count: number) => count * 65536
const emptyHeap = (maximum = 1000) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum })
  return { memory, heap: new Heap(memory, 20) }
}

/** Sizes to allocate, and for each whether an earlier block, chosen by a number, is freed first. */
const steps = fc.array(fc.record({ bytes: fc.nat(300_000), freed: fc.option(fc.nat()) }), { maxLength: 60 })

describe('Heap', () => {
  it('never gives overlapping blocks, nor any outside the memory', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { memory, heap } = emptyHeap()
        const taken: { address: number; bytes: number }[] = []
        for (const { bytes, freed } of list) {
          if (freed !== null && taken.length > 0) heap.free(taken.splice(freed % taken.length, 1)[0].address)
          const address = heap.allocate(bytes)
          expect(address % 64).toBe(0)
          expect(address).toBeGreaterThanOrEqual(64)
          expect(address + bytes).toBeLessThanOrEqual(memory.buffer.byteLength)
          for (const other of taken)
            expect(address >= other.address + other.bytes || address + bytes <= other.address).toBe(true)
          taken.push({ address, bytes: Math.max(bytes, 1) })
        }
      }),
    )
  })

  it('is as good as new when everything is freed, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300_000), fc.nat()), { minLength: 1, maxLength: 30 }), (list) => {
        const { memory, heap } = emptyHeap()
        const blocks = list.map(([bytes, order]) => ({ address: heap.allocate(bytes), order }))
        for (const { address } of blocks.sort((one, other) => one.order - other.order)) heap.free(address)
        const { byteLength } = memory.buffer
        expect(heap.allocate(byteLength - 64)).toBe(64)
        expect(memory.buffer.byteLength).toBe(byteLength)
      }),
    )
  })

  it('grows no further than it must', () => {
    const { memory, heap } = emptyHeap()
    const first = heap.allocate(pages(2))
    expect(memory.buffer.byteLength).toBe(pages(3))
    heap.free(first)
    expect(heap.allocate(pages(3))).toBe(first)
    expect(memory.buffer.byteLength).toBe(pages(4))
  })

  it('says what to do when the memory is full, and keeps working', () => {
    const { heap } = emptyHeap(4)
    const kept = heap.allocate(pages(2))
    expect(() => heap.allocate(pages(3))).toThrow(/choose a smaller model or a smaller batch/)
    heap.free(kept)
    expect(heap.allocate(pages(3))).toBe(kept)
  })

  it('refuses to free what is not taken', () => {
    const { heap } = emptyHeap()
    const address = heap.allocate(10)
    heap.free(address)
    expect(() => heap.free(address)).toThrow(RangeError)
  })
})
