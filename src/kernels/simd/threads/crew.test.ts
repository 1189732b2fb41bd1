import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Simd } from '../functions'
import { Heap } from '../heap'
import { loadSimdInNode } from '../load'
import { mostPieces, nothingToDo, ownScratch, pieceOf, ticketOf } from './board'
import { Crew, HandLost, type StartHand } from './crew'
import { type SimdCall, writtenDown } from './cuts'
import { startHandInNode } from './inNode'
import { Bench, drawn } from './testing'

describe('a ticket', () => {
  it('is worth each piece once, and nothing afterwards', () => {
    const [call, pieces] = [1234, mostPieces]
    const worth = Array.from({ length: pieces + 100 }, (_, taken) => pieceOf(ticketOf(call, pieces) + taken))
    expect(worth.slice(0, pieces)).toEqual(Array.from({ length: pieces }, (_, piece) => ({ call, piece })))
    expect(worth.slice(pieces).every((each) => each === null)).toBe(true)
    expect(pieceOf(nothingToDo)).toBeNull()
  })
})

describe('a crew', () => {
  let crew: Crew
  let bench: Bench
  beforeAll(async () => {
    const module = await loadSimdInNode(true)
    bench = new Bench(module)
    crew = new Crew(module, bench.heap, startHandInNode, 3)
    crew.needScratch(2 ** 20)
  })
  afterAll(() => crew.dispose())

  /** y = gelu(x wᵀ), then z = y w, many times over: each call reads what those before it left. */
  function program(): { readonly calls: readonly SimdCall[]; readonly z: number } {
    const n = 160
    const [x, y, z] = ['x', 'y', 'z'].map((name) => bench.put(drawn(n * n, name)))
    const w = bench.put(drawn(n * n, 'w').map((value) => value / Math.sqrt(n)))
    const calls = writtenDown(bench.module.functions, (simd: Simd) => {
      for (let turn = 0; turn < 20; turn++) {
        simd.productNT(n, n, n, x, n, w, n, y, n, 1, 0, 0, 0, ownScratch)
        simd.gelu(y, y, n * n)
        simd.productNN(n, n, n, y, n, w, n, z, n, 1, 0, ownScratch)
        simd.productTN(n, n, n, z, n, w, n, x, n, 1, 0, ownScratch)
        simd.sumOfSquares(x, z, n)
      }
    })
    return { calls, z }
  }

  it('computes the same bits with any number of threads, run after run', () => {
    const results = [1, 2, 3, 2, 1].map((threads) => {
      const { calls, z } = program()
      const plan = crew.plan(calls)
      crew.threads = threads
      expect(crew.threads).toBe(threads)
      for (let run = 0; run < 20; run++) plan.run()
      plan.dispose()
      return new Uint32Array(bench.get(z, 160 * 160).buffer)
    })
    for (const result of results) expect(result).toEqual(results[0])
    expect(crew.helped).toBeGreaterThan(0)
  })

  it('goes on with more room for each thread, while plans wait', () => {
    const { calls } = program()
    const plan = crew.plan(calls)
    crew.threads = 3
    plan.run()
    crew.needScratch(2 ** 21)
    bench.heap.allocate(2 ** 26) // what is planned next lies where the memory has only just grown to
    const { calls: more } = program()
    const next = crew.plan(more)
    for (let run = 0; run < 5; run++) {
      plan.run()
      next.run()
    }
    plan.dispose()
    next.dispose()
  })

  // Half a minute of patience.
  if (process.env.GOSSAMER_FULL)
    it('says so where a thread takes a piece and never brings it back', async () => {
      const shared = await loadSimdInNode(true)
      const { module, heap } = new Bench(shared)
      const thief: StartHand = (start) => {
        const script = `const { memory, board } = require('node:worker_threads').workerData
          const words = new Int32Array(memory.buffer, board)
          while ((words[0] & 511) >= ((words[0] >>> 9) & 255)) Atomics.load(words, 0)
          Atomics.add(words, 0, 1)
          Atomics.wait(words, 63, 0)`
        const worker = new Worker(script, { eval: true, workerData: start })
        worker.unref()
        return { end: () => void worker.terminate() }
      }
      const robbed = new Crew(module, heap, thief, 2)
      robbed.needScratch(2 ** 20)
      const x = heap.allocate(4 * 300 ** 2)
      const plan = robbed.plan(
        writtenDown(module.functions, (simd) => {
          for (let turn = 0; turn < 1000; turn++)
            simd.productNN(300, 300, 300, x, 300, x, 300, x, 300, 1, 0, ownScratch)
        }),
      )
      robbed.threads = 2
      expect(() => plan.run()).toThrow(HandLost)
      robbed.dispose()
      expect(robbed.threads).toBe(1)
    })

  it('uses no room that it has given back, where there is none for more', async () => {
    const module = await loadSimdInNode()
    const heap = new Heap(module.memory, module.heapBase)
    let isFull = false
    const room = {
      allocate(bytes: number): number {
        if (isFull) throw new RangeError('full')
        return heap.allocate(bytes)
      },
      free: (address: number) => heap.free(address),
    }
    const small = new Crew(module, room, null, 1)
    small.needScratch(1024)
    isFull = true
    expect(() => small.needScratch(4096)).toThrow('full')
    // Freed twice it would throw, and might be somebody else's by then.
    expect(() => small.needScratch(4096)).toThrow('full')
    isFull = false
    expect(() => small.needScratch(1024)).not.toThrow()
  })

  it('is one thread where nobody may share its memory', async () => {
    const module = await loadSimdInNode()
    const alone = new Crew(module, new Heap(module.memory, module.heapBase), startHandInNode, 4)
    alone.threads = 4
    expect(alone.threads).toBe(1)
  })
})
