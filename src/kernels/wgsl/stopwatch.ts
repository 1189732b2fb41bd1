/**
 * How long a GPU takes for a compute pass. Timestamps measure the pass alone; browsers coarsen them to some 0.1 ms. Where a
 * device has none the wall clock stands in, which also counts how long it takes until the page hears that the work is done:
 * milliseconds, and they vary. Hence `leastMs`: what is worth believing.
 */
export interface Stopwatch {
  readonly leastMs: number
  durationMs(record: (pass: GPUComputePassEncoder) => void): Promise<number>
  dispose(): void
}

export const openStopwatch = (device: GPUDevice): Stopwatch =>
  device.features.has('timestamp-query') ? byTimestamps(device) : byWallClock(device)

function byTimestamps(device: GPUDevice): Stopwatch {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 })
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC
  const resolved = device.createBuffer({ size: 16, usage })
  const read = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 }
  return {
    leastMs: 2.5,
    async durationMs(record) {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass({ timestampWrites })
      record(pass)
      pass.end()
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0)
      encoder.copyBufferToBuffer(resolved, 0, read, 0, 16)
      device.queue.submit([encoder.finish()])
      await read.mapAsync(GPUMapMode.READ)
      const [begin, end] = new BigUint64Array(read.getMappedRange())
      read.unmap()
      return Math.max(0, Number(end - begin) / 1e6)
    },
    dispose() {
      querySet.destroy()
      for (const buffer of [resolved, read]) buffer.destroy()
    },
  }
}

function byWallClock(device: GPUDevice): Stopwatch {
  return {
    leastMs: 20,
    async durationMs(record) {
      const startedAtMs = performance.now()
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      record(pass)
      pass.end()
      device.queue.submit([encoder.finish()])
      await device.queue.onSubmittedWorkDone()
      return performance.now() - startedAtMs
    },
    dispose() {},
  }
}
