/**
 * Brings our SIMD functions (assembly/) to life. There are two binaries of one source: with relaxed SIMD a product and a
 * sum are one instruction where the processor has it, which some engines do not know yet; they take the plain one.
 */
import type { Simd } from './functions'

export interface SimdBinaries {
  /** simd.wasm */
  readonly plain: BufferSource
  /** simd-relaxed.wasm, or null to do without. */
  readonly relaxed: BufferSource | null
}

export interface SimdModule {
  readonly memory: WebAssembly.Memory
  readonly functions: Simd
  /** The first byte of the memory that is free to use. */
  readonly heapBase: number
  readonly relaxed: boolean
}

/** An engine without WebAssembly SIMD: another machine must do the work. */
export class NoSimd extends Error {
  override name = 'NoSimd'
}

/** Starts the fastest binary that this engine accepts, with a memory of its own. Throws `NoSimd` if it accepts none. */
export async function loadSimd({ plain, relaxed }: SimdBinaries): Promise<SimdModule> {
  const chosen = [relaxed, plain].find((binary) => binary !== null && WebAssembly.validate(binary))
  if (!chosen)
    throw new NoSimd('This browser has no WebAssembly SIMD. Use a newer browser, or choose another backend.')
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { instance } = await WebAssembly.instantiate(chosen, { env: { memory } })
  const { heapBase, ...functions } = instance.exports
  return {
    memory,
    functions: functions as unknown as Simd, // build.test.ts holds both binaries to these signatures
    heapBase: (heapBase as WebAssembly.Global<'i32'>).value,
    relaxed: chosen === relaxed,
  }
}

/** The same with the binaries beside this file, for Node. In a browser the caller fetches them. */
export async function loadSimdInNode(): Promise<SimdModule> {
  const { readFile } = await import('node:fs/promises')
  const [plain, relaxed] = await Promise.all(
    ['simd.wasm', 'simd-relaxed.wasm'].map((name) => readFile(new URL(name, import.meta.url))),
  )
  return loadSimd({ plain, relaxed })
}
