/**
 * Brings our SIMD functions (assembly/) to life. There are four binaries of one source: with relaxed SIMD a product and a
 * sum are one instruction where the processor has it, which some engines do not know yet; they take a plain one. Of both one has a
 * memory that threads share.
 */
import type { Simd } from './functions'

export interface SimdBinaries {
  /** simd.wasm, or simd-shared.wasm */
  readonly plain: BufferSource
  /** simd-relaxed.wasm, or simd-relaxed-shared.wasm; null to do without. */
  readonly relaxed: BufferSource | null
}

export interface SimdModule {
  readonly memory: WebAssembly.Memory
  readonly functions: Simd
  /** The first byte of the memory that is free to use. */
  readonly heapBase: number
  readonly relaxed: boolean
  /** What other threads start from, over the same memory; null where this one has it for itself. */
  readonly shared: WebAssembly.Module | null
}

/** An engine without WebAssembly SIMD: another machine must do the work. */
export class NoSimd extends Error {
  override name = 'NoSimd'
}

/**
 * Starts the fastest binary that this engine accepts, with a memory of its own. Throws `NoSimd` if it accepts none.
 * @param isShared these are the binaries whose memory threads share
 */
export async function loadSimd({ plain, relaxed }: SimdBinaries, isShared = false): Promise<SimdModule> {
  const chosen = [relaxed, plain].find((binary) => binary !== null && WebAssembly.validate(binary))
  if (!chosen)
    throw new NoSimd('This browser has no WebAssembly SIMD. Use a newer browser, or choose another backend.')
  const module = await WebAssembly.compile(chosen)
  const memory = new WebAssembly.Memory(
    isShared ? { initial: 1, maximum: mostPages, shared: true } : { initial: 1 },
  )
  const { heapBase, ...functions } = (await WebAssembly.instantiate(module, { env: { memory } })).exports
  return {
    memory,
    functions: functions as unknown as Simd, // build.test.ts holds all binaries to these signatures
    heapBase: (heapBase as WebAssembly.Global<'i32'>).value,
    relaxed: chosen === relaxed,
    shared: isShared ? module : null,
  }
}

/** As far as addresses of 32 bits reach. It is set apart, not taken. */
const mostPages = 65536

/** The same with the binaries beside this file, for Node. In a browser the caller fetches them. */
export async function loadSimdInNode(isShared = false): Promise<SimdModule> {
  const { readFile } = await import('node:fs/promises')
  const end = isShared ? '-shared.wasm' : '.wasm'
  const [plain, relaxed] = await Promise.all(
    [`simd${end}`, `simd-relaxed${end}`].map((name) => readFile(new URL(name, import.meta.url))),
  )
  return loadSimd({ plain, relaxed }, isShared)
}
