/**
 * How long a GPU takes for compute passes that follow each other without a pause: it lowers its clocks when it has nothing
 * to do, so that what is measured after a pause says little. Timestamps measure each pass alone; browsers coarsen them to
 * some 0.1 ms. Where a device has none the wall clock stands in, which also counts how long it takes until the page hears
 * that the work is done: milliseconds, and they vary. Hence `leastMs`: what is worth believing.
 */
export interface Stopwatch {
  readonly leastMs: number
  durationsMs(passes: readonly RecordPass[]): Promise<readonly number[]>
  dispose(): void
}

export type RecordPass = (pass: GPUComputePassEncoder) => void

/** Of one measurement. */
const mostPasses = 256

export const openStopwatch = (device: GPUDevice): Stopwatch =>
  device.features.has('timestamp-query') ? byTimestamps(device) : byWallClock(device)

function byTimestamps(device: GPUDevice): Stopwatch {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * mostPasses })
  const size = 16 * mostPasses
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  })
  const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  return {
    leastMs: 2,
    async durationsMs(passes) {
      if (passes.length > mostPasses) throw new RangeError(`${passes.length} passes at once are too many.`)
      const commands = passes.map((record, index) => {
        const encoder = device.createCommandEncoder()
        const beginningOfPassWriteIndex = 2 * index
        const endOfPassWriteIndex = 2 * index + 1
        const pass = encoder.beginComputePass({
          timestampWrites: { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex },
        })
        record(pass)
        pass.end()
        return encoder.finish()
      })
      const encoder = device.createCommandEncoder()
      encoder.resolveQuerySet(querySet, 0, 2 * passes.length, resolved, 0)
      encoder.copyBufferToBuffer(resolved, 0, read, 0, 16 * passes.length)
      device.queue.submit([...commands, encoder.finish()])
      await read.mapAsync(GPUMapMode.READ)
      const times = new BigUint64Array(read.getMappedRange().slice(0))
      read.unmap()
      return passes.map((_, index) => Math.max(0, Number(times[2 * index + 1] - times[2 * index]) / 1e6))
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
    async durationsMs(passes) {
      const durations: number[] = []
      for (const record of passes) {
        const startedAtMs = performance.now()
        const encoder = device.createCommandEncoder()
        const pass = encoder.beginComputePass()
        record(pass)
        pass.end()
        device.queue.submit([encoder.finish()])
        await device.queue.onSubmittedWorkDone()
        durations.push(performance.now() - startedAtMs)
      }
      return durations
    },
    dispose() {},
  }
}
