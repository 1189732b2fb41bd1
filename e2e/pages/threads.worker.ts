import { Heap } from '../../src/kernels/simd/heap'
import { loadSimd } from '../../src/kernels/simd/load'
import relaxed from '../../src/kernels/simd/simd-relaxed-shared.wasm?url'
import plain from '../../src/kernels/simd/simd-shared.wasm?url'
import { ownScratch } from '../../src/kernels/simd/threads/board'
import { Crew } from '../../src/kernels/simd/threads/crew'
import { writtenDown } from '../../src/kernels/simd/threads/cuts'
import { startHandInBrowser } from '../../src/kernels/simd/threads/inBrowser'
import { random } from '../../src/lib/rng'
import { ownCores, sharedCores } from '../../src/training/cores'

export interface Work {
  /** So many threads; `shared`: as many as the other tabs of this browser leave of two. */
  readonly threads: number | 'shared'
  readonly forMs: number
}

export interface Computed {
  /** The bits of what came out, the same after every run. */
  readonly bits: readonly number[]
  /** How many threads the last run had. */
  readonly threads: number
  /** How often the program ran. */
  readonly runs: number
  /** Pieces that other threads did. */
  readonly helped: number
  readonly isShared: boolean
}

const size = 256

self.onmessage = async ({ data: { threads, forMs } }: MessageEvent<Work>) => {
  const bytesOf = async (url: string) => (await fetch(url)).arrayBuffer()
  const module = await loadSimd({ plain: await bytesOf(plain), relaxed: await bytesOf(relaxed) }, true)
  const heap = new Heap(module.memory, module.heapBase)
  const places = { cores: 2, locks: navigator.locks, own: crypto.randomUUID(), startHand: startHandInBrowser }
  const cores = threads === 'shared' ? sharedCores(places) : ownCores(threads, startHandInBrowser)
  const crew = new Crew(module, heap, startHandInBrowser, cores.most)
  crew.needScratch(2 ** 20)
  const [x, w, y, z] = ['x', 'w', 'y', 'z'].map((name) => {
    const address = heap.allocate(4 * size ** 2)
    const draw = random(1, name)
    new Float32Array(module.memory.buffer, address, size ** 2).set(
      Float32Array.from({ length: size ** 2 }, () => draw.gaussian() / 16),
    )
    return address
  })
  const plan = crew.plan(
    writtenDown(module.functions, (simd) => {
      simd.productNT(size, size, size, x, size, w, size, y, size, 1, 0, 0, 0, ownScratch)
      simd.gelu(y, y, size ** 2)
      simd.productNN(size, size, size, y, size, w, size, z, size, 1, 0, ownScratch)
    }),
  )
  const until = performance.now() + forMs
  let runs = 0
  while (performance.now() < until) {
    crew.threads = cores.threads()
    plan.run()
    runs++
    await new Promise((resolve) => setTimeout(resolve))
  }
  const computed: Computed = {
    bits: Array.from(new Uint32Array(module.memory.buffer, z, size ** 2).slice()),
    threads: crew.threads,
    runs,
    helped: crew.helped,
    isShared: module.shared !== null && self.crossOriginIsolated,
  }
  crew.dispose()
  postMessage(computed)
}
