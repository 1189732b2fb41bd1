/**
 * Where the time of a GPU goes: between `start` and `finish` every dispatch of this realm runs in a pass of its own with
 * timestamps around it. That takes a little longer than one pass for all, so a profile's milliseconds are not a step's.
 * Dawn coarsens timestamps to 65 µs unless it is told not to (`timestamp_quantization`), as browsers always do.
 */

/** All dispatches of one pipeline and grid. */
export interface ProfileRow {
  /** The pipeline's label: in Gossamer the kernel, and for a product its size and plan. */
  readonly label: string
  readonly groups: readonly [number, number, number]
  readonly dispatches: number
  readonly milliseconds: number
}

export interface Profiler {
  start(): void
  /** What ran since `start`, those that took longest first. */
  finish(): Promise<readonly ProfileRow[]>
}

/** A query set holds 4,096 timestamps at most. */
const mostDispatches = 2048

/** Installs the hooks; must come before a device is asked for. */
export function installProfiler(): Profiler {
  let device: GPUDevice | null = null
  let queries: GPUQuerySet | null = null
  let isOn = false
  const recorded: { readonly label: string; readonly groups: [number, number, number] }[] = []

  const { requestDevice } = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (descriptor = {}) {
    if (!this.features.has('timestamp-query')) throw new Error('This GPU has no timestamps to profile with.')
    const requiredFeatures: GPUFeatureName[] = [...(descriptor.requiredFeatures ?? []), 'timestamp-query']
    device = await requestDevice.call(this, { ...descriptor, requiredFeatures })
    queries = device.createQuerySet({ type: 'timestamp', count: 2 * mostDispatches })
    return device
  }

  const { beginComputePass } = GPUCommandEncoder.prototype
  GPUCommandEncoder.prototype.beginComputePass = function (descriptor) {
    if (!isOn) return beginComputePass.call(this, descriptor)
    let pipeline: GPUComputePipeline | null = null
    const bindGroups = new Map<number, GPUBindGroup>()
    const timed = (x: number, y = 1, z = 1): void => {
      const at = 2 * recorded.length
      if (at >= 2 * mostDispatches)
        throw new Error(`More than ${mostDispatches} dispatches: take fewer steps.`)
      const timestampWrites = {
        querySet: queries!,
        beginningOfPassWriteIndex: at,
        endOfPassWriteIndex: at + 1,
      }
      const pass = beginComputePass.call(this, { timestampWrites })
      pass.setPipeline(pipeline!)
      for (const [index, group] of bindGroups) pass.setBindGroup(index, group)
      pass.dispatchWorkgroups(x, y, z)
      pass.end()
      recorded.push({ label: pipeline!.label, groups: [x, y, z] })
    }
    const stand = {
      setPipeline: (chosen: GPUComputePipeline) => {
        pipeline = chosen
      },
      dispatchWorkgroups: timed,
      setBindGroup: (index: number, group: GPUBindGroup) => void bindGroups.set(index, group),
      end() {},
    }
    return stand as unknown as GPUComputePassEncoder // of its methods those that peers call
  }

  return {
    start() {
      recorded.length = 0
      isOn = true
    },
    async finish() {
      isOn = false
      if (recorded.length === 0) return []
      const times = await timesOf(device!, queries!, 2 * recorded.length)
      return rowsOf(
        recorded.map((one, index) => ({ ...one, milliseconds: times[2 * index + 1] - times[2 * index] })),
      )
    },
  }
}

/** Timestamps in milliseconds. */
async function timesOf(device: GPUDevice, queries: GPUQuerySet, count: number): Promise<number[]> {
  const size = 8 * count
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  })
  const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  encoder.resolveQuerySet(queries, 0, count, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, read, 0, size)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  const nanoseconds = new BigUint64Array(read.getMappedRange().slice(0))
  for (const buffer of [resolved, read]) buffer.destroy()
  return Array.from(nanoseconds, (time) => Number(time - nanoseconds[0]) / 1e6)
}

type Timed = Omit<ProfileRow, 'dispatches'>

function rowsOf(timed: readonly Timed[]): ProfileRow[] {
  const rows = new Map<string, ProfileRow>()
  for (const { label, groups, milliseconds } of timed) {
    const key = `${label} ${groups}`
    const { dispatches = 0, milliseconds: before = 0 } = rows.get(key) ?? {}
    rows.set(key, { label, groups, dispatches: dispatches + 1, milliseconds: before + milliseconds })
  }
  return [...rows.values()].sort((one, other) => other.milliseconds - one.milliseconds)
}
