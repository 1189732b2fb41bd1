/**
 * Counts what a peer asks of the GPU, by wrapping WebGPU's own methods before the peer is loaded: every library is
 * counted by the same hooks. A WebAssembly memory shows its size, not what is alive in it.
 */
export interface Counts {
  /** `dispatchWorkgroups` and its indirect form. */
  readonly dispatches: number
  readonly submits: number
  readonly buffers: number
  readonly bufferBytes: number
  readonly pipelines: number
  /** `mapAsync`: how often results were read back. */
  readonly maps: number
}

const zero: Counts = { dispatches: 0, submits: 0, buffers: 0, bufferBytes: 0, pipelines: 0, maps: 0 }

export interface Counters {
  /** All since the start. */
  total(): Counts
  /** Bytes of all GPU buffers that were created and not destroyed, and the most that this ever was. */
  gpuBytes(): { readonly live: number; readonly peak: number }
  /** Bytes of all WebAssembly memories. */
  wasmBytes(): number
}

export const difference = (later: Counts, earlier: Counts): Counts => {
  const result = { ...later } as Record<keyof Counts, number>
  for (const key of Object.keys(earlier) as (keyof Counts)[]) result[key] -= earlier[key]
  return result
}

/** Installs the hooks; what this realm does from now on is counted. */
export function installCounters(): Counters {
  const counts = { ...zero } as Record<keyof Counts, number>
  const alive = new Map<GPUBuffer, number>()
  let [live, peak] = [0, 0]

  if (typeof GPUDevice !== 'undefined') {
    tap(GPUComputePassEncoder.prototype, ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect'], () => {
      counts.dispatches++
    })
    tap(GPUQueue.prototype, ['submit'], () => void counts.submits++)
    tap(GPUBuffer.prototype, ['mapAsync'], () => void counts.maps++)
    tap(GPUDevice.prototype, ['createComputePipeline', 'createComputePipelineAsync'], () => {
      counts.pipelines++
    })
    tap(GPUDevice.prototype, ['createBuffer'], (buffer) => {
      const { size } = buffer as GPUBuffer
      counts.buffers++
      counts.bufferBytes += size
      alive.set(buffer as GPUBuffer, size)
      live += size
      peak = Math.max(peak, live)
    })
    tap(GPUBuffer.prototype, ['destroy'], (_, buffer) => {
      live -= alive.get(buffer as GPUBuffer) ?? 0
      alive.delete(buffer as GPUBuffer)
    })
  }
  const memories = watchMemories()
  return {
    total: () => ({ ...counts }),
    gpuBytes: () => ({ live, peak }),
    wasmBytes: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  }
}

type Method = (this: unknown, ...inputs: unknown[]) => unknown

/** Calls `note` with the result and the object after each call of the methods. */
function tap(
  prototype: object,
  names: readonly string[],
  note: (result: unknown, self: unknown) => void,
): void {
  const methods = prototype as Record<string, Method>
  for (const name of names) {
    const original = methods[name]
    methods[name] = function (...inputs) {
      const result = original.apply(this, inputs)
      note(result, this)
      return result
    }
  }
}

/** Every memory that is created here or exported by a module that is instantiated here. */
function watchMemories(): ReadonlySet<WebAssembly.Memory> {
  const memories = new Set<WebAssembly.Memory>()
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new target(descriptor)
      memories.add(memory)
      return memory
    },
  })
  const { instantiate } = WebAssembly
  const noteExports = (result: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource) => {
    const { exports } = 'instance' in result ? result.instance : result
    for (const value of Object.values(exports)) if (isMemory(value)) memories.add(value)
    return result
  }
  const watched = async (...inputs: Parameters<typeof instantiate>) =>
    noteExports(await instantiate(...inputs))
  WebAssembly.instantiate = watched as typeof instantiate
  const { instantiateStreaming } = WebAssembly
  WebAssembly.instantiateStreaming = (async (...inputs) =>
    noteExports(await instantiateStreaming(...inputs))) as typeof instantiateStreaming
  return memories
}

const isMemory = (value: unknown): value is WebAssembly.Memory => value instanceof WebAssembly.Memory
